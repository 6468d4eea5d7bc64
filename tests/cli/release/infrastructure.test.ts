import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { changesDigest } from "../../../cli/approved-changes";
import type { CommandContext } from "../../../cli/context";
import { UsageError } from "../../../cli/exit";
import { broughtBy } from "../../../cli/release/commits";
import { previousManifest } from "../../../cli/release/earlier-releases";
import { historyOf } from "../../../cli/release/history";
import { knowledgeOf } from "../../../cli/release/knowledge";
import { seenIn } from "../../../cli/release/live-resources";
import type { LoadedSystem } from "../../../cli/release/load-release";
import { localUpdater } from "../../../cli/release/local-update";
import { manifestOfLive } from "../../../cli/release/manifest-of-live";
import { chosenOptions, type GivenPlanningOptions } from "../../../cli/release/planning-options";
import { backWords } from "../../../cli/release/rollback";
import { showPlan } from "../../../cli/release/show-plan";
import { statusText } from "../../../cli/release/show-status";
import { stackChangesOf } from "../../../cli/release/stack-preview";
import { silentProgress } from "../../../local/progress";
import type { EntryOfWord } from "../../../release/engine/parts";
import { stateOf } from "../../../release/engine/state";
import type { JournalEntry } from "../../../release/journal/entry";
import { MemoryStore } from "../../../release/journal/memory-store";
import type { Plan } from "../../../release/plan/plan";
import { releaseFields } from "../../../release/records/release-fields";
import { assembleReport, type ResourceChange } from "../../../reports/model";
import {
  infrastructurePlan,
  infrastructureQuestion,
  stackChanges,
} from "../../release/plan/support/infrastructure";
import { contractOf, liveVersion, planOf, questionOf } from "../../release/plan/support/questions";
import { root } from "../../support/root";

const system = "tesoro-xp";
const now = new Date("2026-10-13T17:00:00Z");

const resource = (owner: string, name: string, op: ResourceChange["op"]): ResourceChange => ({
  urn: `urn:pulumi:dev::switchyard::switchyard:systems:${owner}$azure-native:sql:Database::${name}`,
  type: "azure-native:sql:Database",
  op,
  diff: [],
});

function reportOf(...resources: ResourceChange[]) {
  const subject = { kind: "preview", stack: "dev", offline: false } as const;
  return assembleReport({
    subject,
    succeeded: true,
    resources,
    policies: [],
    rules: [],
    warnings: [],
    errors: [],
  });
}

/** A store with releases that have ended, the oldest first. */
async function storeWith(...releases: readonly (readonly [Plan, readonly JournalEntry[]])[]) {
  const store = new MemoryStore({ now: () => now, monotonic: () => 0 });
  for (const [index, [plan, entries]] of releases.entries()) {
    const release = `r-${index + 1}`;
    const lease = await store.acquire(system, release, "test");
    const journal = store.open(system, release, lease);
    const written = JSON.parse(JSON.stringify(plan));
    await journal.append({ kind: "started", format: 1, release, by: "ana", plan: written });
    for (const entry of entries) await journal.append(entry);
    await lease.giveBack();
  }
  return store;
}

const finished: JournalEntry = { kind: "ended", outcome: "finished", why: "so" };
const began: JournalEntry = { kind: "intent", step: "deploy-idle/update-stack" };
const updated: JournalEntry = { kind: "done", step: "deploy-idle/update-stack", seen: null, milliseconds: 1 };

describe("options of a release of infrastructure alone", () => {
  const given: GivenPlanningOptions = { stack: "staging", emergency: false, infrastructure: false };

  it("want no manifest, and every other release one", () => {
    assert.equal(chosenOptions({ ...given, type: "infrastructure" }, [system]).alone, true);
    for (const type of [undefined, "application", "full"] as const)
      assert.throws(
        () => chosenOptions({ ...given, ...(type && { type }) }, [system]),
        /required option '--to <manifest>' not specified/,
      );
    const full = chosenOptions({ ...given, to: "m.yaml", type: "full" }, [system]);
    assert.deepEqual([full.infrastructure, full.alone], [true, undefined]);
  });

  it("go together with one system, and not with what says something else", () => {
    assert.throws(
      () => chosenOptions({ ...given, type: "infrastructure" }, [system, "kirana-store"]),
      UsageError,
    );
    for (const type of ["application", "infrastructure"] as const)
      assert.throws(
        () => chosenOptions({ ...given, to: "m.yaml", type, infrastructure: true }, [system]),
        /--infrastructure is --type full/,
      );
  });
});

