import * as path from "node:path";
import { askDaemon } from "../daemon/ask-daemon";
import { readEndpointRecord } from "../daemon/read-record";

/** Where the local cloud answers, and with which token. Held in `cloud/endpoint.json` (0600). */
export interface CloudEndpoint {
  /** `http://127.0.0.1:PORT` */
  url: string;
  /** Bearer token, made anew at each start. */
  token: string;
  pid: number;
  /** Start of the process as the system says it: with the pid it names one process for good. */
  processStart: string;
  startedAt: string;
  version: string;
  stateDir: string;
}

export function cloudFolder(stateDir: string): string {
  return path.join(stateDir, "cloud");
}

export function endpointFile(stateDir: string): string {
  return path.join(cloudFolder(stateDir), "endpoint.json");
}

/** The endpoint that was last started for this state, alive or not; `undefined` when there is none that can be read. */
export function readEndpoint(stateDir: string): CloudEndpoint | undefined {
  return readEndpointRecord<CloudEndpoint>(endpointFile(stateDir), ["url", "token"]);
}

/** @throws UserError when the server does not answer in time, or refuses */
export function callCloud(
  endpoint: CloudEndpoint,
  method: string,
  route: string,
  body?: unknown,
  timeoutMillis = 5000,
): Promise<unknown> {
  return askDaemon({
    who: "the local cloud",
    url: endpoint.url,
    method,
    route,
    headers: { authorization: `Bearer ${endpoint.token}` },
    body,
    timeoutMilliseconds: timeoutMillis,
  });
}
