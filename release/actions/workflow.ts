import { GitHubRepository } from "../clients/github";
import type { Surroundings } from "../clients/surroundings";
import type { Clock } from "../engine/clock";
import { waitFor } from "../strategies/waiting";
import { type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { OtherActions } from "./other-actions";

const lookMilliseconds = 4_000;

export interface WorkflowArgs {
  readonly surroundings: Pick<Surroundings, "fetchHttp" | "env">;
  readonly clock: Clock;
  readonly signal: AbortSignal;
  fill(template: string, fields: Readonly<Record<string, string>>): string;
}

/**
 * Starts a workflow of GitHub Actions on `GITHUB_REF_NAME` (@default main) and waits for its run to succeed. A run of it
 * that somebody began by hand since the release started is this release's: a step that is repeated waits for it and
 * starts no second one.
 */
export function workflowStarter(args: WorkflowArgs): OtherActions["workflow"] {
  return async ({ file, inputs }, { timeoutSeconds }, fields) => {
    const { clock, signal, surroundings } = args;
    const hub = GitHubRepository.of(surroundings, signal, `the workflow ${file} cannot be started`);
    const workflow = `/actions/workflows/${encodeURIComponent(file)}`;
    const ref = surroundings.env.GITHUB_REF_NAME || "main";
    const query = {
      event: "workflow_dispatch",
      branch: ref,
      created: `>=${(fields.startsAt ?? clock.now().toISOString()).slice(0, 19)}Z`,
      per_page: "100",
    };
    const firstRun = async () => {
      const last = listAt(await hub.ask("GET", `${workflow}/runs`, { query }), "workflow_runs").at(-1);
      return last === undefined ? undefined : runOf(mapAt(last));
    };
    if ((await firstRun()) === undefined) {
      const filled = Object.entries(inputs).map(([name, value]) => [name, args.fill(value, fields)] as const);
      await hub.ask("POST", `${workflow}/dispatches`, { body: { ref, inputs: Object.fromEntries(filled) } });
    }
    const waiting = { clock, seconds: timeoutSeconds, lookMilliseconds, signal };
    const run = await waitFor(
      `GitHub shows no run of ${file}`,
      async () => (await firstRun()) ?? "there is none yet",
      waiting,
    );
    const ended = await waitFor(
      `the run ${run.address} has not ended`,
      async () => {
        const seen = runOf(mapAt(await hub.ask("GET", `/actions/runs/${run.id}`)));
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

function runOf(run: Json): Run {
  const text = (value: unknown) => (typeof value === "string" ? value : "unknown");
  return {
    id: String(run.id),
    status: text(run.status),
    conclusion: text(run.conclusion),
    address: text(run.html_url),
  };
}