describe("what a release of infrastructure alone is planned from", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-infrastructure-"));
  });
  after(() => rmSync(folder, { recursive: true, force: true }));

  it("is the preview of the stack, by the digest that an update is held to", () => {
    const report = reportOf(
      resource("TesoroXp", "database", "update"),
      resource("TesoroXp", "kept", "same"),
      resource("KiranaStore", "other", "create"),
    );
    const { digest, changes } = stackChangesOf(report, system);
    assert.equal(digest, changesDigest(report));
    assert.deepEqual(
      changes.map(({ op, own }) => [op, own]),
      [
        ["create", false],
        ["update", true],
      ],
    );
  });

  it("is the version that is live, without a component", async () => {
    const { contract, facts, observed } = infrastructureQuestion();
    assert.deepEqual(await manifestOfLive({ contract, facts, observed }, folder), {
      system,
      version: liveVersion,
      components: {},
    });
    const { app } = observed;
    await assert.rejects(
      manifestOfLive({ contract, facts, observed: { app: { ...app!, versions: {} } } }, folder),
      /Nobody can tell which version of tesoro-xp is live/,
    );
  });

  it("is no manifest with components, which is said before the stack is looked at", async () => {
    const context: CommandContext = {
      workspace: { root, dist: "", policyPack: "", stateDir: folder },
      progress: silentProgress,
      signal: new AbortController().signal,
      out: () => {},
      say: () => {},
    };
    const plan = (to?: string) =>
      showPlan(context, system, {
        stack: "dev",
        emergency: false,
        infrastructure: false,
        alone: true,
        fault: [],
        format: "text",
        ...(to !== undefined && { to }),
      });
    const file = join(folder, "with.yaml");
    writeFileSync(file, "system: tesoro-xp\nversion: 1\ncomponents: { app: { package: a, digest: b } }\n");
    await assert.rejects(plan(file), /components\.app: received .*deploys nothing/s);
    await assert.rejects(plan(join(folder, "none.yaml")), /none\.yaml cannot be read/);
    await assert.rejects(plan(), /^UserError: dev has no recorded state here/);
  });
});

describe("what releases of infrastructure alone leave behind", () => {
  const alone = infrastructurePlan();
  const code = planOf(questionOf(system));

  it("is no version that a later release goes back to", async () => {
    const store = await storeWith([code, [finished]], [alone, [began, updated, finished]]);
    assert.deepEqual(await previousManifest(store, system, "r-3"), code.manifest);
    const { manifest } = alone;
    const brought = await broughtBy({ store, system, releaseId: "r-3", manifest, folder: tmpdir() });
    assert.deepEqual(brought.commits, []);
  });

  it("is a row of the history that says so, and no measure of a full release's time", async () => {
    const done = (step: string): JournalEntry => ({ kind: "done", step, seen: null, milliseconds: 60_000 });
    const steps = ["prepare/announce-start", "deploy-idle/resources-verified", "finish/announce-completion"];
    const store = await storeWith([alone, [began, updated, ...steps.map(done), finished]]);
    const states = [stateOf(await store.open(system, "r-1").read())];
    const { releases, targets } = historyOf(contractOf(system), states);
    assert.deepEqual(
      releases.map(({ from, to, stackChanges: count, outcome }) => [from, to, count, outcome]),
      [[liveVersion, liveVersion, 2, "finished"]],
    );
    const measured = (name: string) => targets.find((target) => target.name === name)?.measured;
    assert.equal(measured("infrastructure-only-release"), 60);
    assert.equal(measured("full-release"), undefined);
  });

  it("is a status that says that traffic stays, and how far the update came", async () => {
    const words = async (...entries: readonly JournalEntry[]) => {
      const store = await storeWith([alone, entries]);
      const state = stateOf(await store.open(system, "r-1").read());
      return statusText(system, "production", {
        store: store as never,
        release: "r-1",
        state,
        runner: undefined,
        again: () => assert.fail(),
      });
    };
    assert.match(
      await words(),
      /^tesoro-xp 1\.0\.0 stays, 2 changes of its stack on production, release r-1\n/,
    );
    assert.match(await words(), /traffic {4}stays on production; its stack is not updated yet/);
    assert.match(await words(began), /stays on production; its stack is being updated/);
    assert.match(await words(began, updated), /stays on production; its stack is updated/);
    const rollback: JournalEntry = { kind: "rollback", why: "slow", by: "ana", seenAt: now.toISOString() };
    assert.match(await words(began, rollback), /its stack was changed, and people bring it back/);
  });

  it("is a way back that no command calls done: the stack is not back by it, and no traffic was away", async () => {
    const words = async (plan: Plan, ...entries: readonly JournalEntry[]) =>
      backWords(stateOf(await (await storeWith([plan, entries])).open(system, "r-1").read()), 1.25);
    const rollback: JournalEntry = { kind: "rollback", why: "slow", by: "ana", seenAt: now.toISOString() };
    const stopped: JournalEntry = { kind: "stopped", why: "no", outcome: "aborted" };
    assert.equal(await words(alone, began), undefined);
    // Also when the update failed, which never was done.
    for (const entries of [
      [began, rollback],
      [began, updated, rollback],
    ])
      assert.match(
        (await words(alone, ...entries))!,
        /^The stack stays as it was updated until people have brought it back/,
      );
    assert.equal(await words(alone, stopped), "The stack was not changed: nothing has to go back.");
    const swap = { kind: "intent", step: "switch/swap-slots" } as const;
    const back = { kind: "done", step: "rollback/swap-back", seen: null, milliseconds: 1 } as const;
    assert.equal(await words(code, swap, rollback), undefined);
    assert.equal(await words(code, swap, rollback, back), "All traffic is back on production after 1.3 s.");
  });

  it("are records and messages that tell of the stack, and of no version that came", async () => {
    const store = await storeWith([alone, [began, updated]]);
    const fields = releaseFields(await store.open(system, "r-1").read(), now);
    assert.equal(fields.changes, "2 changes of the stack: update database, create subnet; 1.0.0 stays live");
    assert.equal(fields.title, "tesoro-xp 1.0.0, infrastructure");
    assert.equal(fields["previous version"], liveVersion);
    const rollback: JournalEntry = { kind: "rollback", why: "errors", by: "ana", seenAt: now.toISOString() };
    const back = await storeWith([alone, [began, { kind: "phase", phase: "rollback" }, rollback]]);
    const after = releaseFields(await back.open(system, "r-1").read(), now);
    assert.equal(after.next, "people bring the stack back; then find the cause, mend it and release anew");
  });

  it("is a hotfix whose changes are listed, and minimal only without those of other systems", async () => {
    const ask = (plan: Plan) =>
      knowledgeOf({
        context: {} as CommandContext,
        release: {
          contract: contractOf(system),
          settings: { sides: {}, days: {} },
        } as unknown as LoadedSystem,
        releaseId: "r-1",
        plan,
        store: new MemoryStore({ now: () => now, monotonic: () => 0 }),
      }).change();
    assert.deepEqual(await ask(alone), {
      minimal: true,
      seen: "nothing is deployed; 2 changes of the stack: update database, create subnet",
    });
    const foreign = stackChanges.changes.map((change) => ({ ...change, own: false }));
    const shared = { ...alone, stack: { ...stackChanges, changes: foreign } };
    assert.equal((await ask(shared))?.minimal, false);
  });
});

