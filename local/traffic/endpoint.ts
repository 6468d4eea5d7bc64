import { join } from "node:path";
import { askDaemon } from "../daemon/ask-daemon";
import type { ProcessRecord } from "../daemon/end-process";
import { readEndpointRecord } from "../daemon/read-record";

/** Where the front of dev answers for every host, and with which token. Held in `traffic/endpoint.json` (0600). */
export interface TrafficEndpoint extends ProcessRecord {
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  /** Value of the header `x-switchyard-front` of every request; made anew at each start. */
  readonly token: string;
  readonly startedAt: string;
  readonly version: string;
  readonly stateDir: string;
}

/** Header that carries the token; a request's own `authorization` is for the host that is asked. */
export const frontHeader = "x-switchyard-front";

export function trafficFolder(stateDir: string): string {
  return join(stateDir, "traffic");
}

export function trafficEndpointFile(stateDir: string): string {
  return join(trafficFolder(stateDir), "endpoint.json");
}

/** The front that was started last for this state, alive or not; undefined when there is none that can be read. */
export function readTrafficEndpoint(stateDir: string): TrafficEndpoint | undefined {
  return readEndpointRecord<TrafficEndpoint>(trafficEndpointFile(stateDir), ["url", "token"]);
}

/**
 * Asks the front itself (`/_switchyard/…`), not a host behind it.
 *
 * @throws UserError when it does not answer in time, or refuses
 */
export function callTraffic(
  { url, token }: Pick<TrafficEndpoint, "url" | "token">,
  method: string,
  route: string,
  body?: unknown,
  timeoutMilliseconds = 10_000,
): Promise<unknown> {
  return askDaemon({
    who: "the front of dev",
    url,
    method,
    route,
    headers: { [frontHeader]: token },
    body,
    timeoutMilliseconds,
  });
}
