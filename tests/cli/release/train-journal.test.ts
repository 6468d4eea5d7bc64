import assert from "node:assert/strict";
import { releaseLookCommands } from "../../../cli/commands/release-look";
import type { CommandContext } from "../../../cli/context";
import { placeOf } from "../../../cli/release/train/show-train";
import { namesTrain, requireNoTrain, trainOf } from "../../../cli/release/train/train-journal";
import type { JournalEntry } from "../../../release/journal/entry";
import { journalFormat } from "../../../release/journal/entry";
import type { HeldLease } from "../../../release/journal/journal";
import { MemoryStore } from "../../../release/journal/memory-store";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import type { Standing } from "../../../release/train/standing";
import { type Train, trainsName } from "../../../release/train/train";

const train: Train = {
  digest: "sha256:0",
  environment: "dev",
  members: ["kirana-inventory", "tesoro-xp"].map((system) => ({
    system,
    release: `${system}-1`,
    after: [],
    manifest: { system, version: "2.0.0", components: {} },
    types: ["application", "normal"],
    planDigest: "sha256:1",
  })),
};

const started: JournalEntry = {
  kind: "started",
  format: journalFormat,
  release: "train-1",
  by: "starter",
  plan: JSON.parse(JSON.stringify(train)),
};

describe("the train that a release is of", () => {
  const store = new MemoryStore(new VirtualClock());
  let lease: HeldLease;
  before(async () => {
    lease = await store.acquire(trainsName, "train-1", "process 1");
  });

  it("is none before it has begun", async () => {
    assert.equal(await trainOf(store, "tesoro-xp", "tesoro-xp-1"), undefined);
  });

  it("is the one under way that has this very release", async () => {
    await store.open(trainsName, "train-1", lease).append(started);
    assert.equal(await trainOf(store, "tesoro-xp", "tesoro-xp-1"), "train-1");
    assert.equal(await trainOf(store, "tesoro-xp", "tesoro-xp-0"), undefined);
    assert.equal(await trainOf(store, "kirana-store", "tesoro-xp-1"), undefined);
  });

  it("is none any more once it has ended, also while its lease is still there", async () => {
    await store
      .open(trainsName, "train-1", lease)
      .append({ kind: "ended", outcome: "finished", why: "live" });
    assert.equal(await trainOf(store, "tesoro-xp", "tesoro-xp-1"), undefined);
  });

  it("shows one of its releases as it stands now, when that was taken back after the train had ended", () => {
    const reopened = { finishedAt: "2026-11-21T18:00:00.000Z", why: "orders are lost" };
    const standing = (state: object) =>
      ({
        member: train.members[0],
        begun: true,
        runs: false,
        over: { outcome: "finished", why: "live", at: "" },
        state,
      }) as unknown as Standing;
    assert.equal(placeOf(standing({ ended: { outcome: "finished" } })), "finished, live");
    assert.match(
      placeOf(standing({ reopened })),
      /^finished at 2026-11-21T18:00:00\.000Z, goes back: orders/,
    );
    assert.match(
      placeOf(standing({ reopened, ended: { outcome: "rolledBack" } })),
      /rolled back since: orders/,
    );
  });

  it("is named by its id, or as the newest one; no system is", () => {
    assert.deepEqual(["train", "train-20261121-184122-e8df", "tesoro-xp"].map(namesTrain), [
      true,
      true,
      false,
    ]);
    const help = (name: string) =>
      releaseLookCommands({} as CommandContext)
        .find((command) => command.name() === name)
        ?.helpInformation();
    assert.match(help("status") ?? "", /or train/);
    assert.doesNotMatch(help("explain") ?? "or train", /or train/, "it offers what it refuses");
    assert.throws(() => requireNoTrain("train", "explain"), /explain is of one release; received train/);
    assert.doesNotThrow(() => requireNoTrain("tesoro-xp", "explain"));
  });
});
