import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import * as path from "node:path";
import { endProcess, gone } from "../daemon/end-process";
import { lockFolder } from "../daemon/folder-lock";
import { isAlive } from "../daemon/process-identity";
import { type StartError, spawnDaemon } from "../daemon/spawn-daemon";
import { type Progress, silentProgress } from "../progress";
import { UserError } from "../user-error";
import { type CloudEndpoint, callCloud, cloudFolder, endpointFile, readEndpoint } from "./endpoint";
import type { CloudSettings } from "./server/cloud";
import type { ActiveFault } from "./server/faults";
import type { DamagedFile } from "./server/files";
import { cloudVersion } from "./version";

export { clearFaults, listFaults, setCloudSettings, setFault } from "./control";
export type { CloudEndpoint } from "./endpoint";
export { readEndpoint } from "./endpoint";
export type { CloudSettings } from "./server/cloud";
export type { ActiveFault, Fault } from "./server/faults";

const START_MILLIS = 15_000;
const STOP_MILLIS = 5_000;

export interface StartOptions {
  /** Absolute. Everything of the cloud lies in `cloud/` below it, its log in `logs/cloud.log`. */
  stateDir: string;
  /** On the loopback address. @default - a free one */
  port?: number;
  progress?: Progress;
  /** Told what happens beyond the ordinary: a server replaced, a damaged file. @default - a line on stderr */
  onNotice?: (text: string) => void;
  /** How long a long-running operation takes, in milliseconds. @default 40 */
  operationMillis?: number;
  /** Gives up a start that is under way: no server is left by it. */
  signal?: AbortSignal | undefined;
}

export interface CloudStatus {
  running: boolean;
  stateDir: string;
  url?: string;
  pid?: number;
  version?: string;
  startedAt?: string;
  /** Number of resources by token. */
  resources?: Record<string, number>;
  /** Ids of soft-deleted ones. */
  deleted?: string[];
  operationsInProgress?: { id: string; kind: string; resourceId: string; stuck?: boolean }[];
  /** State files that could not be read when it started. */
  damaged?: DamagedFile[];
  faults?: ActiveFault[];
  residentBytes?: number;
  settings?: CloudSettings;
}

/**
 * The local cloud of this state: the one that runs, or a new one, detached so that it outlives the caller. Two callers
 * at once get the same. One of another build, one that hangs, and the traces of a dead one are replaced.
 * @throws UserError when the port is taken, the disk is full, or it does not come up within 15 s
 */
export async function startCloud(options: StartOptions): Promise<CloudEndpoint> {
  const { stateDir, port } = options;
  const running = await usable(stateDir, port);
  if (running !== undefined) return running;
  makeFolders(stateDir);
  return (options.progress ?? silentProgress).step("starting the local cloud", () => startNew(options));
}

async function startNew(options: StartOptions): Promise<CloudEndpoint> {
  const { stateDir, port } = options;
  const onNotice = options.onNotice ?? ((text: string) => process.stderr.write(`local cloud: ${text}\n`));
  const release = await lockFolder(cloudFolder(stateDir));
  try {
    const meanwhile = await usable(stateDir, port);
    if (meanwhile !== undefined) return meanwhile;
    await clearAway(stateDir, onNotice);
    const endpoint = await spawnServer(options);
    const { damaged } = (await callCloud(endpoint, "GET", "/_switchyard/status")) as CloudStatus;
    for (const file of damaged ?? []) {
      onNotice(
        `the state file ${file.path} could not be read (${file.reason}) and was moved to ${file.quarantined}; its resource is made anew by "switchyard up", or empty the cloud with "switchyard cloud reset"`,
      );
    }
    return endpoint;
  } finally {
    await release();
  }
}

