import { type RunRequest, RunResponse } from "@pulumi/pulumi/proto/language_pb";
import type { Children } from "./children";
import { locatePulumiModule, PulumiModuleMissing } from "./pulumi-module";
import { runtimeOptions } from "./runtime-options";

/** The SDK has told the user already what went wrong (`cmd/run`): the engine adds nothing. */
const alreadyExplained = 32;

/**
 * Runs a Pulumi program to its end; its output goes straight to the engine. A program that fails is an answer with
 * `error` or `bail`, not a failed call.
 *
 * @param engineAddress Where the program logs to
 */
export async function runProgram(
  request: RunRequest,
  engineAddress: string,
  children: Children,
): Promise<RunResponse> {
  const info = request.getInfo();
  const options = runtimeOptions(info);
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
  const entry = info?.getEntryPoint() || request.getProgram() || ".";
  const argv = [...options.nodeArguments, script, ...programFlags(request, engineAddress), entry];
  const { ended } = children.start([...argv, ...request.getArgsList()], {
    cwd: request.getPwd() || folder,
    env: programEnvironment(request),
    stdio: ["ignore", "inherit", "inherit"],
  });
  const { code, signal } = await ended;
  if (code === 0) return response;
  if (code === alreadyExplained) return response.setBail(true);
  return response.setError(
    code === null
      ? `The program was ended by ${signal}.`
      : `The program ended with exit code ${code}; its output above says why.`,
  );
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

function programEnvironment(request: RunRequest): NodeJS.ProcessEnv {
  const options = runtimeOptions(request.getInfo());
  const config = Object.fromEntries(
    request
      .getConfigMap()
      .toArray()
      .map(([key, value]: [string, string]) => [key, value]),
  );
  return {
    ...process.env,
    PULUMI_CONFIG: JSON.stringify(config),
    PULUMI_CONFIG_SECRET_KEYS: JSON.stringify(request.getConfigsecretkeysList()),
    PULUMI_NODEJS_TYPESCRIPT: String(options.typescript),
    ...(options.tsconfig === undefined ? {} : { PULUMI_NODEJS_TSCONFIG_PATH: options.tsconfig }),
  };
}
