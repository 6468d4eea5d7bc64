import { UserError } from "../../local/user-error";
import { callForge, type Environment, type Forge, type Published, type PullRequest, required } from "./forge";

interface Thread {
  readonly id: number;
  readonly isDeleted?: boolean;
  readonly comments?: readonly { readonly id: number; readonly content?: string | null }[];
}

const apiVersion = "7.1";

/** Azure DevOps' REST API with the token of a pipeline's job. A thread's first comment carries the report. */
export function azureDevOps(environment: Environment, signal: AbortSignal): Forge {
  const token = required(environment, "SYSTEM_ACCESSTOKEN");
  const collection = required(environment, "SYSTEM_COLLECTIONURI").replace(/\/+$/, "");
  const project = encodeURIComponent(required(environment, "SYSTEM_TEAMPROJECTID"));
  const repository = encodeURIComponent(required(environment, "BUILD_REPOSITORY_ID"));
  const base = `${collection}/${project}/_apis/git/repositories/${repository}/pullRequests`;

  const call = (method: "GET" | "POST" | "PATCH", path: string, body?: unknown) =>
    callForge("Azure DevOps", token, {
      method,
      url: new URL(`${base}/${path}?api-version=${apiVersion}`),
      body,
      signal,
    });

  return {
    async comment(where: PullRequest, marker, text): Promise<Published> {
      if (!("number" in where)) {
        throw new UserError("Azure DevOps finds a pull request by its number only.", {
          mend: "Give --pull-request.",
        });
      }
      const what = `comment on pull request ${where.number}`;
      const { value } = (await call("GET", `${where.number}/threads`)) as { value: Thread[] };
      const former = value.find(
        ({ comments, isDeleted }) =>
          !isDeleted && comments?.[0]?.content?.split("\n", 1)[0]?.trimEnd() === marker,
      );
      if (former === undefined) {
        const comments = [{ parentCommentId: 0, content: text, commentType: "text" }];
        await call("POST", `${where.number}/threads`, { comments, status: "closed" });
        return { done: "created", what };
      }
      // Only who wrote a comment may change it: one that somebody else began with the marker is refused there.
      const path = `${where.number}/threads/${former.id}/comments/${former.comments?.[0]?.id}`;
      await call("PATCH", path, { content: text });
      return { done: "updated", what };
    },
    openIssue: () => Promise.reject(noIssues()),
    closeIssue: () => Promise.reject(noIssues()),
  };
}

function noIssues(): UserError {
  return new UserError("Azure DevOps has no issues of its own: work items belong to a process of the team.", {
    mend: "Let the pipeline fail: a failed nightly run notifies who subscribed (docs/ci.md).",
  });
}
