import { type Json, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { type HttpAnswer, jsonOf } from "./http";
import type { Surroundings } from "./surroundings";

const usualApi = "https://api.github.com";
const apiVersion = "2022-11-28";

export type GitHubAsking = Pick<Surroundings, "fetchHttp" | "env">;

/** A repository at GitHub as a release writes to it, in the name of whoever's token it is. */
export class GitHubRepository {
  private constructor(
    private readonly fetchHttp: Surroundings["fetchHttp"],
    private readonly base: string,
    private readonly token: string,
    private readonly signal: AbortSignal,
  ) {}

  /**
   * By `GITHUB_REPOSITORY`, `GITHUB_TOKEN` or `GH_TOKEN`, and `GITHUB_API_URL` as GitHub Actions sets them.
   *
   * @param what is to be done, for the message
   * @throws UserError when nothing says which repository, or who asks
   */
  static of({ fetchHttp, env }: GitHubAsking, signal: AbortSignal, what: string): GitHubRepository {
    const { GITHUB_REPOSITORY: name, GITHUB_TOKEN, GH_TOKEN, GITHUB_API_URL } = env;
    const token = GITHUB_TOKEN || GH_TOKEN;
    if (name && token && /^[\w.-]+\/[\w.-]+$/.test(name))
      return new GitHubRepository(fetchHttp, `${GITHUB_API_URL || usualApi}/repos/${name}`, token, signal);
    const missing = [...(name ? [] : ["GITHUB_REPOSITORY"]), ...(token ? [] : ["GITHUB_TOKEN"])];
    const why =
      missing.length > 0
        ? `${missing.join(" and ")} ${missing.length === 1 ? "is" : "are"} not set`
        : `GITHUB_REPOSITORY is ${JSON.stringify(name)}, not OWNER/NAME`;
    throw new UserError(`${what}: ${why}`, {
      mend: "run the release from GitHub Actions, or set both; the token needs write access to what is written",
    });
  }

  /**
   * @param path below the repository, such as `/issues`
   * @returns the body; undefined for 404, and an empty map for an answer without one
   * @throws UserError with GitHub's reason, never with the token
   */
  async ask(
    method: "GET" | "POST" | "PATCH",
    path: string,
    { query = {}, body }: { query?: Readonly<Record<string, string>>; body?: Json } = {},
  ): Promise<unknown> {
    const url = new URL(`${this.base}${path}`);
    for (const [name, value] of Object.entries(query)) url.searchParams.set(name, value);
    const answer = await this.fetchHttp({
      method,
      url,
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.token}`,
        "user-agent": "switchyard",
        "x-github-api-version": apiVersion,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body: JSON.stringify(body) }),
      signal: this.signal,
    });
    if (answer.status >= 200 && answer.status < 300) return jsonOf(answer) ?? {};
    if (answer.status === 404 && method === "GET") return undefined;
    throw refused(`${method} ${path}`, answer);
  }
}

function refused(what: string, answer: HttpAnswer): UserError {
  const { message } = mapAt(jsonOf(answer));
  // GitHub tells a token without the right that there is nothing.
  const denied = [401, 403, 404].includes(answer.status);
  return new UserError(
    `GitHub refused ${what}: ${typeof message === "string" ? message.slice(0, 300) : "no reason given"} (${answer.status})`,
    {
      retriable: answer.status === 429 || answer.status >= 500,
      ...(denied && { mend: "the token needs write access to it in the repository" }),
    },
  );
}
