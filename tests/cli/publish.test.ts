import { strict as assert } from "node:assert";
import { mkdtempSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { azureDevOps } from "../../cli/publish/azure-devops";
import { gitHub } from "../../cli/publish/github";
import { readReportText, withCommit } from "../../cli/publish/report-text";
import { runCli } from "../../cli/run-cli";
import { UserError } from "../../local/user-error";
import { renderMarkdown } from "../../reports/markdown";
import { type Answer, HttpServer, type Received } from "../release/support/http-server";
import { diagnostic, urn, violation } from "../reports/support/events";
import { largeReport, reportOf } from "../reports/support/sample";

const sampleReport = largeReport(300);
const marker = "<!-- switchyard:preview:production -->";
const { signal } = new AbortController();

describe("a report that is published", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-publish-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  function file(content: string | Buffer): string {
    const path = join(folder, "report.md");
    writeFileSync(path, content);
    return path;
  }

  it("is taken as --format markdown writes it, with all that it can hold", () => {
    const text = renderMarkdown(sampleReport);
    const read = readReportText(file(text));
    assert.equal(read.text, text);
    assert.equal(read.stack, sampleReport.subject.stack);
    assert.equal(read.kind, sampleReport.subject.kind);
  });

  it("is taken with text of a program that would be markup, which the report makes harmless", () => {
    const hostile =
      "<!-- x --> @somebody ![a](https://example.com) [b]: www.example.com <img src=x> ]( #1 `c`";
    const target = urn("azure-native:storage:StorageAccount", hostile);
    const events = [violation("a-rule", target, hostile), diagnostic("error", hostile, target)];
    const report = reportOf({ events, exitCode: 1 });
    assert.equal(report.errors.length, 1);
    assert.doesNotThrow(() => readReportText(file(renderMarkdown(report))));
  });

  for (const [what, content, words] of [
    ["without the mark", "# A report\n", /first line is not the mark/],
    [
      "with the mark of something else",
      "<!-- switchyard:release:production -->\n",
      /first line is not the mark/,
    ],
    ["of a stack that is a path", "<!-- switchyard:preview:../x -->\n", /first line is not the mark/],
    ["that mentions somebody", `${marker}\n@somebody look\n`, /a mention/],
    ["with a link", `${marker}\n[log in here](//example.com)\n`, /a link/],
    ["with an image", `${marker}\n![x][y]\n`, /a link/],
    ["with a reference definition", `${marker}\n[x]: y\n`, /a link/],
    ["with an address", `${marker}\nhttps://example.com\n`, /an address/],
    ["with a link in code", `${marker}\n<code>[x](//example.com)</code>\n`, /a link/],
    ["with a tag", `${marker}\n<img src=x>\n`, /a tag/],
    ["with an attribute on a known tag", `${marker}\n<code onclick=x>\n`, /a tag/],
    ["with a second mark", `${marker}\n${marker}\n`, /a tag/],
    ["of 10 MB", marker + "x".repeat(10_000_000), /has 10000038 bytes, and a comment has fewer than 65536/],
    ["in another encoding", Buffer.from([...Buffer.from(`${marker}\n`), 0xff, 0xfe]), /not UTF-8/],
    ["that is empty", "", /first line is not the mark/],
  ] as const) {
    it(`is refused ${what}`, () => {
      const path = file(content as string | Buffer);
      assert.throws(
        () => readReportText(path),
        (error: unknown) => {
          assert.ok(error instanceof UserError);
          assert.match(error.message, words);
          assert.ok(error.message.length < 500);
          return true;
        },
      );
    });
  }

  it("is refused when it is a link to another file, or missing", () => {
    const link = join(folder, "link.md");
    symlinkSync("/etc/hostname", link);
    assert.throws(() => readReportText(link), /not a plain file/);
    assert.throws(() => readReportText(join(folder, "none.md")), /cannot be read/);
  });
});

