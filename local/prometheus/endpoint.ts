import type { ProcessRecord } from "../daemon/end-process";
import { readEndpointRecord } from "../daemon/read-record";
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
  return readEndpointRecord<PrometheusEndpoint>(prometheusFiles(stateDir).endpoint, ["url", "token"]);
}

/** The server that the last keeper started, alive or not. */
export function readServerProcess(stateDir: string): ProcessRecord | undefined {
  return readEndpointRecord<ProcessRecord>(prometheusFiles(stateDir).server, []);
}
