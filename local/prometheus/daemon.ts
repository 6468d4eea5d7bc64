import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { request } from "undici";
import { readClusterEndpoint } from "../cluster/endpoint";
import { buildVersion } from "../daemon/build-version";
import { endProcess, lives } from "../daemon/end-process";
import { lockFolder } from "../daemon/folder-lock";
import { spawnDaemon } from "../daemon/spawn-daemon";
import { type Progress, silentProgress } from "../progress";
import { textDigest } from "../toolchain/file-digest";
import { UserError } from "../user-error";
import { type PrometheusEndpoint, readPrometheusEndpoint, readServerProcess } from "./endpoint";
import type { MainInput } from "./main";
import { type PrometheusFiles, prometheusFiles } from "./paths";

export { type PrometheusEndpoint, readPrometheusEndpoint } from "./endpoint";

const startMilliseconds = 140_000;
const stopMilliseconds = 8_000;
const answerMilliseconds = 2_000;
const usualIntervalSeconds = 15;

export interface StartPrometheusOptions {
  /** Absolute. Everything lies in `prometheus/` below it, its logs in `logs/prometheus*.log`. */
  readonly stateDir: string;
  /** Executable of Prometheus, 2.40 or later. */
  readonly binary: string;
  /** Rule files by name, without ending, as Prometheus reads them. @default - no rules */
  readonly rules?: ReadonlyMap<string, string>;
  /** How often everything is scraped, and rules are looked at that do not say. @default 15 */
  readonly scrapeSeconds?: number;
  readonly progress?: Progress;
  readonly signal?: AbortSignal | undefined;
}

/**
 * The Prometheus of this state, which scrapes what PodMonitors of the local cluster name: the one that runs, or a new
 * one, detached. One of another build, with other rules or another interval is replaced; what it has seen stays.
 *
 * @throws UserError without a running cluster, or when it does not come up
 */
export async function startPrometheus(options: StartPrometheusOptions): Promise<PrometheusEndpoint> {
  const { stateDir, progress = silentProgress } = options;
  const input = mainInput(options);
  const running = await usable(input);
  if (running !== undefined) return running;
  const files = prometheusFiles(stateDir);
  for (const folder of [files.folder, files.logs]) mkdirSync(folder, { recursive: true, mode: 0o700 });
  return progress.step("starting the local Prometheus", async () => {
    const release = await lockFolder(files.folder);
    try {
      const meanwhile = await usable(input);
      if (meanwhile !== undefined) return meanwhile;
      await endAll(stateDir);
      writeRules(files, options.rules);
      return await spawnKeeper(input, files, options.signal);
    } finally {
      await release();
    }
  });
}

function mainInput({ stateDir, binary, rules, scrapeSeconds }: StartPrometheusOptions): MainInput {
  const cluster = readClusterEndpoint(stateDir);
  if (cluster === undefined || !lives(cluster)) {
    throw new UserError("the local cluster does not run, so that there is nothing to scrape", {
      mend: "npx switchyard cloud start; a cluster of your own (switchyard:kubeconfig) has a Prometheus of its own or none",
    });
  }
  const intervalMilliseconds = Math.round((scrapeSeconds ?? usualIntervalSeconds) * 1000);
  if (!(intervalMilliseconds >= 100))
    throw new Error(`a scrape each ${scrapeSeconds} s is not possible: 0.1 s is the shortest`);
  const times = { intervalMilliseconds, evaluationMilliseconds: intervalMilliseconds };
  const digest = textDigest(cluster.kubeconfig, JSON.stringify(times), ...[...(rules ?? [])].flat());
  return { stateDir, binary, kubeconfig: cluster.kubeconfig, ...times, digest };
}

async function usable({ stateDir, binary, digest }: MainInput): Promise<PrometheusEndpoint | undefined> {
  const endpoint = readPrometheusEndpoint(stateDir);
  if (endpoint === undefined || !lives(endpoint) || endpoint.stateDir !== stateDir) return undefined;
  if (endpoint.version !== buildVersion(__dirname) || endpoint.binary !== binary) return undefined;
  return endpoint.digest === digest && (await answers(endpoint)) ? endpoint : undefined;
}

async function answers({ url, token }: PrometheusEndpoint): Promise<boolean> {
  try {
    const { statusCode, body } = await request(`${url}/api/v1/status/buildinfo`, {
      headers: { authorization: `Bearer ${token}` },
      signal: AbortSignal.timeout(answerMilliseconds),
    });
    await body.dump();
    return statusCode === 200;
  } catch {
    return false;
  }
}

function writeRules(
  { rules: folder }: PrometheusFiles,
  rules: ReadonlyMap<string, string> = new Map(),
): void {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  for (const name of readdirSync(folder)) rmSync(join(folder, name));
  for (const [name, text] of rules) writeFileSync(join(folder, `${name}.yaml`), text, { mode: 0o600 });
}

async function spawnKeeper(
  input: MainInput,
  files: PrometheusFiles,
  signal: AbortSignal | undefined,
): Promise<PrometheusEndpoint> {
  const report = await spawnDaemon<PrometheusEndpoint>({
    entry: join(__dirname, "main.js"),
    argv: ["--options", JSON.stringify(input)],
    cwd: files.folder,
    logFile: files.log,
    timeoutMilliseconds: startMilliseconds,
    signal,
  }).catch(async (reason: unknown) => {
    await endAll(input.stateDir);
    throw reason;
  });
  if (report.endpoint !== undefined) return report.endpoint;
  await endAll(input.stateDir);
  throw new UserError(`the local Prometheus did not start: ${report.error?.message ?? "no reason given"}`, {
    mend:
      report.error?.code === "DISK_FULL"
        ? `free some space on the disk of ${files.folder}`
        : `its logs are ${files.logs}/prometheus*.log; what it has seen is in ${files.data} and may be removed`,
  });
}

/** @returns whether anything ran */
async function endAll(stateDir: string): Promise<boolean> {
  const files = prometheusFiles(stateDir);
  let ran = false;
  for (const [what, record] of [
    ["the keeper of the local Prometheus", readPrometheusEndpoint(stateDir)],
    ["the local Prometheus", readServerProcess(stateDir)],
  ] as const) {
    if (record === undefined || !lives(record)) continue;
    ran = true;
    await endProcess(record, what, stopMilliseconds);
  }
  for (const file of [files.endpoint, files.server]) rmSync(file, { force: true });
  return ran;
}

/** Stops it; what it has seen stays. @returns whether it ran */
export async function stopPrometheus({ stateDir }: { readonly stateDir: string }): Promise<boolean> {
  const { folder } = prometheusFiles(stateDir);
  if (!existsSync(folder)) return false;
  const release = await lockFolder(folder);
  try {
    return await endAll(stateDir);
  } finally {
    await release();
  }
}

/** Stops it and throws away what it has seen. */
export async function resetPrometheus({ stateDir }: { readonly stateDir: string }): Promise<void> {
  await stopPrometheus({ stateDir });
  rmSync(prometheusFiles(stateDir).folder, { recursive: true, force: true });
}

export interface PrometheusStatus {
  readonly running: boolean;
  readonly url?: string;
  readonly pid?: number;
  readonly startedAt?: string;
}

/** Undefined when this state has never had one. Without secrets. */
export function prometheusStatus(stateDir: string): PrometheusStatus | undefined {
  if (!existsSync(prometheusFiles(stateDir).folder)) return undefined;
  const endpoint = readPrometheusEndpoint(stateDir);
  if (endpoint === undefined || !lives(endpoint)) return { running: false };
  const { url, pid, startedAt } = endpoint;
  return { running: true, url, pid, startedAt };
}
