import { existsSync, mkdirSync, rmSync } from "node:fs";
import * as path from "node:path";
import { buildVersion } from "../daemon/build-version";
import { endProcess, lives } from "../daemon/end-process";
import { lockFolder } from "../daemon/folder-lock";
import { type StartError, spawnDaemon } from "../daemon/spawn-daemon";
import { type Progress, silentProgress } from "../progress";
import { UserError } from "../user-error";
import { ApiClient } from "./api-client";
import { type ClusterEndpoint, readClusterEndpoint, readParts } from "./endpoint";
import { readAccess } from "./kubeconfig";
import type { ControlPlaneBinaries } from "./parts";
import { type ClusterFiles, clusterFiles } from "./paths";
import { throwDataAway } from "./start-failure";
import type { SupervisorOptions } from "./supervisor";

export { type ClusterEndpoint, readClusterEndpoint } from "./endpoint";
export { type ClusterStatus, clusterStatus } from "./status";

const startMilliseconds = 100_000;
const stopMilliseconds = 12_000;
const answerMilliseconds = 3_000;
/** A running cluster whose certificates end within this time is started anew, which makes new ones. */
const renewBeforeMilliseconds = 7 * 24 * 3600 * 1000;

export interface StartClusterOptions {
  /** Absolute. Everything of the cluster lies in `cluster/` below it, its logs in `logs/cluster*.log`. */
  readonly stateDir: string;
  readonly binaries: ControlPlaneBinaries;
  /** File with a JSON array of custom resource definitions. */
  readonly customResources: string;
  /** Port of the API server. @default - the one of the last start, or a free one */
  readonly apiPort?: number;
  /** Folder that `ensureSeed` gave: spares a cluster without data most of its first start. @default - nothing */
  readonly seed?: string;
  /** Nobody binds or runs pods. @default false */
  readonly withoutKubelet?: boolean;
  readonly progress?: Progress;
  /** Told what happens beyond the ordinary. @default - a line on stderr */
  readonly onNotice?: (text: string) => void;
  /** Gives up a start that is under way: nothing is left running by it. */
  readonly signal?: AbortSignal | undefined;
}

/**
 * The cluster of this state: the one that runs, or a new one, detached so that it outlives the caller. Two callers at
 * once get the same. One of another build, one that does not answer, one whose certificates end soon, and what a dead
 * supervisor left running are replaced; data stays.
 *
 * @throws UserError when a port is taken, the disk is full, a binary is missing, or it does not come up
 */
export async function startCluster(options: StartClusterOptions): Promise<ClusterEndpoint> {
  const running = await usable(options);
  if (running !== undefined) return running;
  const files = clusterFiles(options.stateDir);
  makeFolders(files, options.stateDir);
  return (options.progress ?? silentProgress).step("starting the local cluster", async () => {
    const release = await lockFolder(files.folder);
    try {
      const meanwhile = await usable(options);
      if (meanwhile !== undefined) return meanwhile;
      await clearAway(options);
      return await spawnSupervisor(options, files);
    } finally {
      await release();
    }
  });
}

