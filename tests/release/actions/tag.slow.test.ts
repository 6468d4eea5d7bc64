import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { type TaggingArgs, tagger } from "../../../release/actions/tag";
import { fill } from "../../../release/engine/actions";
import type { EntryOfWord } from "../../../release/engine/parts";

const entry = { word: "step", name: "tag-release", timeoutSeconds: 60 } as EntryOfWord<"step">;
const does = { action: "tag", format: "v{version}", pushed: true, message: "Release {version}" } as const;
const fields = { version: "1.2.0", starter: "ana" };

describe("the tag of a version", function () {
  // Git is a process for each question.
  this.timeout(10_000);
  let folder: string;
  let checkout: string;
  let first: string;

  const git = (...argv: string[]) =>
    execFileSync("git", ["-c", "user.name=t", "-c", "user.email=t@t.test", ...argv], {
      cwd: checkout,
      encoding: "utf8",
      stdio: ["ignore", "pipe", "pipe"],
    }).trim();

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-tag-"));
    checkout = join(folder, "checkout");
    mkdirSync(checkout);
    git("init", "--quiet");
    writeFileSync(join(checkout, "file"), "1");
    git("add", "file");
    git("commit", "--quiet", "-m", "one");
    first = git("rev-parse", "HEAD");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  function tag(changes: Partial<TaggingArgs> = {}) {
    const act = tagger({
      repository: checkout,
      environment: "production",
      commit: undefined,
      system: "kirana-inventory",
      signal: new AbortController().signal,
      fill,
      ...changes,
    });
    return act(does, entry, fields);
  }
  const commit = () => git("commit", "--quiet", "--allow-empty", "-m", "two");

  it("is annotated, names the manifest's commit, and is read back", async () => {
    commit();
    const seen = await tag({ commit: first });
    assert.match(
      seen,
      new RegExp(`^v1\\.2\\.0 at ${first.slice(0, 12)}, not pushed: the checkout has no remote$`),
    );
    assert.equal(git("rev-parse", "v1.2.0^{commit}"), first);
    assert.equal(git("cat-file", "-t", "v1.2.0"), "tag");
    assert.equal(git("for-each-ref", "--format=%(contents:subject)", "refs/tags/v1.2.0"), "Release 1.2.0");
  });

  it("is left as it is by a release that deploys nothing, and made only for a commit that somebody knows", async () => {
    commit();
    assert.match(await tag({ deploys: false }), /^no tag v1\.2\.0: this release deploys nothing/);
    assert.equal(git("tag", "--list"), "");
    assert.match(
      await tag({ deploys: false, commit: first }),
      new RegExp(`^v1\\.2\\.0 at ${first.slice(0, 12)}`),
    );
    assert.match(await tag({ deploys: false }), /as before/);
    assert.equal(git("rev-parse", "v1.2.0^{commit}"), first);
  });

  it("is made once: asked again, also after another commit, it stays as it is", async () => {
    await tag();
    const made = git("rev-parse", "v1.2.0");
    commit();
    assert.match(await tag(), /as before/);
    assert.equal(git("rev-parse", "v1.2.0"), made);
  });

  it("is refused when it names another commit", async () => {
    git("tag", "v1.2.0");
    commit();
    await assert.rejects(
      tag({ commit: git("rev-parse", "HEAD") }),
      /v1\.2\.0 names the commit .* and this release is of/,
    );
    assert.equal(git("rev-parse", "v1.2.0"), first);
  });

  it("is refused for a commit that the checkout does not have, and makes none", async () => {
    await assert.rejects(tag({ commit: "d".repeat(40) }), /the commit d+ of kirana-inventory is not in/);
    assert.equal(git("tag", "--list"), "");
  });

  it("is pushed to the checkout's remote, but never from dev", async () => {
    const remote = join(folder, "remote.git");
    execFileSync("git", ["init", "--quiet", "--bare", remote]);
    git("remote", "add", "origin", remote);
    assert.match(await tag({ environment: "dev" }), /not pushed$/);
    assert.equal(git("ls-remote", "--tags", "origin"), "");
    assert.match(await tag(), /pushed to origin$/);
    assert.match(await tag(), /as before, pushed to origin$/);
    assert.match(git("ls-remote", "--tags", "origin"), /refs\/tags\/v1\.2\.0/);
  });

  it("is told with the remote's reason and without its password when it cannot be pushed", async () => {
    git("remote", "add", "origin", `file://ana:canary@${folder}/nowhere`);
    await assert.rejects(tag(), (error: Error) => {
      assert.match(error.message, /git push failed/);
      assert.doesNotMatch(error.message, /canary/);
      return true;
    });
  });

  it("is refused outside of git", async () => {
    await assert.rejects(tag({ repository: folder }), /git .* failed in .*not a git repository/);
  });
});
