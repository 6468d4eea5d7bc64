import { readFileSync } from "node:fs";
import * as path from "node:path";
import { UserError } from "../user-error";

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
  let text: string;
  try {
    text = readFileSync(endpointFile(stateDir), "utf8");
  } catch (error) {
    if (["ENOENT", "ENOTDIR"].includes((error as NodeJS.ErrnoException).code ?? "")) return undefined;
    throw error;
  }
  try {
    const value = JSON.parse(text) as Partial<CloudEndpoint> | null;
    // Without its start a process cannot be told from a later one with the same pid, and must not be signalled.
    const whole =
      typeof value?.pid === "number" &&
      [value.url, value.token, value.processStart].every((part) => typeof part === "string");
    return whole ? (value as CloudEndpoint) : undefined;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

/** @throws UserError when the server does not answer in time, or refuses */
export async function callCloud(
  endpoint: CloudEndpoint,
  method: string,
  route: string,
  body?: unknown,
  timeoutMillis = 5000,
): Promise<unknown> {
  let response: Response;
  try {
    response = await fetch(`${endpoint.url}${route}`, {
      method,
      headers: {
        authorization: `Bearer ${endpoint.token}`,
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMillis),
    });
  } catch (error) {
    throw new UserError(`the local cloud at ${endpoint.url} does not answer: ${(error as Error).message}`, {
      mend: "switchyard cloud start",
      cause: error,
    });
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const message = (answer as { error?: { message?: string } } | undefined)?.error?.message;
  throw new UserError(
    `the local cloud refused ${method} ${route}: ${message ?? `status ${response.status}`}`,
  );
}