describe("how a system's resources stand in the world (TES-036)", () => {
  it("is what a survey says of them: gone, different, or not to be told; others' and undeclared ones are no matter", () => {
    const { resources } = reportOf(
      resource("TesoroXp", "kept", "same"),
      resource("TesoroXp", "gone", "delete"),
      resource("TesoroXp", "changed", "update"),
      resource("TesoroXp", "stray", "create"),
      resource("KiranaStore", "other", "delete"),
    );
    const undecided = { rule: "azure", level: "mandatory", verdict: "undecided", message: "" } as const;
    const policies = ["TesoroXp", "KiranaStore"].map((owner) => ({
      ...undecided,
      urn: resource(owner, "asked", "same").urn,
    }));
    assert.deepEqual(seenIn({ resources, policies }, system), {
      same: 1,
      differ: ["changed differs from what was declared", "gone is gone"],
      undecided: ["asked"],
    });
  });
});

describe("the update of dev in a release", () => {
  const does = { action: "workflow", file: "deploy-infrastructure.yml", inputs: {} } as const;
  const entry = { word: "step", name: "update-stack", timeoutSeconds: 600 } as EntryOfWord<"step">;
  const pending = reportOf(resource("TesoroXp", "database", "update"));

  function updater(report = pending) {
    const ups: number[] = [];
    const act = localUpdater(
      { root, stack: "dev", signal: new AbortController().signal },
      {
        preview: async () => report,
        async up({ timeoutSeconds }) {
          ups.push(timeoutSeconds);
        },
      },
    );
    return { ups, update: (stackChanges = "") => act(does, entry, { stackChanges }) };
  }

  it("brings up what was approved", async () => {
    const { ups, update } = updater();
    assert.match(
      await update(changesDigest(pending)),
      /^dev was brought up in place of deploy-infrastructure\.yml/,
    );
    assert.deepEqual(ups, [600]);
  });

  it("refuses anything else before it changes something", async () => {
    const { ups, update } = updater();
    await assert.rejects(
      update(`sha256:${"0".repeat(64)}`),
      /is not what was approved .*nothing was changed/,
    );
    assert.deepEqual(ups, []);
  });

  it("has nothing left to do where it was carried out already", async () => {
    const { ups, update } = updater(reportOf(resource("TesoroXp", "database", "same")));
    assert.match(await update(`sha256:${"0".repeat(64)}`), /nothing left to do/);
    assert.deepEqual(ups, []);
  });

  it("takes whatever is pending in a release of code with its stack", async () => {
    const { ups, update } = updater();
    await update();
    assert.equal(ups.length, 1);
  });
});