function makeFolders(stateDir: string): void {
  try {
    mkdirSync(cloudFolder(stateDir), { recursive: true, mode: 0o700 });
    mkdirSync(path.join(stateDir, "logs"), { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UserError(`the state folder ${stateDir} cannot be written: ${(error as Error).message}`, {
      mend: "make it writable, or set SWITCHYARD_STATE_DIR to another folder",
      cause: error,
    });
  }
}

async function usable(stateDir: string, port: number | undefined): Promise<CloudEndpoint | undefined> {
  const endpoint = readEndpoint(stateDir);
  if (endpoint === undefined || !isAlive(endpoint.pid, endpoint.processStart)) return undefined;
  if (endpoint.version !== cloudVersion() || endpoint.stateDir !== stateDir) return undefined;
  if (!(await answers(endpoint))) return undefined;
  if (port !== undefined && new URL(endpoint.url).port !== String(port)) {
    throw new UserError(`the local cloud of ${stateDir} runs already, at ${endpoint.url}`, {
      mend: "switchyard cloud stop, or leave out --port",
    });
  }
  return endpoint;
}

/** Whether the process that holds the port is the one that wrote the file: it must know the token and say the pid. */
async function answers(endpoint: CloudEndpoint): Promise<boolean> {
  try {
    const health = (await callCloud(endpoint, "GET", "/_switchyard/health", undefined, 2000)) as {
      pid?: number;
    };
    return health.pid === endpoint.pid;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** Ends the old server if there is one; the process of somebody else that has its pid by now is left alone. */
async function clearAway(stateDir: string, onNotice: (text: string) => void): Promise<void> {
  const endpoint = readEndpoint(stateDir);
  if (endpoint !== undefined && isAlive(endpoint.pid, endpoint.processStart)) {
    onNotice?.(
      `the local cloud (process ${endpoint.pid}) is of another build or does not answer; it is replaced`,
    );
    await endServer(endpoint);
  }
  rmSync(endpointFile(stateDir), { force: true });
}

async function endServer(endpoint: CloudEndpoint): Promise<void> {
  await callCloud(endpoint, "POST", "/_switchyard/stop", undefined, 2000).catch((error: unknown) => {
    if (!(error instanceof UserError)) throw error;
  });
  if (await gone(endpoint, STOP_MILLIS)) return;
  await endProcess(endpoint, "the local cloud", 2000);
}

async function spawnServer(options: StartOptions): Promise<CloudEndpoint> {
  const { stateDir, port, operationMillis } = options;
  const logFile = path.join(stateDir, "logs", "cloud.log");
  const argv = ["--state-dir", stateDir];
  if (port !== undefined) argv.push("--port", String(port));
  if (operationMillis !== undefined) argv.push("--operation-millis", String(operationMillis));
  const report = await spawnDaemon<CloudEndpoint>({
    entry: path.join(__dirname, "main.js"),
    argv,
    cwd: stateDir,
    logFile,
    timeoutMilliseconds: START_MILLIS,
    signal: options.signal,
  });
  if (report.endpoint !== undefined) return report.endpoint;
  throw startError(report.error, port, logFile);
}

function startError(error: StartError | undefined, port: number | undefined, logFile: string): UserError {
  if (error?.code === "EADDRINUSE") {
    return new UserError(`port ${port} on 127.0.0.1 is in use by another process`, {
      mend: "name another --port, or leave it out for a free one",
    });
  }
  if (error?.code === "EACCES" && port !== undefined && port < 1024) {
    return new UserError(`port ${port} needs rights that this user has not`, {
      mend: "name a port from 1024 on",
    });
  }
  return new UserError(`the local cloud did not start: ${error?.message ?? "no reason given"}`, {
    mend:
      error?.code === "DISK_FULL"
        ? "free some space there, or set SWITCHYARD_STATE_DIR to a folder on another disk"
        : `its log is ${logFile}`,
  });
}

/** Stops it; its state stays. @returns whether one ran */
export async function stopCloud({ stateDir }: { stateDir: string }): Promise<boolean> {
  const endpoint = readEndpoint(stateDir);
  const runs = endpoint !== undefined && isAlive(endpoint.pid, endpoint.processStart);
  if (runs) await endServer(endpoint);
  rmSync(endpointFile(stateDir), { force: true });
  return runs;
}

/** Whether it runs and what it holds. Without secrets. */
export async function cloudStatus({ stateDir }: { stateDir: string }): Promise<CloudStatus> {
  const endpoint = readEndpoint(stateDir);
  if (endpoint === undefined || !(await answers(endpoint))) return { running: false, stateDir };
  const status = (await callCloud(endpoint, "GET", "/_switchyard/status")) as CloudStatus;
  return { ...status, running: true, stateDir, url: endpoint.url };
}

/**
 * Stops it and throws away everything in it; nothing else of the state folder.
 * @throws UserError while the dev stack's state still holds resources, unless forced
 */
export async function resetCloud({
  stateDir,
  force = false,
}: {
  stateDir: string;
  force?: boolean;
}): Promise<void> {
  const held = force ? 0 : heldByStack(stateDir);
  if (held > 0) {
    throw new UserError(
      `the dev stack's state still names ${held} resources of the local cloud and its cluster`,
      {
        mend: "destroy the stack first (pulumi destroy --stack dev), or use --force and then refresh",
      },
    );
  }
  await stopCloud({ stateDir });
  rmSync(cloudFolder(stateDir), { recursive: true, force: true });
}

function heldByStack(stateDir: string): number {
  const file = path.join(stateDir, "backend", ".pulumi", "stacks", "switchyard", "dev.json");
  if (!existsSync(file)) return 0;
  return readFileSync(file, "utf8").match(/"type":\s*"(azure-native|kubernetes):/g)?.length ?? 0;
}
