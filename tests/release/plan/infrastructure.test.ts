import assert from "node:assert/strict";
import { explainPlan } from "../../../release/plan/explain-plan";
import { noSuchRelease } from "../../../release/plan/infrastructure-refusals";
import { manifestFaults } from "../../../release/plan/parse-manifest";
import { planDocument, planDocumentSchema } from "../../../release/plan/plan-document";
import { plannedEntries } from "../../../release/plan/planned-entries";
import { planRelease } from "../../../release/plan/planner";
import { entriesFor, releaseTypes } from "../../../release/plan/selection";
import { environments, systemNames } from "../../../runbooks/model";
import { changeOf, infrastructurePlan, infrastructureQuestion, stackChanges } from "./support/infrastructure";
import { contractOf, liveVersion, manifestOf, observedOf, refusalsOf } from "./support/questions";

const kindsOf = (change: Parameters<typeof infrastructureQuestion>[0], system?: "kirana-store") =>
  refusalsOf(planRelease(infrastructureQuestion(change, system))).map(({ kind }) => kind);

describe("a plan of infrastructure alone (TES-019)", () => {
  for (const environment of environments) {
    it(`${environment}: updates the stack, and neither deploys nor moves nor migrates anything`, () => {
      const plan = infrastructurePlan({ environment });
      const all = [...plan.steps, ...plan.rollback, ...plan.aborted];
      const acts = all.flatMap(({ entry, does }) => {
        const named = plan.entries[entry];
        return does.as === "action" && named?.word === "step" ? [named.does.action] : [];
      });
      assert.deepEqual(acts, environment === "production" ? ["workflow", "tag"] : ["workflow"]);
      assert.deepEqual(
        all.filter(({ phase, does }) => phase === "ramp" || phase === "switch" || does.as === "weight"),
        [],
      );
      assert.deepEqual(plan.types, ["infrastructure", "normal"]);
    });
  }

  it("has no candidate: both sides are what is live", () => {
    const { from, to, manifest } = infrastructurePlan();
    assert.deepEqual(from, { version: liveVersion, sides: { app: "production" } });
    assert.deepEqual(to, from);
    assert.deepEqual(manifest.components, {});
  });

  it("asks all that a release asks before and after: snapshot, baseline, approval, outputs, resources, an hour's watch", () => {
    const { steps, watched } = infrastructurePlan();
    const ids = steps.map(({ id }) => id);
    for (const id of [
      "prepare/announce-start",
      "prepare/pre-deployment-state",
      "prepare/pre-deployment-metrics",
      "approve/senior-engineer-approval",
      "deploy-idle/update-stack",
      "deploy-idle/update-succeeded",
      "deploy-idle/outputs-present",
      "deploy-idle/resources-verified",
      "watch/on-call-aware-of-infrastructure",
      "finish/infrastructure-log",
    ])
      assert.ok(ids.includes(id), id);
    for (const entry of ["on-call-aware", "deployments-log", "application-only-release", "deploy-package"])
      assert.ok(!ids.some((id) => id.endsWith(`/${entry}`)), entry);
    const update = steps.find(({ id }) => id === "deploy-idle/update-stack")!;
    assert.ok(update.precondition.includes("approve/senior-engineer-approval"));
    assert.ok(update.precondition.includes("deploy-idle/changes-as-approved"));
    const gates = watched.map(({ entry }) => entry);
    for (const gate of ["health-after-swap", "error-rate-rollback", "latency-against-baseline"])
      assert.ok(gates.includes(gate), gate);
    assert.ok(!gates.includes("requests-lost-in-swap"));
    assert.equal(steps.find(({ id }) => id === "watch/watch")?.plannedSeconds, 3600);
  });

  it("says honestly what undoes it: people do, and they are told at once", () => {
    const plan = infrastructurePlan();
    const update = plan.steps.find(({ id }) => id === "deploy-idle/update-stack")!;
    assert.match(update.undo, /a person brings up the stack of the commit before/);
    const [first] = plan.rollback;
    assert.equal(first?.id, "rollback/infrastructure-rollback");
    assert.deepEqual(first.tells, ["announce-infrastructure-rollback"]);
    assert.match(explainPlan(plan), /nothing goes back by itself/);
  });

  it("names what cannot be undone, and what comes along with the same update", () => {
    const changes = [changeOf("database", "replace"), changeOf("other", "update", false)];
    const plan = infrastructurePlan({ stack: { ...stackChanges, changes } });
    const [along, lost] = plan.warnings;
    assert.match(
      along!,
      /changes of other systems, whose runbooks are not asked \(1 change .*update other\)/,
    );
    assert.match(lost!, /replace database: what it holds goes with it/);
    const [, section] = explainPlan(plan).split("What cannot be undone\n");
    assert.match(section!, /^ {2}- replace database: what it holds goes with it/);
  });

  it("shows the changes, to people and to machines; and binds its digest to theirs", () => {
    const plan = infrastructurePlan();
    const shown = explainPlan(plan);
    assert.match(shown, /1\.0\.0 stays, its infrastructure changes \(infrastructure, normal\)/);
    assert.match(shown, /Traffic: stays where it is \(app: production\)/);
    assert.match(shown, /- update database\n {4}- create subnet/);
    const document = planDocumentSchema.parse(JSON.parse(JSON.stringify(planDocument(plan))));
    assert.deepEqual(document.stack, stackChanges);
    const other = { ...stackChanges, digest: `sha256:${"e".repeat(64)}` };
    assert.notEqual(infrastructurePlan({ stack: other }).digest, plan.digest);
  });

  it("asks nothing of a candidate's side: one that is kept, or holds something else, is no matter", () => {
    const manifest = manifestOf("tesoro-xp");
    const { app } = observedOf("tesoro-xp", manifest);
    const { idle: _, ...kept } = { ...app!, retainedBy: "r-1", keys: {} };
    assert.deepEqual(kindsOf({ observed: { app: kept } }), []);
  });

  it("is refused where nobody knows which side is live, and while traffic is shared", () => {
    const gone = { exists: false, traffic: {}, keys: {}, versions: {} };
    assert.deepEqual(kindsOf({ observed: { app: gone } }), ["nothing-there"]);
    const { app } = observedOf("tesoro-xp", manifestOf("tesoro-xp"));
    const shared = { ...app!, traffic: { production: 90, blue: 10 } };
    assert.deepEqual(kindsOf({ observed: { app: shared } }), ["traffic-under-way"]);
  });

  it("is refused without changes of the system's own, with a clear word", () => {
    assert.deepEqual(kindsOf({ stack: { ...stackChanges, changes: [] } }), ["no-stack-changes"]);
    const foreign = { ...stackChanges, changes: [changeOf("other", "create", false)] };
    const [refusal] = refusalsOf(planRelease(infrastructureQuestion({ stack: foreign })));
    assert.match(
      refusal!.message,
      /^there is nothing to release: a preview of the stack changes nothing of tesoro-xp \(of other systems: 1 change of the stack: create other\)$/,
    );
  });

  it("is refused for a version that is not live, and with anything that would be deployed", () => {
    const manifest = { system: "tesoro-xp", version: "9.9.9", components: {} };
    assert.deepEqual(kindsOf({ manifest }), ["another-version"]);
    const migration = { names: ["V002"], kind: "additive" as const };
    const faults = manifestFaults(
      { ...manifestOf("tesoro-xp"), migration },
      { contract: contractOf("tesoro-xp"), deploys: false },
    );
    assert.deepEqual(
      faults.map(({ key }) => key),
      ["components.app", "migration"],
    );
    assert.match(faults[0]!.mend, /--type full/);
    const bare = { system: "tesoro-xp", version: liveVersion };
    assert.deepEqual(manifestFaults(bare, { contract: contractOf("tesoro-xp"), deploys: false }), []);
  });

  it("takes the version of the manifest for live where nobody can tell it", () => {
    const { app } = observedOf("tesoro-xp", manifestOf("tesoro-xp"));
    const { from } = infrastructurePlan({ observed: { app: { ...app!, versions: {} } } });
    assert.equal(from.version, liveVersion);
  });

  it("asks the calendar as every release does, and takes the emergency path with a reason", () => {
    const saturday = new Date("2026-10-17T17:00:00Z");
    assert.deepEqual([...new Set(kindsOf({ now: saturday }))], ["window-closed"]);
    const types = releaseTypes({}, { alone: true, emergency: true });
    assert.deepEqual(kindsOf({ now: saturday, types }), ["emergency"]);
    assert.deepEqual(kindsOf({ now: saturday, types, options: { reason: "the database is full" } }), []);
  });

  for (const system of systemNames.filter((name) => name !== "tesoro-xp")) {
    it(`${system}: its runbook has no such release, and that is said`, () => {
      for (const environment of environments) {
        const [refusal] = noSuchRelease(contractOf(system), environment);
        assert.equal(refusal?.kind, "no-such-release");
        assert.match(
          refusal.message,
          new RegExp(`^the runbook of ${system} has no release of infrastructure alone`),
        );
      }
    });
  }

  it("is refused before anything else is asked where the contract updates no stack", () => {
    assert.ok(kindsOf({}, "kirana-store").includes("no-such-release"));
  });

  it("leaves out what a contract would do to a candidate, also where its entries do not say for which releases they are", () => {
    const contract = contractOf("tesoro-xp");
    const entries = contract.entries.map(
      ({ releases, ...entry }) =>
        (releases?.includes("application") ? entry : { ...entry, releases }) as typeof entry,
    );
    const plan = infrastructurePlan({ contract: { ...contract, entries } as typeof contract });
    const acts = [...plan.steps, ...plan.rollback].flatMap(({ entry }) => {
      const named = plan.entries[entry];
      return named?.word === "step" ? [named.name] : [];
    });
    assert.deepEqual(acts, ["update-stack", "tag-release"]);
  });

  it("has entries of its own that count as carried out, and that no other release has", () => {
    const own = [
      "infrastructure-change-notification",
      "infrastructure-log",
      "on-call-aware-of-infrastructure",
      "announce-infrastructure-rollback",
    ];
    const planned = plannedEntries(contractOf("tesoro-xp"));
    const names = (types: ReturnType<typeof releaseTypes>) =>
      entriesFor(contractOf("tesoro-xp"), "production", types).map(({ name }) => name);
    for (const name of own) {
      assert.ok(planned.has(name), name);
      assert.ok(!names(releaseTypes({}, { infrastructure: true })).includes(name), name);
    }
    assert.ok(names(releaseTypes({}, { infrastructure: true })).includes("full-release"));
    assert.ok(!names(releaseTypes({}, { alone: true })).includes("full-release"));
    assert.ok(!names(releaseTypes({}, { infrastructure: true })).includes("infrastructure-only-release"));
  });
});
