import assert from "node:assert/strict";
import { exchange } from "../../../release/clients/http";
import type { EntryOfWord } from "../../../release/engine/parts";
import { publisher } from "../../../release/records/published";
import { canary, surroundingsWith } from "../support/gates";
import { HttpServer } from "../support/http-server";

type RecordEntry = EntryOfWord<"record">;
interface Issue {
  number: number;
  state: string;
  title: string;
  body: string;
  labels?: string[];
}

const entry = (kind: RecordEntry["kind"], changes: Partial<RecordEntry> = {}) =>
  ({
    word: "record",
    name: "rollback-issue",
    title: "An issue",
    kind,
    issueTitle: "{system} {version} was rolled back",
    template: "{reason}",
    labels: ["deployment"],
    ...changes,
  }) as RecordEntry;
const fields = {
  system: "kirana-store",
  version: "2.0.0",
  tag: "v2.0.0",
  commit: "c".repeat(40),
  reason: "5 % fail",
  startsAt: "2026-11-21T10:00:00.000Z",
};

/** As much of GitHub as a release writes to. */
describe("records of a release at GitHub", () => {
  let server: HttpServer;
  let issues: Issue[];
  let comments: string[];
  let releases: Map<string, { name: string; body: string }>;
  let fault: number | undefined;

  const shown = (issue: Issue) => ({ ...issue, html_url: `https://github.test/issues/${issue.number}` });

  before(async () => {
    server = await HttpServer.start(({ method, url, body, headers }) => {
      if (fault !== undefined) return { status: fault, body: { message: "Server Error" } };
      if (headers.authorization !== `Bearer ${canary}`)
        return { status: 401, body: { message: "Bad credentials" } };
      const path = url.split("?")[0]!.replace("/repos/kirana/store", "");
      const sent = body === "" ? {} : JSON.parse(body);
      if (method === "GET" && path === "/issues") return { status: 200, body: issues.map(shown) };
      if (path === "/issues") {
        issues.push({ ...sent, number: issues.length + 1, state: "open" });
        return { status: 201, body: shown(issues.at(-1)!) };
      }
      if (path.endsWith("/comments")) {
        comments.push(sent.body);
        return { status: 201, body: {} };
      }
      if (method === "PATCH") {
        Object.assign(issues[Number(path.split("/").at(-1)) - 1]!, sent);
        return { status: 200, body: {} };
      }
      const tag = /^\/releases\/tags\/(.+)$/.exec(path)?.[1] ?? sent.tag_name;
      if (method === "POST") releases.set(tag, sent);
      return releases.has(tag)
        ? { status: 200, body: { html_url: `https://github.test/releases/${tag}` } }
        : { status: 404, body: { message: "Not Found" } };
    });
  });
  after(() => server.stop());
  beforeEach(() => {
    [issues, comments, releases, fault, server.received.length] = [[], [], new Map(), undefined, 0];
  });

  const publish = (environment = "production", env: Record<string, string> = {}, release = "r-1") =>
    publisher({
      surroundings: surroundingsWith({
        environment: environment as "production",
        env: { GITHUB_REPOSITORY: "kirana/store", GITHUB_TOKEN: canary, GITHUB_API_URL: server.url, ...env },
        fetchHttp: exchange,
      }),
      release,
      signal: new AbortController().signal,
    });
  const writes = () => server.received.filter(({ method }) => method !== "GET").length;

  it("are an issue with its title, text and labels, opened once for a release", async () => {
    const first = await publish()(entry("githubIssue"), fields);
    assert.deepEqual(first, { "issue number": "1", published: "https://github.test/issues/1" });
    assert.equal(issues[0]!.title, "kirana-store 2.0.0 was rolled back");
    assert.match(issues[0]!.body, /^5 % fail\n/);
    assert.deepEqual(issues[0]!.labels, ["deployment"]);
    assert.deepEqual(await publish()(entry("githubIssue"), fields), first);
    assert.equal(issues.length, 1);
    await publish("production", {}, "r-2")(entry("githubIssue"), fields);
    assert.equal(issues.length, 2);
  });

  it("close the release's issue with a comment, once", async () => {
    await publish()(entry("githubIssue"), fields);
    const closing = entry("githubIssueClosed", { template: "Completed" });
    for (let time = 0; time < 2; time++)
      assert.equal((await publish()(closing, fields))["issue number"], "1");
    assert.equal(issues[0]!.state, "closed");
    assert.deepEqual(comments, ["Completed"]);
  });

  it("say that there is no issue to close", async () => {
    assert.deepEqual(await publish()(entry("githubIssueClosed"), fields), {
      published: "no: this release opened no issue since it began",
    });
    assert.equal(writes(), 0);
  });

  it("are a release of the tag, made once", async () => {
    const release = entry("githubRelease", { issueTitle: "Store v{version}", template: "{reason}" });
    for (let time = 0; time < 2; time++)
      assert.deepEqual(await publish()(release, fields), {
        tag: "v2.0.0",
        published: "https://github.test/releases/v2.0.0",
      });
    assert.equal(releases.get("v2.0.0")!.name, "Store v2.0.0");
    assert.equal(writes(), 1);
  });

  it("are not written from dev, and other kinds belong nowhere else", async () => {
    assert.match(
      (await publish("dev")(entry("githubIssue"), fields)).published!,
      /dev writes nothing to GitHub/,
    );
    assert.deepEqual(await publish()(entry("history"), fields), {});
    assert.equal(server.received.length, 0);
  });

  it("never fail the release: the record says why they are not there, without the token", async () => {
    assert.match(
      (await publish("production", { GITHUB_REPOSITORY: "" })(entry("githubIssue"), fields)).published!,
      /^no: not written to GitHub: GITHUB_REPOSITORY is not set/,
    );
    const denied = await publish("production", { GITHUB_TOKEN: "another" })(entry("githubIssue"), fields);
    assert.match(denied.published!, /^no: GitHub refused GET \/issues: Bad credentials \(401\)$/);
    fault = 502;
    const away = await publish()(entry("githubRelease"), fields);
    assert.match(away.published!, /Server Error \(502\)/);
    for (const { published } of [denied, away]) assert.ok(!published!.includes(canary));
  });
});