describe("publishing on GitHub", () => {
  const text = `${marker}\nnew`;
  const bot = { login: "github-actions[bot]" };
  let server: HttpServer;
  let lists: Record<string, unknown[]>;
  let refusal: Answer | undefined;

  before(async () => {
    server = await HttpServer.start((request) => refusal ?? answer(request));
  });
  beforeEach(() => {
    lists = {};
    refusal = undefined;
    server.received.length = 0;
  });
  after(() => server.stop());

  function answer({ method, url }: Received): Answer {
    if (method !== "GET") return { status: 200, body: { number: 7 } };
    const { pathname, searchParams } = new URL(url, "http://x");
    const items = lists[pathname.replace("/repos/owner/name/", "")] ?? [];
    const page = Number(searchParams.get("page"));
    const size = Number(searchParams.get("per_page"));
    return { status: 200, body: items.slice((page - 1) * size, page * size) };
  }

  const forge = () =>
    gitHub(
      { GITHUB_TOKEN: "canary-token", GITHUB_REPOSITORY: "owner/name", GITHUB_API_URL: server.url },
      signal,
    );
  const writes = () =>
    server.received
      .filter(({ method }) => method !== "GET")
      .map(({ method, url, body }) => [method, url.replace("/repos/owner/name/", ""), JSON.parse(body)]);

  it("makes a comment when there is none", async () => {
    const done = await forge().comment({ number: 5 }, marker, text);
    assert.deepEqual(done, { done: "created", what: "comment on pull request 5" });
    assert.deepEqual(writes(), [["POST", "issues/5/comments", { body: text }]]);
    assert.equal(server.received[0]?.headers.authorization, "Bearer canary-token");
  });

  it("updates its own comment, found on the third page", async () => {
    lists["issues/5/comments"] = [
      ...Array.from({ length: 250 }, (_, id) => ({ id, body: "talk", user: { login: "a" } })),
      { id: 999, body: `${marker}\r\nold`, user: bot },
    ];
    await forge().comment({ number: 5 }, marker, text);
    assert.deepEqual(writes(), [["PATCH", "issues/comments/999", { body: text }]]);
  });

  it("leaves alone what somebody else began with the marker, another stack's comment, and a longer first line", async () => {
    lists["issues/5/comments"] = [
      { id: 1, body: `${marker}\nold`, user: { login: "somebody" } },
      { id: 2, body: "<!-- switchyard:preview:staging -->\nold", user: bot },
      { id: 3, body: `${marker} and more`, user: bot },
      { id: 4, body: null, user: null },
    ];
    await forge().comment({ number: 5 }, marker, text);
    assert.deepEqual(writes(), [["POST", "issues/5/comments", { body: text }]]);
  });

  it("finds the pull request whose newest commit was previewed, a fork's too", async () => {
    const commit = "a".repeat(40);
    lists.pulls = [
      { number: 8, head: { sha: "b".repeat(40) } },
      { number: 9, head: { sha: commit } },
    ];
    const { what } = await forge().comment({ commit }, marker, text);
    assert.equal(what, "comment on pull request 9");
  });

  it("says of which commit it is, as a run that reports nothing leaves the former comment", async () => {
    const [stateDir, before] = [mkdtempSync(join(tmpdir(), "switchyard-publish-")), { ...process.env }];
    const [report, stdout] = [join(stateDir, "preview.md"), process.stdout.write];
    const [commit, rendered] = ["a".repeat(40), renderMarkdown(sampleReport)];
    writeFileSync(report, rendered);
    lists.pulls = [{ number: 9, head: { sha: commit } }];
    Object.assign(process.env, {
      ...{ SWITCHYARD_STATE_DIR: stateDir, GITHUB_ACTIONS: "true", GITHUB_TOKEN: "canary-token" },
      ...{ GITHUB_REPOSITORY: "owner/name", GITHUB_API_URL: server.url },
    });
    process.stdout.write = (() => true) as typeof stdout;
    try {
      assert.equal(await runCli(["publish", "comment", "--commit", commit, "--file", report]), 0);
    } finally {
      process.stdout.write = stdout;
      process.env = before;
      rmSync(stateDir, { recursive: true });
    }
    const [[method, path, { body }]] = writes() as [[string, string, { body: string }]];
    assert.deepEqual([method, path], ["POST", "issues/9/comments"]);
    const [mark, headline, ...rest] = rendered.split("\n");
    assert.equal(body, [mark, headline, "", `Of commit <code>${commit}</code>.`, ...rest].join("\n"));
  });

  it("leaves the commit out where the comment has no room for it, and where nobody said it", () => {
    const report = (text: string) => ({ marker, kind: "preview", stack: "production", text });
    const full = `${marker}\n${"x".repeat(65_450)}`;
    assert.equal(withCommit(report(full), "a".repeat(40)), full);
    assert.equal(withCommit(report(text), undefined), text);
    assert.ok(withCommit(report(`${full.slice(0, 65_000)}`), "a".repeat(40)).length < 65_536);
  });

  it("writes nothing when a newer commit has come, or the pull request is closed", async () => {
    lists.pulls = [{ number: 8, head: { sha: "b".repeat(40) } }];
    const { done } = await forge().comment({ commit: "a".repeat(40) }, marker, text);
    assert.equal(done, "nothing");
    assert.deepEqual(writes(), []);
  });

  it("opens one issue, updates it, and closes it", async () => {
    assert.equal((await forge().openIssue("drift: production", marker, text)).done, "created");
    lists.issues = [
      { id: 1, number: 6, body: `${marker}\na pull request`, user: bot, pull_request: {} },
      { id: 2, number: 7, body: `${marker}\nold`, user: bot },
    ];
    assert.equal((await forge().openIssue("drift: production", marker, text)).what, "issue 7");
    assert.equal((await forge().closeIssue(marker, text)).done, "closed");
    assert.deepEqual(writes(), [
      ["POST", "issues", { title: "drift: production", body: text }],
      ["PATCH", "issues/7", { title: "drift: production", body: text }],
      ["PATCH", "issues/7", { body: text, state: "closed", state_reason: "completed" }],
    ]);
  });

  it("has nothing to close when no issue is open", async () => {
    assert.equal((await forge().closeIssue(marker, text)).done, "nothing");
    assert.deepEqual(writes(), []);
  });

  it("says what GitHub refused and why, without the token", async () => {
    refusal = { status: 403, body: { message: "Resource not accessible by integration" } };
    await assert.rejects(forge().comment({ number: 5 }, marker, text), (error: UserError) => {
      assert.match(error.message, /refused GET .*: 403 Resource not accessible/);
      assert.match(error.mend ?? "", /docs\/ci\.md/);
      assert.doesNotMatch(JSON.stringify([error.message, error.mend]), /canary-token/);
      return true;
    });
  });

  it("takes a proxy's page for no answer", async () => {
    refusal = { status: 200, text: "<html>log in</html>" };
    await assert.rejects(forge().comment({ number: 5 }, marker, text), UserError);
  });

  it("names the variable that is missing", () => {
    assert.throws(() => gitHub({ GITHUB_REPOSITORY: "owner/name" }, signal), /GITHUB_TOKEN is not set/);
    assert.throws(() => gitHub({ GITHUB_TOKEN: "t", GITHUB_REPOSITORY: "a/../b" }, signal), /owner\/name/);
  });
});

