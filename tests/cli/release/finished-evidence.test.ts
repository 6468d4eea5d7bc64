import assert from "node:assert/strict";
import { shownBy, stepsLeft } from "../../../cli/release/finished-evidence";
import { evidenceStatement } from "../../../policies/evidence/statement";
import type { ReleaseState } from "../../../release/engine/state";
import { releaseTypes } from "../../../release/plan/selection";
import { contracts } from "../../../runbooks/contracts";
import type { Entry } from "../../../runbooks/vocabulary";
import { contractOf, manifestOf, planOf, questionOf } from "../../release/plan/support/questions";

const migrate = (direction: string) => ({ word: "step", does: { action: "migrate", direction } });

function state(steps: Record<string, unknown>, migration?: object): ReleaseState {
  return {
    plan: {
      system: "kirana-store",
      environment: "staging",
      manifestDigest: `sha256:${"a".repeat(64)}`,
      manifest: { version: "2.0.0", components: {}, ...(migration && { migration }) },
      steps: [
        { id: "backup/dump", entry: "dump", does: { as: "action" } },
        { id: "migrate/up", entry: "up", does: { as: "action" } },
      ],
      rollback: [{ id: "rollback/down", entry: "down" }],
      entries: {
        up: migrate("up"),
        down: migrate("down"),
        dump: { word: "step", does: { action: "backup" } },
      },
    },
    done: new Map(Object.entries(steps).map(([id, seen]) => [id, { seen, milliseconds: 4_000 }])),
  } as unknown as ReleaseState;
}

/** What production wants of a release to staging, and of nothing else. */
const ofStaging: readonly string[] = ["staging-release", "migration-rehearsal"];

const dump = {
  backup: { store: "mongo", recordedAs: "dump-1", at: "2026-11-21T10:00:00Z" },
  proof: {
    by: "restoreToScratch",
    seconds: 12,
    counts: { orders: { source: 7, restored: 7 }, carts: { source: 2, restored: 2 } },
  },
};

describe("what a finished release shows", () => {
  it("is that it finished, of which manifest and where", () => {
    assert.deepEqual(
      shownBy(state({})).map(({ predicate, what, fields }) => ({ predicate, what, fields })),
      [
        {
          predicate: "staging-release",
          what: "manifest",
          fields: { manifest: `sha256:${"a".repeat(64)}`, finished: true, environment: "staging" },
        },
      ],
    );
  });

  it("is that it did not stay, and no more, of one that was rolled back after its end", () => {
    const back = { ...state({ "backup/dump": dump }), reopened: { why: "so" } } as unknown as ReleaseState;
    assert.deepEqual(
      shownBy(back).map(({ predicate, fields }) => [predicate, fields.finished]),
      [["staging-release", false]],
    );
  });

  it("is a drill for each backup that was restored to prove it, and none for one that was only listed", () => {
    const [, drill] = shownBy(state({ "backup/dump": dump }));
    assert.equal(drill!.predicate, "restore-drill");
    assert.deepEqual(drill!.fields, { store: "mongo", rows: 9, seconds: 12 });
    const listed = { ...dump, proof: { by: "listedAndSized", seconds: 1 } };
    assert.equal(shownBy(state({ "backup/dump": listed })).length, 1);
  });

  it("is a rehearsal of the migrations that it made, and none of those that it did not", () => {
    const migration = { names: ["add-column"], kind: "additive" };
    const made = shownBy(state({ "backup/dump": dump, "migrate/up": null }, migration)).at(-1)!;
    assert.equal(made.predicate, "migration-rehearsal");
    assert.deepEqual(made.fields, {
      environment: "staging",
      additive: true,
      rolledBack: false,
      seconds: 4,
      rows: 9,
    });
    assert.equal(shownBy(state({}, migration)).length, 1);
    const back = shownBy(state({ "migrate/up": null, "rollback/down": null }, migration)).at(-1)!;
    assert.equal(back.fields.rolledBack, true);
  });

  it("is nothing yet while a step is left that could make it go back; a record could not", () => {
    assert.deepEqual(stepsLeft(state({ "backup/dump": dump })), ["migrate/up"]);
    const all = state({ "backup/dump": dump, "migrate/up": null });
    assert.deepEqual(stepsLeft(all), []);
    const record = { id: "finish/history", entry: "history", does: { as: "record" } };
    const steps = [...all.plan.steps, record] as typeof all.plan.steps;
    assert.deepEqual(stepsLeft({ ...all, plan: { ...all.plan, steps } }), []);
  });

  for (const { system } of contracts) {
    it(`of ${system} on staging is all that its release to production wants of that`, () => {
      const manifest = manifestOf(system, { migration: { names: ["add-column"], kind: "additive" } });
      const types = releaseTypes(manifest);
      const plan = planOf(questionOf(system, { environment: "staging", manifest, types }));
      const seenOf = (entry: Entry | undefined) => {
        if (entry?.word !== "step" || entry.does.action !== "backup") return null;
        const { store, verifiedBy } = entry.does;
        const counts = { users: { source: 3, restored: 3 } };
        const proof = { by: verifiedBy, seconds: 1, ...(verifiedBy === "restoreToScratch" && { counts }) };
        return { backup: { store, recordedAs: "it", at: "2026-11-21T10:00:00Z", bytes: 10 }, proof };
      };
      const done = plan.steps.map(
        ({ id, entry }) => [id, { seen: seenOf(plan.entries[entry]), milliseconds: 1000 }] as const,
      );
      const shown = shownBy({ plan, done: new Map(done) } as unknown as ReleaseState);
      const wanted = contractOf(system).entries.flatMap((entry) =>
        entry.word === "evidence" && entry.producer === "release" && ofStaging.includes(entry.predicate)
          ? [entry]
          : [],
      );
      for (const { name, predicate, requires } of wanted) {
        const fields = shown.find((each) => each.predicate === predicate)?.fields;
        assert.deepEqual(
          requires.map(({ field }) => field).filter((field) => fields?.[field] === undefined),
          [],
          name,
        );
      }
    });
  }

  it("has only fields that its kind of evidence has", () => {
    const migration = { names: ["add-column"], kind: "additive" };
    for (const { predicate, what, digest, fields } of shownBy(
      state({ "backup/dump": dump, "migrate/up": null }, migration),
    )) {
      const subject = { system: "kirana-store", what, digest: digest.replace("sha256:", "") };
      assert.doesNotThrow(() => evidenceStatement(predicate, subject, fields, new Date()), predicate);
    }
  });
});
