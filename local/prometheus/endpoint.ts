import { existsSync, readFileSync } from "node:fs";
import type { ProcessRecord } from "../daemon/end-process";
import { prometheusFiles } from "./paths";

/** The Prometheus that runs for a state folder. Kept in `prometheus/endpoint.json` (0600). */
export interface PrometheusEndpoint extends ProcessRecord {
  /** `http://127.0.0.1:PORT`: the questions of its HTTP API, no more. */
  readonly url: string;
  /** Bearer token, made anew at each start. */
  readonly token: string;
  readonly stateDir: string;
  readonly startedAt: string;
  /** The build of the keeper, what it runs, and how. */
  readonly version: string;
  readonly binary: string;
  /** Of rules, times and cluster: another one needs another start. */
  readonly digest: string;
}

/** Undefined when there is none, or its file was cut off. */
export function readPrometheusEndpoint(stateDir: string): PrometheusEndpoint | undefined {
  const value = readRecord<Partial<PrometheusEndpoint>>(prometheusFiles(stateDir).endpoint);
  const whole =
    typeof value?.pid === "number" &&
    [value.processStart, value.url, value.token].every((part) => typeof part === "string");
  return whole ? (value as PrometheusEndpoint) : undefined;
}

/** The server that the last keeper started, alive or not. */
export function readServerProcess(stateDir: string): ProcessRecord | undefined {
  const value = readRecord<Partial<ProcessRecord>>(prometheusFiles(stateDir).server);
  return typeof value?.pid === "number" && typeof value.processStart === "string"
    ? (value as ProcessRecord)
    : undefined;
}

function readRecord<T>(file: string): T | undefined {
  if (!existsSync(file)) return undefined;
  try {
    return (JSON.parse(readFileSync(file, "utf8")) ?? undefined) as T | undefined;
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
}