function makeFolders(files: ClusterFiles, stateDir: string): void {
  try {
    for (const folder of [files.folder, files.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  } catch (error) {
    throw new UserError(`the state folder ${stateDir} cannot be written: ${(error as Error).message}`, {
      mend: "make it writable, or set SWITCHYARD_STATE_DIR to another folder",
      cause: error,
    });
  }
}

async function usable(options: StartClusterOptions): Promise<ClusterEndpoint | undefined> {
  const endpoint = readClusterEndpoint(options.stateDir);
  if (endpoint === undefined || !lives(endpoint) || endpoint.stateDir !== options.stateDir) return undefined;
  if (endpoint.version !== buildVersion(__dirname)) return undefined;
  if (JSON.stringify(endpoint.binaries) !== JSON.stringify(options.binaries)) return undefined;
  if (endpoint.customResources !== options.customResources) return undefined;
  if (Date.parse(endpoint.certificatesExpireAt) - Date.now() < renewBeforeMilliseconds) return undefined;
  if (!(await answers(endpoint))) return undefined;
  const { apiPort } = options;
  if (apiPort !== undefined && new URL(endpoint.server).port !== String(apiPort)) {
    throw new UserError(`the local cluster of ${options.stateDir} runs already, at ${endpoint.server}`, {
      mend: "switchyard cloud stop, or leave out --cluster-port",
    });
  }
  return endpoint;
}

/** Whether the API server answers; one that is just being started again after a crash gets a moment. */
async function answers(endpoint: ClusterEndpoint): Promise<boolean> {
  const deadline = Date.now() + answerMilliseconds;
  let api: ApiClient;
  try {
    api = new ApiClient(readAccess(endpoint.kubeconfig));
  } catch {
    return false; // the kubeconfig is gone or cut off
  }
  try {
    do {
      try {
        await api.call("GET", "/readyz", { timeoutMilliseconds: 1_000 });
        return true;
      } catch {
        await new Promise((resolve) => setTimeout(resolve, 100));
      }
    } while (Date.now() < deadline);
    return false;
  } finally {
    await api.close();
  }
}

/** Ends the old supervisor and, when that one was killed, the processes that it left. */
async function clearAway({ stateDir, onNotice = stderrNotice }: StartClusterOptions): Promise<void> {
  const endpoint = readClusterEndpoint(stateDir);
  const left = readParts(clusterFiles(stateDir)).filter(lives);
  if (endpoint !== undefined && lives(endpoint)) {
    onNotice(
      `the local cluster (process ${endpoint.pid}) is of another build or does not answer; it is replaced`,
    );
  } else if (left.length > 0) {
    const which = left.map(({ name, pid }) => `${name} (${pid})`).join(", ");
    onNotice(`the supervisor of the local cluster was killed and left ${which}; they are replaced`);
  }
  await endAll(stateDir);
}

function stderrNotice(text: string): void {
  process.stderr.write(`local cluster: ${text}\n`);
}

/** @returns whether anything ran */
async function endAll(stateDir: string): Promise<boolean> {
  const files = clusterFiles(stateDir);
  const endpoint = readClusterEndpoint(stateDir);
  let ran = false;
  if (endpoint !== undefined && lives(endpoint)) {
    ran = true;
    await endProcess(endpoint, "the local cluster", stopMilliseconds);
  }
  // In the order of a stop: what writes goes before what keeps.
  for (const part of readParts(files).filter(lives).reverse()) {
    ran = true;
    await endProcess(part, part.name, stopMilliseconds);
  }
  for (const file of [files.endpoint, files.parts, files.kubelet]) rmSync(file, { force: true });
  return ran;
}

async function spawnSupervisor(options: StartClusterOptions, files: ClusterFiles): Promise<ClusterEndpoint> {
  const { stateDir, binaries, customResources, apiPort, seed, withoutKubelet } = options;
  const input: SupervisorOptions = { stateDir, binaries, customResources, apiPort, seed, withoutKubelet };
  const report = await spawnDaemon<ClusterEndpoint>({
    entry: path.join(__dirname, "main.js"),
    argv: ["--options", JSON.stringify(input)],
    cwd: files.folder,
    logFile: files.supervisorLog,
    timeoutMilliseconds: startMilliseconds,
    signal: options.signal,
  }).catch(async (reason: unknown) => {
    await endAll(stateDir);
    throw reason;
  });
  if (report.endpoint !== undefined) return report.endpoint;
  await endAll(stateDir);
  throw startError(report.error, files, apiPort);
}

function startError(
  error: StartError | undefined,
  files: ClusterFiles,
  apiPort: number | undefined,
): UserError {
  const message = `the local cluster did not start: ${error?.message ?? "no reason given"}`;
  const mends: Record<string, string> = {
    DISK_FULL: `free about 1 GB on the disk of ${files.folder}, or set SWITCHYARD_STATE_DIR to a folder on another one`,
    EADDRINUSE:
      apiPort === undefined
        ? "run the same command again: other free ports are chosen"
        : "name another --cluster-port, or leave it out for a free one",
    DATABASE_FULL: throwDataAway,
    DAMAGED: throwDataAway,
    ENOENT: "fetch what is missing: switchyard toolchain install",
    EACCES: `make ${files.folder} and what is in it yours`,
  };
  return new UserError(message, {
    mend: mends[error?.code ?? ""] ?? `its logs are ${files.logs}/cluster*.log`,
  });
}

/** Stops it; its data stays. A start that is under way is waited for. @returns whether anything of it ran */
export async function stopCluster({ stateDir }: { readonly stateDir: string }): Promise<boolean> {
  const { folder } = clusterFiles(stateDir);
  if (!existsSync(folder)) return false;
  const release = await lockFolder(folder);
  try {
    return await endAll(stateDir);
  } finally {
    await release();
  }
}

/** Stops it and throws away everything in it; nothing else of the state folder. */
export async function resetCluster({ stateDir }: { readonly stateDir: string }): Promise<void> {
  await stopCluster({ stateDir });
  rmSync(clusterFiles(stateDir).folder, { recursive: true, force: true });
}
