import assert from "node:assert/strict";
import { copyFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Command } from "commander";
import { releasePrepareCommand } from "../../../cli/commands/release-prepare";
import { releaseResumeCommand, releaseStartCommand } from "../../../cli/commands/release-start";
import type { CommandContext } from "../../../cli/context";
import { journalStoreOf } from "../../../cli/release/journal-store";
import { requireSettingsToGoOn } from "../../../cli/release/settings-to-go-on";
import { UnusableSettings } from "../../../cli/stack-settings";
import { silentProgress } from "../../../local/progress";
import { repoRoot } from "../../../local/repo-root";
import { type JournalEntry, journalFormat } from "../../../release/journal/entry";
import type { JournalStore } from "../../../release/journal/journal";
import { MemoryStore } from "../../../release/journal/memory-store";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { trainsName } from "../../../release/train/train";

const [one, other] = ["kirana-inventory", "kirana-store"] as const;
const rollback: JournalEntry = { kind: "rollback", why: "orders are lost", by: "Lena", seenAt: "" };
const placeholdersLeft = /Stack production still has \d+ placeholders/;

describe("the settings of a stack whose releases go on", () => {
  let root: string;
  let said: string[];

  beforeEach(() => {
    said = [];
    root = mkdtempSync(join(tmpdir(), "switchyard-go-on-"));
    for (const name of ["Pulumi.dev.yaml", "Pulumi.production.yaml"])
      copyFileSync(join(repoRoot(), name), join(root, name));
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  const workspace = () => ({ root, dist: "", policyPack: "", stateDir: root });
  const run = (make: (context: CommandContext) => Command, ...argv: readonly string[]) =>
    make({
      workspace: workspace(),
      progress: silentProgress,
      signal: new AbortController().signal,
      out: (text) => said.push(text),
      say: (line) => said.push(line),
    }).parseAsync(argv, { from: "user" });

  for (const systems of [[one], [one, other]]) {
    const what = systems.length === 1 ? "a release" : "a train";
    it(`placeholders that are left refuse to prepare and to start ${what}, before anything is asked`, async () => {
      const argv = [...systems, "--to", join(root, "none.yaml"), "--stack", "production"];
      await assert.rejects(run(releaseStartCommand, ...argv), placeholdersLeft);
      await assert.rejects(run(releasePrepareCommand, ...argv), placeholdersLeft);
    });
  }

  describe("on dev", () => {
    beforeEach(() => {
      const file = join(root, "Pulumi.dev.yaml");
      writeFileSync(file, readFileSync(file, "utf8").replace(":costCenter:", ":costCentre:"));
    });

    it("refuse to take a release up, and note nothing of it; one that goes back is taken up", async () => {
      const store = journalStoreOf({ workspace: workspace(), stack: "dev", user: {} });
      await begin(store, one, { kind: "held", why: "too few requests", needsPerson: true });
      await assert.rejects(run(releaseResumeCommand, one), /costCentre/);
      assert.deepEqual(await store.commands(one, `${one}-1`, new Set()), []);
      await begin(store, other, rollback);
      await assert.rejects(run(releaseResumeCommand, other), /no recorded state here/);
    });

    it("keep a release of one system from going on, and none of another's from going back", async () => {
      const store = journalStoreOf({ workspace: workspace(), stack: "dev", user: {} });
      await begin(store, one);
      await assert.rejects(run(releaseResumeCommand), UnusableSettings);
      await begin(store, other, rollback);
      await assert.rejects(run(releaseResumeCommand), /no recorded state here/);
      assert.match(said.join("\n"), /costCentre/);
    });
  });

  describe("with placeholders left", () => {
    let store: MemoryStore;
    beforeEach(() => {
      store = new MemoryStore(new VirtualClock());
    });
    const goOn = (system: string) =>
      requireSettingsToGoOn(workspace(), "production", store, { system, release: `${system}-1` });

    it("refuse a release and a train that go on", async () => {
      await begin(store, one, { kind: "phase", phase: "ramp" });
      await beginTrain(store);
      await assert.rejects(goOn(one), placeholdersLeft);
      await assert.rejects(goOn(trainsName), placeholdersLeft);
    });

    it("refuse no release that goes back, was told to, or has ended", async () => {
      await begin(store, one, rollback);
      await goOn(one);
      await begin(store, other);
      const command = { id: "1", command: "rollback", by: "Lena", at: "2026-01-05T09:00:00Z" } as const;
      await store.send(other, `${other}-1`, command);
      await goOn(other);
      await begin(store, "tesoro-xp", { kind: "ended", outcome: "finished", why: "live" });
      await goOn("tesoro-xp");
      await begin(
        store,
        "retail-agentic",
        { kind: "ended", outcome: "finished", why: "live" },
        {
          kind: "reopened",
          by: "Lena",
          why: "orders are lost",
          runner: "a process",
          epoch: 2,
          facts: {},
          passedOver: [],
        },
      );
      await goOn("retail-agentic");
    });

    it("refuse no train in which one release goes back; one that has gone back does not count", async () => {
      await beginTrain(store);
      await begin(store, one, rollback, { kind: "ended", outcome: "rolledBack", why: "orders are lost" });
      await assert.rejects(goOn(trainsName), placeholdersLeft);
      await begin(store, other, rollback);
      await goOn(trainsName);
    });
  });
});

async function begin(
  store: JournalStore,
  system: string,
  ...entries: readonly JournalEntry[]
): Promise<void> {
  await write(store, system, {}, entries);
}

/** A train of both systems. */
async function beginTrain(store: JournalStore): Promise<void> {
  const members = [one, other].map((system) => ({ system, release: `${system}-1` }));
  await write(store, trainsName, { members }, []);
}

/** Writes the journal of a release whose process is gone. */
async function write(
  store: JournalStore,
  system: string,
  plan: Extract<JournalEntry, { kind: "started" }>["plan"],
  entries: readonly JournalEntry[],
): Promise<void> {
  const release = `${system}-1`;
  const lease = await store.acquire(system, release, "a process");
  const journal = store.open(system, release, lease);
  const started: JournalEntry = { kind: "started", format: journalFormat, release, by: "Lena", plan };
  for (const entry of [started, ...entries]) await journal.append(entry);
  await lease.leave();
}
