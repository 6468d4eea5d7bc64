import { join } from "node:path";
import { readJson } from "../cluster/endpoint";
import type { ProcessRecord } from "../daemon/end-process";
import { UserError } from "../user-error";

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
  const value = readJson<Partial<TrafficEndpoint>>(trafficEndpointFile(stateDir));
  const whole =
    typeof value?.pid === "number" &&
    [value.url, value.token, value.processStart].every((part) => typeof part === "string");
  return whole ? (value as TrafficEndpoint) : undefined;
}

/**
 * Asks the front itself (`/_switchyard/…`), not a host behind it.
 *
 * @throws UserError when it does not answer in time, or refuses
 */
export async function callTraffic(
  { url, token }: Pick<TrafficEndpoint, "url" | "token">,
  method: string,
  route: string,
  body?: unknown,
  timeoutMilliseconds = 10_000,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${url}${route}`, {
      method,
      headers: { [frontHeader]: token, "content-type": "application/json" },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
  } catch (error) {
    throw new UserError(`the front of dev at ${url} does not answer: ${(error as Error).message}`, {
      mend: "switchyard cloud start",
      cause: error,
    });
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const message = (answer as { error?: { message?: string } } | undefined)?.error?.message;
  throw new UserError(
    `the front of dev refused ${method} ${route}: ${message ?? `status ${response.status}`}`,
  );
}
