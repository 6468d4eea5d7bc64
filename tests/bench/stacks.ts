import { createHash } from "node:crypto";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { backendFolder } from "../../cli/engine/environment";
import { checkpointFile } from "../../cli/engine/file-stack";
import { prepareLocalStack } from "../../cli/engine/local-stack";
import { offlineStackConfig } from "../../cli/engine/offline-stack";
import { sideBySideDiffs } from "../../cli/engine/operation";
import { runPulumi } from "../../cli/engine/pulumi";
import { type EngineSession, prepareEngine } from "../../cli/engine/session";
import type { Workspace } from "../../cli/workspace";
import { clusterStatus } from "../../local/cluster/daemon";
import { silentProgress } from "../../local/progress";
import { runCliProcess } from "../support/cli";
import { repository, TestProject } from "../support/project";
import { inTurn, residentMegabytes, type Spread, seconds } from "./measure";

/** As Pulumi runs a program by itself: without the CLI's measures (cli/engine/lean-sdk.ts) and cheap registration. */
export const ordinary = { NODE_OPTIONS: "" } as const;
const plain = { ...ordinary, SWITCHYARD_PLAIN_REGISTRATION: "1" } as const;

/** The empty program's preview: by it the figures that are wanted in seconds are set to the speed of the machine. */
export const emptyProgram = "empty program, 3 resources";

export interface ProductionFigures {
  readonly resources: number;
  readonly times: Readonly<Record<string, Spread>>;
  /** How many different texts as many runs printed; 1 is wanted. */
  readonly runs: number;
  readonly differentOutputs: number;
}

/** The offline preview of production with all systems: by the command, by the engine alone, and as a plain program. */
export async function measureProduction(rounds: number, runs: number): Promise<ProductionFigures> {
  const empty = await TestProject.create({ program: "tests/bench/programs/empty.js" });
  const stateDir = newStateDir();
  try {
    must((await empty.up()).exitCode);
    const stack = "production";
    const command = () =>
      runCliProcess(["preview", "--stack", stack, "--offline", "--format", "json"], stateDir);
    const first = await command();
    must(first.code);
    const { resources } = JSON.parse(first.stdout) as { resources: readonly unknown[] };
    const engine = await offlineEngine(stateDir, stack);
    const times = await inTurn(rounds, {
      [emptyProgram]: () => previewEmpty(empty),
      "plain program, with pack": () => engine(plain, true),
      "engine, with pack": () => engine({}, true),
      "engine, without pack": () => engine({}, false),
      "switchyard preview": async () => must((await command()).code),
    });
    const outputs = new Set<string>();
    for (let run = 0; run < runs; run++) outputs.add(digest((await command()).stdout));
    return { resources: resources.length, times, runs, differentOutputs: outputs.size };
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
    await empty.remove();
  }
}

async function previewEmpty(empty: TestProject): Promise<void> {
  must((await empty.pulumi(["preview"], ordinary)).exitCode);
}

export interface WholeDevFigures {
  readonly resources: number;
  readonly firstUpSeconds: number;
  readonly times: Readonly<Record<string, Spread>>;
  readonly cloudMegabytes: number;
  readonly clusterMegabytes: number;
  readonly clusterReadySeconds: number;
}

/** The dev stack with every system on cloud and cluster. */
export async function measureWholeDev(rounds: number): Promise<WholeDevFigures> {
  const empty = await TestProject.create({ program: "tests/bench/programs/empty.js" });
  const stateDir = newStateDir();
  try {
    must((await empty.up()).exitCode);
    const command = async (...argv: string[]) => must((await runCliProcess(argv, stateDir)).code);
    const firstUpSeconds = await seconds(() => command("up"));
    const state = checkpointFile(backendFolder(workspaceAt(stateDir)), "dev");
    const engine = await devEngine(stateDir);
    const times = await inTurn(rounds, {
      [emptyProgram]: () => previewEmpty(empty),
      "engine, preview of dev with pack": engine,
      "switchyard preview of dev": () => command("preview"),
      "npm start, nothing to do": () => command("up"),
      "switchyard check of dev": () => command("check"),
    });
    const cluster = await clusterStatus({ stateDir });
    const endpoint = JSON.parse(readFileSync(join(stateDir, "cluster", "endpoint.json"), "utf8"));
    const cloud = JSON.parse(readFileSync(join(stateDir, "cloud", "endpoint.json"), "utf8"));
    return {
      resources: (readFileSync(state, "utf8").match(/"urn": ?"/g) ?? []).length,
      firstUpSeconds,
      times,
      cloudMegabytes: residentMegabytes(cloud.pid),
      clusterMegabytes: (cluster?.residentBytes ?? 0) / 2 ** 20,
      clusterReadySeconds: endpoint.readyMilliseconds / 1000,
    };
  } finally {
    await runCliProcess(["cloud", "stop"], stateDir);
    rmSync(stateDir, { recursive: true, force: true });
    await empty.remove();
  }
}

/** The engine's preview of dev as `switchyard preview` has it made, without what the command does around it. */
async function devEngine(stateDir: string): Promise<() => Promise<void>> {
  const workspace = workspaceAt(stateDir);
  const signal = new AbortController().signal;
  const { session } = await prepareLocalStack({ workspace, progress: silentProgress, signal });
  const argv = ["preview", "--stack", "dev", "--non-interactive", "--policy-pack", workspace.policyPack];
  return () => runEngine(session, argv, sideBySideDiffs);
}

async function runEngine(
  session: EngineSession,
  argv: readonly string[],
  environment: Readonly<Record<string, string>>,
): Promise<void> {
  const result = await runPulumi(argv, {
    command: session.toolchain.pulumi,
    cwd: repository,
    environment: { ...session.environment, ...environment },
    logFile: session.logFile,
  });
  must(result.exitCode);
}

async function offlineEngine(stateDir: string, stack: string) {
  const workspace = workspaceAt(stateDir);
  const signal = new AbortController().signal;
  const preparing = { workspace, progress: silentProgress, signal };
  const session = await prepareEngine({ ...preparing, mode: { kind: "offline", stack } });
  const configFile = await offlineStackConfig(session, stack);
  return async (environment: Readonly<Record<string, string>>, withPack: boolean) => {
    const pack = withPack ? ["--policy-pack", workspace.policyPack] : [];
    const argv = ["preview", "--stack", stack, "--non-interactive", "--config-file", configFile, ...pack];
    await runEngine(session, argv, environment);
  };
}

function workspaceAt(stateDir: string): Workspace {
  return {
    root: repository,
    dist: join(repository, "dist"),
    policyPack: join(repository, "policies"),
    stateDir,
  };
}

function newStateDir(): string {
  const parent = join(repository, ".build", "states");
  mkdirSync(parent, { recursive: true });
  return mkdtempSync(join(parent, "b-"));
}

function digest(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}

function must(exitCode: number | null): void {
  if (exitCode !== 0) throw new Error(`a measured command failed with exit code ${exitCode}`);
}
