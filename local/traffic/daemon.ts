import { mkdirSync, rmSync } from "node:fs";
import { join } from "node:path";
import { endProcess, gone, lives } from "../daemon/end-process";
import { lockFolder } from "../daemon/folder-lock";
import { spawnDaemon } from "../daemon/spawn-daemon";
import { type Progress, silentProgress } from "../progress";
import { UserError } from "../user-error";
import {
  callTraffic,
  readTrafficEndpoint,
  type TrafficEndpoint,
  trafficEndpointFile,
  trafficFolder,
} from "./endpoint";
import type { HostFault, NewHostFault } from "./front/host-faults";
import { trafficVersion } from "./version";

export { readTrafficEndpoint, type TrafficEndpoint } from "./endpoint";

const startMilliseconds = 15_000;
const stopMilliseconds = 3_000;

export interface StartTrafficOptions {
  /** Absolute. Everything of the front lies in `traffic/` below it, its log in `logs/traffic.log`. */
  readonly stateDir: string;
  /** On the loopback address. @default - a free one */
  readonly port?: number;
  readonly progress?: Progress;
  /** Gives up a start that is under way: nothing is left running by it. */
  readonly signal?: AbortSignal | undefined;
}

export interface TrafficStatus {
  readonly running: boolean;
  readonly url?: string;
  readonly pid?: number;
  readonly startedAt?: string;
  readonly residentBytes?: number;
  readonly sites?: readonly { role: string; hosts: readonly string[]; digest: string | null }[];
  readonly routes?: number;
  readonly faults?: readonly HostFault[];
}

/**
 * The front of this state: the one that runs, or a new one, detached so that it outlives the caller. One of another
 * build and one that does not answer are replaced. It waits for nothing: cloud and cluster may come later.
 *
 * @throws UserError when it does not come up
 */
export async function startTraffic(options: StartTrafficOptions): Promise<TrafficEndpoint> {
  const { stateDir } = options;
  const running = await usable(stateDir);
  if (running !== undefined) return running;
  for (const folder of [trafficFolder(stateDir), join(stateDir, "logs")]) {
    mkdirSync(folder, { recursive: true, mode: 0o700 });
  }
  return (options.progress ?? silentProgress).step("starting the front of dev", async () => {
    const release = await lockFolder(trafficFolder(stateDir));
    try {
      const meanwhile = await usable(stateDir);
      if (meanwhile !== undefined) return meanwhile;
      await stopTraffic({ stateDir });
      return await spawnFront(options);
    } finally {
      await release();
    }
  });
}

async function spawnFront({ stateDir, port, signal }: StartTrafficOptions): Promise<TrafficEndpoint> {
  const logFile = join(stateDir, "logs", "traffic.log");
  const report = await spawnDaemon<TrafficEndpoint>({
    entry: join(__dirname, "main.js"),
    argv: ["--state-dir", stateDir, ...(port === undefined ? [] : ["--port", String(port)])],
    cwd: stateDir,
    logFile,
    timeoutMilliseconds: startMilliseconds,
    signal,
  });
  if (report.endpoint !== undefined) return report.endpoint;
  throw new UserError(`the front of dev did not start: ${report.error?.message ?? "no reason given"}`, {
    mend:
      report.error?.code === "DISK_FULL"
        ? "free some space there, or set SWITCHYARD_STATE_DIR to a folder on another disk"
        : `its log is ${logFile}`,
  });
}

async function usable(stateDir: string): Promise<TrafficEndpoint | undefined> {
  const endpoint = readTrafficEndpoint(stateDir);
  if (endpoint === undefined || !lives(endpoint)) return undefined;
  if (endpoint.version !== trafficVersion() || endpoint.stateDir !== stateDir) return undefined;
  return (await health(endpoint)) ? endpoint : undefined;
}

/** Whether the process that holds the port is the one that wrote the file. */
async function health(endpoint: TrafficEndpoint): Promise<boolean> {
  try {
    const answer = await callTraffic(endpoint, "GET", "/_switchyard/health", undefined, 2_000);
    return (answer as { pid?: number }).pid === endpoint.pid;
  } catch (error) {
    if (error instanceof UserError) return false;
    throw error;
  }
}

/** Stops it; deployed packages stay. @returns whether one ran */
export async function stopTraffic({ stateDir }: { stateDir: string }): Promise<boolean> {
  const endpoint = readTrafficEndpoint(stateDir);
  const runs = endpoint !== undefined && lives(endpoint);
  if (runs) {
    await callTraffic(endpoint, "POST", "/_switchyard/stop", undefined, 2_000).catch((error: unknown) => {
      if (!(error instanceof UserError)) throw error;
    });
    if (!(await gone(endpoint, stopMilliseconds))) await endProcess(endpoint, "the front of dev", 2_000);
  }
  rmSync(trafficEndpointFile(stateDir), { force: true });
  return runs;
}

/** Stops it and throws away what was deployed. */
export async function resetTraffic({ stateDir }: { stateDir: string }): Promise<void> {
  await stopTraffic({ stateDir });
  rmSync(trafficFolder(stateDir), { recursive: true, force: true });
}

export async function trafficStatus({ stateDir }: { stateDir: string }): Promise<TrafficStatus> {
  const endpoint = readTrafficEndpoint(stateDir);
  if (endpoint === undefined || !lives(endpoint) || !(await health(endpoint))) return { running: false };
  const status = (await callTraffic(endpoint, "GET", "/_switchyard/status")) as TrafficStatus;
  return { ...status, running: true, url: endpoint.url };
}

export async function setHostFault(stateDir: string, fault: NewHostFault): Promise<HostFault> {
  return (await callTraffic(runningFront(stateDir), "POST", "/_switchyard/faults", fault)) as HostFault;
}

/** @param value null for no data points */
export async function setGauge(
  stateDir: string,
  gauge: { resourceId: string; metric: string; value: number | null },
): Promise<void> {
  await callTraffic(runningFront(stateDir), "POST", "/_switchyard/gauges", gauge);
}

/** None when no front runs. */
export async function hostFaults(stateDir: string): Promise<readonly HostFault[]> {
  return (await trafficStatus({ stateDir })).faults ?? [];
}

/** @returns how many were cleared; 0 when no front runs */
export async function clearHostFaults(stateDir: string): Promise<number> {
  if (!(await trafficStatus({ stateDir })).running) return 0;
  const answer = await callTraffic(runningFront(stateDir), "DELETE", "/_switchyard/faults");
  return (answer as { cleared: number }).cleared;
}

function runningFront(stateDir: string): TrafficEndpoint {
  const endpoint = readTrafficEndpoint(stateDir);
  if (endpoint !== undefined) return endpoint;
  throw new UserError("The front of dev is not running.", { mend: "Start it: npx switchyard cloud start" });
}
