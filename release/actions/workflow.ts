import type { HttpAnswer } from "../clients/http";
import { jsonOf } from "../clients/http";
import type { Surroundings } from "../clients/surroundings";
import type { Clock } from "../engine/clock";
import { waitFor } from "../strategies/waiting";
import { type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { OtherActions } from "./other-actions";

const usualApi = "https://api.github.com";
const apiVersion = "2022-11-28";
const lookMilliseconds = 4_000;

export interface WorkflowArgs {
  readonly surroundings: Pick<Surroundings, "fetchHttp" | "env" | "environment">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  fill(template: string, fields: Readonly<Record<string, string>>): string;
}

/**
 * Starts a workflow of GitHub Actions and waits for its run to succeed. A run of it that somebody began since the release
 * started is this release's: a step that is repeated waits for it and starts no second one.
 *
 * Reads `GITHUB_REPOSITORY`, `GITHUB_TOKEN` (or `GH_TOKEN`), `GITHUB_API_URL` and `GITHUB_REF_NAME` (@default main).
 */
export function workflowStarter(args: WorkflowArgs): OtherActions["workflow"] {
  return async ({ file, inputs }, { timeoutSeconds }, fields) => {
    const hub = new Hub(args, file);
    const since = fields.startsAt ?? args.clock.now().toISOString();
    const filled = Object.fromEntries(
      Object.entries(inputs).map(([name, value]) => [name, args.fill(value, fields)]),
    );
    const { clock, signal } = args;
    const waiting = { clock, seconds: timeoutSeconds, lookMilliseconds, signal };
    if ((await hub.runSince(since)) === undefined) await hub.dispatch(filled);
    const run = await waitFor(
      `GitHub shows no run of ${file}`,
      async () => (await hub.runSince(since)) ?? "there is none yet",
      waiting,
    );
    const ended = await waitFor(
      `the run ${run.address} has not ended`,
      async () => {
        const seen = await hub.run(run.id);
        return seen.status === "completed" ? seen : `it is ${seen.status}`;
      },
      waiting,
    );
    if (ended.conclusion === "success") return `${file}: ${ended.address} succeeded`;
    throw new UserError(`${file}: ${ended.address} ended as ${ended.conclusion}`, {
      mend: "its log says why; mend that and start it anew, or roll back",
    });
  };
}

interface Run {
  readonly id: string;
  readonly status: string;
  readonly conclusion: string;
  readonly address: string;
}

class Hub {
  private readonly workflow: string;
  private readonly repository: string;
  private readonly token: string;
  private readonly branch: string;

  /** @throws UserError when nothing says which repository, or who asks */
  constructor(
    private readonly args: WorkflowArgs,
    private readonly file: string,
  ) {
    const { GITHUB_REPOSITORY, GITHUB_TOKEN, GH_TOKEN, GITHUB_REF_NAME } = args.surroundings.env;
    const token = GITHUB_TOKEN || GH_TOKEN;
    if (!GITHUB_REPOSITORY || !/^[\w.-]+\/[\w.-]+$/.test(GITHUB_REPOSITORY) || !token) {
      const missing = [
        ...(GITHUB_REPOSITORY ? [] : ["GITHUB_REPOSITORY"]),
        ...(token ? [] : ["GITHUB_TOKEN"]),
      ];
      throw new UserError(
        `the workflow ${file} cannot be started: ${missing.length > 0 ? `${missing.join(" and ")} is not set` : `GITHUB_REPOSITORY is ${JSON.stringify(GITHUB_REPOSITORY)}, not OWNER/NAME`}`,
        { mend: "run the release from GitHub Actions, or set both (the token needs actions: write)" },
      );
    }
    this.repository = `${args.surroundings.env.GITHUB_API_URL || usualApi}/repos/${GITHUB_REPOSITORY}`;
    this.workflow = `${this.repository}/actions/workflows/${encodeURIComponent(file)}`;
    this.token = token;
    this.branch = GITHUB_REF_NAME || "main";
  }

  async dispatch(inputs: Readonly<Record<string, string>>): Promise<void> {
    const body = JSON.stringify({ ref: this.branch, inputs });
    const answer = await this.ask("POST", `${this.workflow}/dispatches`, body);
    if (answer.status !== 204 && answer.status !== 200) throw this.refused("start it", answer);
  }

  /** The first run that was asked for by hand since then. */
  async runSince(since: string): Promise<Run | undefined> {
    const query = new URLSearchParams({
      event: "workflow_dispatch",
      branch: this.branch,
      created: `>=${since.slice(0, 19)}Z`,
      per_page: "100",
    });
    const answer = await this.ask("GET", `${this.workflow}/runs?${query.toString()}`);
    if (answer.status !== 200) throw this.refused("list its runs", answer);
    const last = listAt(jsonOf(answer), "workflow_runs").at(-1);
    return last === undefined ? undefined : runOf(mapAt(last));
  }

  async run(id: string): Promise<Run> {
    const answer = await this.ask("GET", `${this.repository}/actions/runs/${id}`);
    if (answer.status !== 200) throw this.refused("read its run", answer);
    return runOf(mapAt(jsonOf(answer)));
  }

  private ask(method: "GET" | "POST", address: string, body?: string): Promise<HttpAnswer> {
    return this.args.surroundings.fetchHttp({
      method,
      url: new URL(address),
      headers: {
        accept: "application/vnd.github+json",
        authorization: `Bearer ${this.token}`,
        "user-agent": "switchyard",
        "x-github-api-version": apiVersion,
        ...(body !== undefined && { "content-type": "application/json" }),
      },
      ...(body !== undefined && { body }),
      signal: this.args.signal,
    });
  }

  private refused(what: string, answer: HttpAnswer): UserError {
    const { message } = mapAt(jsonOf(answer));
    const denied = [401, 403, 404].includes(answer.status);
    return new UserError(
      `GitHub did not ${what} (${this.file}): ${typeof message === "string" ? message : "no reason given"} (${answer.status})`,
      {
        retriable: answer.status === 429 || answer.status >= 500,
        ...(denied && { mend: "the token needs actions: write on the repository that holds the workflow" }),
      },
    );
  }
}

function runOf(run: Json): Run {
  const text = (value: unknown) => (typeof value === "string" ? value : "unknown");
  return {
    id: String(run.id),
    status: text(run.status),
    conclusion: text(run.conclusion),
    address: text(run.html_url),
  };
}