describe("publishing on Azure DevOps", () => {
  const text = `${marker}\nnew`;
  let server: HttpServer;
  let threads: unknown[];

  before(async () => {
    server = await HttpServer.start(({ method }) => ({
      status: 200,
      body: method === "GET" ? { value: threads } : {},
    }));
  });
  beforeEach(() => {
    threads = [];
    server.received.length = 0;
  });
  after(() => server.stop());

  const forge = () =>
    azureDevOps(
      {
        SYSTEM_ACCESSTOKEN: "t",
        SYSTEM_COLLECTIONURI: `${server.url}/org/`,
        SYSTEM_TEAMPROJECTID: "project",
        BUILD_REPOSITORY_ID: "repository",
      },
      signal,
    );
  const base = "/org/project/_apis/git/repositories/repository/pullRequests/5/threads";

  it("makes a thread that asks for nothing when there is none", async () => {
    assert.equal((await forge().comment({ number: 5 }, marker, text)).done, "created");
    const { method, url, body } = server.received[1]!;
    assert.deepEqual([method, url], ["POST", `${base}?api-version=7.1`]);
    assert.deepEqual(JSON.parse(body), {
      comments: [{ parentCommentId: 0, content: text, commentType: "text" }],
      status: "closed",
    });
  });

  it("updates the first comment of the thread that begins with the marker", async () => {
    threads = [
      { id: 1, isDeleted: true, comments: [{ id: 1, content: `${marker}\nold` }] },
      { id: 2, comments: [{ id: 1, content: null }] },
      { id: 3, comments: [{ id: 4, content: `${marker}\nold` }] },
    ];
    assert.equal((await forge().comment({ number: 5 }, marker, text)).done, "updated");
    const { method, url, body } = server.received[1]!;
    assert.deepEqual([method, url], ["PATCH", `${base}/3/comments/4?api-version=7.1`]);
    assert.deepEqual(JSON.parse(body), { content: text });
  });

  it("has no issues, and says what to do instead", async () => {
    await assert.rejects(forge().openIssue("drift", marker, text), /no issues of its own/);
  });
});
