import { type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import type { Children } from "./children";
import type { PackAhead } from "./pack-ahead";
import { passOutput } from "./pass-output";
import type { ProgramAhead, StartedProgram } from "./program-ahead";
import { locatePulumiModule, PulumiModuleMissing } from "./pulumi-module";
import { runtimeOptions } from "./runtime-options";

/** The SDK has told the user already what went wrong (`cmd/run`): the engine adds nothing. */
const alreadyExplained = 32;

/** Where programs and plugins run, beside what the engine's requests say of them. */
export interface ProgramHost {
  readonly children: Children;
  /** Where a program logs to. */
  engineAddress: string;
  readonly environment: NodeJS.ProcessEnv;
  /** Whether the engine started this host, and reads what its children print. */
  readonly isEngines: boolean;
  /** A compiled program that is loaded already. */
  readonly programAhead?: ProgramAhead;
  /** A compiled policy pack that is started already. */
  readonly packAhead?: PackAhead;
}

/**
 * Runs a Pulumi program to its end; its output goes to the engine. A program that fails is an answer with `error` or
 * `bail`, not a failed call.
 *
 * @param onStart Called with the program's process
 */
export async function runProgram(
  request: RunRequest,
  host: ProgramHost,
  onStart: (child: StartedProgram["child"]) => void = () => {},
): Promise<RunResponse> {
  const info = request.getInfo();
  const folder = info?.getProgramDirectory() || request.getPwd();
  const response = new RunResponse();
  if (request.getAttachDebugger()) {
    return response.setError(
      "This language host cannot attach a debugger: set runtime.options.nodeargs to --inspect-brk instead.",
    );
  }
  let script: string;
  try {
    script = locatePulumiModule("run", folder);
  } catch (error) {
    if (error instanceof PulumiModuleMissing) return response.setError(error.message);
    throw error;
  }
  const { child, ended } = start(request, host, script, folder);
  onStart(child);
  const { code, signal } = await ended;
  if (code === 0) return response;
  if (code === alreadyExplained) return response.setBail(true);
  return response.setError(
    code === null
      ? `The program was ended by ${signal}.`
      : `The program ended with exit code ${code}; its output above says why.`,
  );
}

function start(request: RunRequest, host: ProgramHost, script: string, folder: string): StartedProgram {
  const info = request.getInfo();
  const { nodeArguments, typescript } = runtimeOptions(info);
  const entry = info?.getEntryPoint() || request.getProgram() || ".";
  const argv = [script, ...programFlags(request, host.engineAddress), entry, ...request.getArgsList()];
  const environment = programEnvironment(request, host);
  // Flags can only be given to a process that is started with them.
  const isPlain = nodeArguments.length === 0 && !typescript;
  const started =
    (isPlain ? host.programAhead?.run(argv, environment) : undefined) ??
    host.children.start([...nodeArguments, ...argv], {
      cwd: request.getPwd() || folder,
      env: environment,
      stdio: host.isEngines ? ["ignore", "inherit", "inherit"] : ["ignore", "pipe", "pipe"],
    });
  if (host.isEngines) return started;
  const told = passOutput(started.child, host.engineAddress);
  return { ...started, ended: started.ended.then((ending) => told.then(() => ending)) };
}

function programFlags(request: RunRequest, engineAddress: string): string[] {
  const flags = [
    `--monitor=${request.getMonitorAddress()}`,
    `--engine=${engineAddress}`,
    `--project=${request.getProject()}`,
    `--stack=${request.getStack()}`,
    `--pwd=${request.getPwd()}`,
    `--parallel=${request.getParallel()}`,
  ];
  if (request.getOrganization()) flags.push(`--organization=${request.getOrganization()}`);
  const root = request.getInfo()?.getRootDirectory();
  if (root) flags.push(`--root-directory=${root}`);
  if (request.getDryrun()) flags.push("--dry-run=true");
  return flags;
}

function programEnvironment(request: RunRequest, host: ProgramHost): NodeJS.ProcessEnv {
  const options = runtimeOptions(request.getInfo());
  const config = Object.fromEntries(
    request
      .getConfigMap()
      .toArray()
      .map(([key, value]: [string, string]) => [key, value]),
  );
  return {
    ...host.environment,
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript),
    ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}
