import { type GitHubAsking, GitHubRepository } from "../clients/github";
import type { EntryOfWord } from "../engine/parts";
import { rendered } from "../messages/rendered";
import { listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";

type RecordEntry = EntryOfWord<"record">;
type Fields = Readonly<Record<string, string>>;

export interface PublishingArgs {
  readonly surroundings: GitHubAsking & { readonly environment: string };
  readonly release: string;
  readonly signal: AbortSignal;
}

const pageSize = "100";

/**
 * Writes the records that belong to GitHub there as well: an issue, its end, a release. Each is found again by a mark in
 * its text, or by its tag, so that none is written twice.
 *
 * @returns a function that answers what the signed record says of it: the address, or why there is none. It never
 *   throws: a release does not fail because GitHub is away
 */
export function publisher(args: PublishingArgs): (entry: RecordEntry, fields: Fields) => Promise<Fields> {
  return async (entry, fields) => {
    const write = writers[entry.kind];
    if (write === undefined) return {};
    if (args.surroundings.environment === "dev") return { published: "no: dev writes nothing to GitHub" };
    try {
      const hub = GitHubRepository.of(args.surroundings, args.signal, "not written to GitHub");
      return await write({ hub, entry, fields, release: args.release });
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      return { published: `no: ${error.message}` };
    }
  };
}

interface Writing {
  readonly hub: GitHubRepository;
  readonly entry: RecordEntry;
  readonly fields: Fields;
  readonly release: string;
}

const writers: Partial<Record<RecordEntry["kind"], (writing: Writing) => Promise<Fields>>> = {
  async githubIssue(writing) {
    const { hub, entry, fields } = writing;
    const before = await issueOf(writing);
    const title = rendered(entry.issueTitle ?? entry.title, fields).text;
    const body = `${rendered(entry.template ?? "", fields).text}\n\n${markOf(writing)}`;
    const labels = entry.labels === undefined ? {} : { labels: entry.labels };
    const issue = before ?? mapAt(await hub.ask("POST", "/issues", { body: { title, body, ...labels } }));
    return { "issue number": String(issue.number), published: String(issue.html_url) };
  },

  /** The release's own issue: whatever entry opened it. */
  async githubIssueClosed(writing) {
    const { hub, entry, fields } = writing;
    const issue = await issueOf(writing);
    if (issue === undefined) throw new UserError(`this release opened no issue since it began`);
    if (issue.state !== "closed") {
      const body = rendered(entry.template ?? entry.title, fields).text;
      await hub.ask("POST", `/issues/${String(issue.number)}/comments`, { body: { body } });
      await hub.ask("PATCH", `/issues/${String(issue.number)}`, {
        body: { state: "closed", state_reason: "completed" },
      });
    }
    return { "issue number": String(issue.number), published: String(issue.html_url) };
  },

  async githubRelease({ hub, entry, fields }) {
    const tag = fields.tag ?? `v${fields.version ?? ""}`;
    const before = await hub.ask("GET", `/releases/tags/${encodeURIComponent(tag)}`);
    const release = {
      tag_name: tag,
      name: rendered(entry.issueTitle ?? "{system} {version}", fields).text,
      body: rendered(entry.template ?? "{changes}", fields).text,
      ...(fields.commit && { target_commitish: fields.commit }),
    };
    const found = before ?? (await hub.ask("POST", "/releases", { body: release }));
    return { tag, published: String(mapAt(found).html_url) };
  },
};

/** In the text of an issue; GitHub does not show it. */
function markOf({ release }: Writing): string {
  return `<!-- switchyard release ${release} -->`;
}

async function issueOf(writing: Writing) {
  const since = writing.fields.startsAt;
  const query = { state: "all", per_page: pageSize, sort: "created", ...(since !== undefined && { since }) };
  const issues = listAt({ issues: await writing.hub.ask("GET", "/issues", { query }) }, "issues");
  return issues.map((issue) => mapAt(issue)).find(({ body }) => String(body).includes(markOf(writing)));
}
