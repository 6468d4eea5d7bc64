import { UserError } from "../user-error";

/** One question to a daemon over HTTP on loopback. */
interface Question {
  /** As an error names it, such as `the local cloud`. */
  readonly who: string;
  /** `http://127.0.0.1:PORT` */
  readonly url: string;
  readonly method: string;
  readonly route: string;
  /** Those by which it knows whom it serves. */
  readonly headers: Readonly<Record<string, string>>;
  /** Sent as JSON. */
  readonly body?: unknown;
  readonly timeoutMilliseconds: number;
}

/**
 * @returns its answer's JSON; undefined when it has none
 * @throws UserError when it does not answer in time, or refuses
 */
export async function askDaemon(question: Question): Promise<unknown> {
  const { who, url, method, route, headers, body, timeoutMilliseconds } = question;
  let response: Response;
  try {
    response = await fetch(`${url}${route}`, {
      method,
      headers: { ...headers, ...(body === undefined ? {} : { "content-type": "application/json" }) },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
      signal: AbortSignal.timeout(timeoutMilliseconds),
    });
  } catch (error) {
    throw new UserError(`${who} at ${url} does not answer: ${(error as Error).message}`, {
      mend: "switchyard cloud start",
      cause: error,
    });
  }
  const answer: unknown = await response.json().catch(() => undefined);
  if (response.ok) return answer;
  const error = (answer as { error?: string | { message?: string } } | undefined)?.error;
  const reason = (typeof error === "string" ? error : error?.message) ?? `status ${response.status}`;
  throw new UserError(`${who} refused ${method} ${route}: ${reason}`);
}
