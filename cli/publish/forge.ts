import { UserError } from "../../local/user-error";
import { exchange, type HttpRequest, jsonOf } from "../../release/clients/http";

/** Environment of a CI job. */
export type Environment = Readonly<Record<string, string | undefined>>;

/** Where a pull request is: by number, or as the open one whose newest commit this is. */
export type PullRequest = { readonly number: number } | { readonly commit: string };

/** What was done, for the log. */
export interface Published {
  readonly done: "created" | "updated" | "closed" | "nothing";
  readonly what: string;
}

/** One forge's side of a report. Both look for what begins with the marker and was written by the CI itself. */
export interface Forge {
  /** Puts a comment on the pull request, or replaces the one that begins with the marker. */
  comment(where: PullRequest, marker: string, text: string): Promise<Published>;
  /** Opens an issue, or replaces the text of the open one that begins with the marker. */
  openIssue(title: string, marker: string, text: string): Promise<Published>;
  /** Replaces the text of the open issue and closes it; without one there is nothing to do. */
  closeIssue(marker: string, text: string): Promise<Published>;
}

/**
 * One call of a forge's API.
 *
 * @returns Parsed JSON of the answer
 * @throws UserError with status and the forge's own words; never with the token
 */
export async function callForge(
  forge: string,
  token: string,
  request: Pick<HttpRequest, "method" | "url"> & { body?: unknown; signal: AbortSignal },
): Promise<unknown> {
  const { method, url, body, signal } = request;
  let answer: Awaited<ReturnType<typeof exchange>>;
  try {
    answer = await exchange({
      method,
      url,
      signal,
      headers: {
        authorization: `Bearer ${token}`,
        "user-agent": "switchyard",
        ...(body === undefined ? {} : { "content-type": "application/json" }),
      },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
  } catch (cause) {
    throw new UserError(`${forge} cannot be reached at ${url.origin}: ${(cause as Error).message}`, {
      mend: "Run the job again; look at the forge's status page when it goes on.",
      cause,
    });
  }
  const said = jsonOf(answer);
  if (answer.status >= 200 && answer.status < 300 && said !== undefined) return said;
  const words = (said as { message?: unknown } | undefined)?.message;
  throw new UserError(
    `${forge} refused ${method} ${url.pathname}: ${answer.status}${typeof words === "string" ? ` ${words}` : ""}`,
    { mend: "Give the job the permissions that docs/ci.md lists." },
  );
}

/** @throws UserError that names the variable when it is not set */
export function required(environment: Environment, name: string): string {
  const value = environment[name];
  if (value) return value;
  throw new UserError(`${name} is not set: nothing can be published without it.`, {
    mend: "Run this in a CI job as docs/ci.md shows; it passes the job's token by the environment.",
  });
}
