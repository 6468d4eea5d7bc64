import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { CommandContext } from "../../../cli/context";
import { broughtBy, withCommits } from "../../../cli/release/commits";
import { knowledgeOf } from "../../../cli/release/knowledge";
import type { LoadedSystem } from "../../../cli/release/load-release";
import { MemoryStore } from "../../../release/journal/memory-store";
import type { Manifest } from "../../../release/plan/manifest";
import { manifestOf, planOf, questionOf } from "../../release/plan/support/questions";

const system = "tesoro-xp";

describe("what a release brings", () => {
  let folder: string;
  const git = (...argv: string[]) => execFileSync("git", argv, { cwd: folder, encoding: "utf8" }).trim();
  const commit = (subject: string) => {
    const who = ["-c", "user.name=ana", "-c", "user.email=ana@shop.test", "-c", "commit.gpgsign=false"];
    git(...who, "commit", "--quiet", "--allow-empty", "-m", subject);
    return git("rev-parse", "HEAD");
  };

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-commits-"));
    git("init", "--quiet");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  /** A store in which a release of this commit has finished. */
  async function released(live: string | undefined): Promise<MemoryStore> {
    const store = new MemoryStore({ now: () => new Date("2026-03-03T10:00:00Z"), monotonic: () => 0 });
    const lease = await store.acquire(system, "a-1", "test");
    const journal = store.open(system, "a-1", lease);
    const manifest = manifestOf(system, { version: "1.0.0", ...(live !== undefined && { commit: live }) });
    const plan = { ...planOf(questionOf(system, { environment: "dev" })), manifest };
    const written = JSON.parse(JSON.stringify(plan));
    await journal.append({ kind: "started", format: 1, release: "a-1", by: "ana", plan: written });
    await journal.append({ kind: "ended", outcome: "finished", why: "it is live" });
    return store;
  }

  const brought = (store: MemoryStore, manifest: Manifest) =>
    broughtBy({ store, system, releaseId: "a-2", manifest, folder });

  it("are the commits between the release before and this one, the newest first", async () => {
    const live = commit("As it is");
    commit("Rewards are counted once");
    const head = commit("A name is mended");
    const found = await brought(await released(live), manifestOf(system, { commit: head }));
    assert.deepEqual(
      found.commits?.map((line) => line.replace(/^\S+ /, "")),
      ["A name is mended", "Rewards are counted once"],
    );
    assert.match(
      withCommits("1.0.1 after 1.0.0", found),
      /^1\.0\.1 after 1\.0\.0:\n- \w+ A name is mended\n- /,
    );
  });

  it("is not known without a release before, without a commit in a manifest, or in another checkout", async () => {
    const live = commit("As it is");
    const empty = new MemoryStore({ now: () => new Date(), monotonic: () => 0 });
    const manifest = manifestOf(system, { commit: live });
    assert.match((await brought(empty, manifest)).why!, /no release has finished/);
    assert.match((await brought(await released(undefined), manifest)).why!, /of 1\.0\.0 names no commit/);
    const elsewhere = await brought(await released("c".repeat(40)), manifest);
    assert.match(elsewhere.why!, /does not have c{40}/);
    assert.equal(withCommits("1.0.1", elsewhere), "1.0.1");
  });

  it("is listed to whoever agrees to a hotfix, and where nobody can tell the gate concludes nothing (TES-088)", async () => {
    const live = commit("As it is");
    const manifest = manifestOf(system, { commit: commit("Rewards are counted once") });
    const change = async (store: MemoryStore) =>
      knowledgeOf({
        context: { workspace: { root: folder } } as unknown as CommandContext,
        release: { contract: { system }, stack: "dev", settings: { days: {} } } as unknown as LoadedSystem,
        releaseId: "a-2",
        plan: planOf(questionOf(system, { environment: "dev", manifest })),
        store,
      }).change();
    assert.match(
      (await change(await released(live)))!.seen,
      /commits since 1\.0\.0: \w+ Rewards are counted once$/,
    );
    await assert.rejects(change(await released(undefined)), /nobody can tell which commits 1\.0\.1 brings/);
  });
});
