import { UserError } from "../../local/user-error";
import { callForge, type Environment, type Forge, type Published, type PullRequest, required } from "./forge";

interface Comment {
  readonly id: number;
  readonly body?: string | null;
  readonly user?: { readonly login: string } | null;
}

interface Issue extends Comment {
  readonly number: number;
  readonly pull_request?: unknown;
}

interface OpenPullRequest {
  readonly number: number;
  readonly head: { readonly sha: string };
}

/** Who a job's own token writes as. Anybody may write the marker into a comment: theirs are left alone. */
const author = "github-actions[bot]";
const pageSize = 100;
/** Beyond that many pages somebody floods the list; a fresh comment does less harm than reading on. */
const maximumPages = 30;

/** GitHub's REST API with the token of a job, as the variables of GitHub Actions name both. */
export function gitHub(environment: Environment, signal: AbortSignal): Forge {
  const token = required(environment, "GITHUB_TOKEN");
  const repository = required(environment, "GITHUB_REPOSITORY");
  if (!/^[\w.-]+\/[\w.-]+$/.test(repository)) {
    throw new UserError(`GITHUB_REPOSITORY is "${repository}"; owner/name is needed.`);
  }
  const base = `${(environment.GITHUB_API_URL ?? "https://api.github.com").replace(/\/+$/, "")}/repos/${repository}`;

  const call = (method: "GET" | "POST" | "PATCH", path: string, body?: unknown) =>
    callForge("GitHub", token, { method, url: new URL(`${base}/${path}`), body, signal });

  async function find<T>(path: string, wanted: (item: T) => boolean): Promise<T | undefined> {
    for (let page = 1; page <= maximumPages; page++) {
      const items = (await call("GET", `${path}per_page=${pageSize}&page=${page}`)) as T[];
      const found = items.find(wanted);
      if (found !== undefined || items.length < pageSize) return found;
    }
    return undefined;
  }

  const ours = (marker: string) => (item: Comment) =>
    item.user?.login === author && (item.body ?? "").split("\n", 1)[0]?.trimEnd() === marker;

  const issueOf = (marker: string) =>
    find<Issue>(
      `issues?state=open&creator=${encodeURIComponent(author)}&`,
      (issue) => issue.pull_request === undefined && ours(marker)(issue),
    );

  async function numberOf(where: PullRequest): Promise<number | undefined> {
    if ("number" in where) return where.number;
    const newestFirst = "pulls?state=open&sort=updated&direction=desc&";
    const found = await find<OpenPullRequest>(newestFirst, ({ head }) => head.sha === where.commit);
    return found?.number;
  }

  return {
    async comment(where, marker, text): Promise<Published> {
      const number = await numberOf(where);
      if (number === undefined) {
        return { done: "nothing", what: "no open pull request has this commit as its newest" };
      }
      const former = await find<Comment>(`issues/${number}/comments?`, ours(marker));
      if (former === undefined) {
        await call("POST", `issues/${number}/comments`, { body: text });
        return { done: "created", what: `comment on pull request ${number}` };
      }
      await call("PATCH", `issues/comments/${former.id}`, { body: text });
      return { done: "updated", what: `comment on pull request ${number}` };
    },
    async openIssue(title, marker, text): Promise<Published> {
      const former = await issueOf(marker);
      if (former === undefined) {
        const made = (await call("POST", "issues", { title, body: text })) as Issue;
        return { done: "created", what: `issue ${made.number}` };
      }
      await call("PATCH", `issues/${former.number}`, { title, body: text });
      return { done: "updated", what: `issue ${former.number}` };
    },
    async closeIssue(marker, text): Promise<Published> {
      const former = await issueOf(marker);
      if (former === undefined) return { done: "nothing", what: "no issue is open" };
      await call("PATCH", `issues/${former.number}`, {
        body: text,
        state: "closed",
        state_reason: "completed",
      });
      return { done: "closed", what: `issue ${former.number}` };
    },
  };
}
