import assert from "node:assert/strict";
import fc from "fast-check";
import { contractComponents } from "../../../release/plan/components";
import { explainPlan } from "../../../release/plan/explain-plan";
import type { Plan, PlanStep, ReleaseType } from "../../../release/plan/plan";
import { planRelease } from "../../../release/plan/planner";
import { releaseTypes } from "../../../release/plan/selection";
import { environments, type SystemName, systemNames } from "../../../runbooks/model";
import { phases } from "../../../runbooks/vocabulary";
import { contractOf, manifestOf, planOf, questionOf } from "./support/questions";

function devPlan(system: SystemName, change: { migration?: boolean } = {}): Plan {
  const migration = { names: ["add-column"], kind: "additive" as const };
  const manifest = manifestOf(system, change.migration ? { migration } : {});
  return planOf(questionOf(system, { environment: "dev", manifest, types: releaseTypes(manifest) }));
}

const idsOf = (steps: readonly PlanStep[]) => steps.map(({ id }) => id);

/** Asserts that the steps come in this order, whatever stands between them. */
function inOrder(steps: readonly PlanStep[], ...wanted: string[]): void {
  const ids = idsOf(steps);
  const places = wanted.map((id) => ids.indexOf(id));
  assert.ok(
    places.every((place, index) => place >= 0 && (index === 0 || place > places[index - 1]!)),
    `${wanted.join(", ")} in ${ids.join(", ")}`,
  );
}

function allSteps(plan: Plan): readonly (readonly PlanStep[])[] {
  return [plan.steps, plan.rollback, plan.restore, plan.aborted];
}

describe("planner", () => {
  it("saves, proves and migrates before it deploys, and looks before it moves traffic (kirana-store)", () => {
    inOrder(
      devPlan("kirana-store").steps,
      "prepare/live-side-checked",
      "backup/back-up-database",
      "migrate/database-backup-taken",
      "migrate/migrate-database",
      "migrate/migrations-verified",
      "deploy-idle/deploy-green",
      "smoke/green-health",
      "ramp/ramp-traffic/0",
      "ramp/ramp-traffic/10",
      "ramp/ramp-traffic/100",
      "watch/watch",
      "finish/metrics-nominal",
      "finish/deployment-declared-successful",
    );
  });

  it("proves the swap before the web app is replaced, and purges what caches it last (kirana-inventory)", () => {
    inOrder(
      planOf(questionOf("kirana-inventory")).steps,
      "smoke/slot-health",
      "ramp/slot-tests-passed",
      "ramp/canary/10",
      "switch/swap-slots",
      "switch/api-health-after-swap",
      "switch/publish-frontend",
      "switch/app-loads",
      "switch/purge-cdn",
      "watch/watch",
    );
  });

  it("scales the old side up and waits for it before traffic goes back (retail-agentic)", () => {
    inOrder(
      devPlan("retail-agentic").rollback,
      "rollback/scale-up-old-side",
      "rollback/old-side-ready-for-traffic",
      "rollback/traffic-back",
      "rollback-watch/version-after-rollback",
      "rolled-back/release-history",
    );
  });

  it("names under what cannot be undone the way back of a migration that nothing restores (retail-agentic)", () => {
    const manifest = manifestOf("retail-agentic", { migration: { names: ["a"], kind: "additive" } });
    const plan = planOf(questionOf("retail-agentic", { manifest, types: releaseTypes(manifest) }));
    assert.deepEqual(plan.restore, []);
    const back = plan.rollback.find(({ id }) => id === "rollback/database-rollback");
    assert.equal(back?.undo, "nothing");
    const [, section] = explainPlan(plan).split("What cannot be undone\n");
    assert.match(section!.split("\n\n")[0]!, /\(rollback\/database-rollback\)/);
    assert.doesNotMatch(explainPlan(plan), /the backup is restored/);
  });

  it("takes backend and frontend back before it asks what answers (kirana-inventory)", () => {
    inOrder(
      devPlan("kirana-inventory").rollback,
      "rollback/swap-back",
      "rollback/previous-frontend",
      "rollback/previous-version-answers",
      "rollback-watch/previous-version-answers",
    );
  });

  it("asks before a migration what it compares with afterwards (case-management)", () => {
    const manifest = manifestOf("case-management", { migration: { names: ["a"], kind: "additive" } });
    const plan = planOf(questionOf("case-management", { manifest, types: releaseTypes(manifest) }));
    inOrder(
      plan.steps,
      "migrate/row-counts-kept/before",
      "migrate/migrations-applied",
      "migrate/row-counts-kept",
    );
  });

  it("leaves out the phase in which nothing moves traffic: kirana-store has no switch, tesoro-xp no ramp", () => {
    const phasesOf = (system: SystemName) => new Set(devPlan(system).steps.map(({ phase }) => phase));
    assert.ok(!phasesOf("kirana-store").has("switch"));
    assert.ok(!phasesOf("tesoro-xp").has("ramp"));
    assert.ok(phasesOf("kirana-inventory").has("ramp") && phasesOf("kirana-inventory").has("switch"));
  });

  it("watches as long as each runbook says, and two hours in an emergency", () => {
    const watchOf = (plan: Plan) => plan.steps.find(({ id }) => id === "watch/watch")?.plannedSeconds;
    const minutes = systemNames.map((system) => [system, watchOf(devPlan(system))! / 60]);
    assert.deepEqual(Object.fromEntries(minutes), {
      "kirana-inventory": 60,
      "tesoro-xp": 60,
      "kirana-store": 240,
      "retail-agentic": 30,
      "case-management": 60,
    });
    const manifest = manifestOf("retail-agentic");
    const types = releaseTypes(manifest, { emergency: true });
    const emergency = planOf(questionOf("retail-agentic", { types, options: { reason: "payments fail" } }));
    assert.equal(watchOf(emergency), 7200);
  });

  it("watches a switch for as long as its own numbers look back, and says last how long a rollback took", () => {
    const watched = systemNames.flatMap((system) => {
      const { steps } = devPlan(system);
      const index = steps.findIndex(({ id }) => id === "switch/watch");
      if (index < 0) return [];
      assert.notEqual(steps[index + 1]?.phase, "switch", system);
      return [[system, steps[index]!.plannedSeconds]];
    });
    assert.deepEqual(Object.fromEntries(watched), {
      "kirana-inventory": 60,
      "tesoro-xp": 120,
      "case-management": 60,
    });
    for (const [system, gate] of [
      ["kirana-inventory", "rollback/rollback-time"],
      ["case-management", "rollback/rollback-duration"],
    ] as const) {
      const { rollback } = devPlan(system);
      assert.equal(rollback.findLast(({ phase }) => phase === "rollback")?.id, gate);
    }
  });

  it("plans the steps of a migration only for a manifest that brings one", () => {
    const ids = (migration: boolean) => idsOf(devPlan("retail-agentic", { migration }).steps);
    assert.ok(ids(true).includes("migrate/migrate"));
    assert.ok(!ids(false).some((id) => id.startsWith("migrate/") || id.startsWith("backup/")));
  });

  it("asks people at their minute: before the weight that begins then, and in the order of the watch", () => {
    const plan = planOf(
      questionOf("kirana-store", { options: { startsAt: new Date("2026-10-13T14:58:00Z") } }),
    );
    const ids = idsOf(plan.steps);
    assert.equal(ids[ids.indexOf("ramp/support-ready") + 1], "ramp/ramp-traffic/40");
    const asked = plan.steps.flatMap(({ phase, does }) =>
      phase === "watch" && does.as === "question" ? [does.afterSeconds ?? 0] : [],
    );
    assert.deepEqual(
      asked,
      [...asked].sort((left, right) => left - right),
    );
    assert.equal(
      ids.indexOf("watch/watch"),
      ids.findLastIndex((id) => id.startsWith("watch/")),
    );
  });

  it("tells customers every 30 minutes of the ramp", () => {
    const plan = planOf(
      questionOf("kirana-store", { options: { startsAt: new Date("2026-10-13T14:58:00Z") } }),
    );
    const told = plan.steps.flatMap(({ does, tells }) =>
      does.as === "weight" && tells.includes("customers-progress") ? [does.percent] : [],
    );
    assert.deepEqual(told, [30, 60, 90]);
  });

  it("asks for the candidate's own errors only where it has traffic", () => {
    const watched = new Map(devPlan("kirana-store").watched.map((gate) => [gate.entry, gate]));
    assert.equal(watched.get("ramp-error-rate")?.fromPercent, 10);
    assert.equal(watched.get("green-is-measured")?.fromPercent, undefined);
    assert.deepEqual(watched.get("rollback-error-rate")?.phases, ["ramp", "watch"]);
  });

  it("looks at every number of a watch all the time, and runs a suite once", () => {
    for (const system of systemNames) {
      const plan = planOf(questionOf(system, { environment: "staging", types: ["application", "normal"] }));
      const once = new Set(plan.steps.filter(({ does }) => does.as === "gate").map(({ id }) => id));
      for (const { entry, phases: during } of plan.watched) {
        for (const phase of during) assert.ok(!once.has(`${phase}/${entry}`), `${phase}/${entry} is both`);
      }
    }
    const { watched, steps } = planOf(questionOf("case-management"));
    assert.ok(
      idsOf(steps).length > 0 && !watched.some(({ entry }) => entry === "smoke-tests-after-rollback"),
    );
  });

  it("tells of a rollback while it runs, not before", () => {
    const { rollback } = planOf(questionOf("case-management"));
    assert.deepEqual(rollback.find(({ does }) => does.as === "action")?.tells, ["rollback-told"]);
    assert.ok(!rollback.some(({ does }) => does.as === "message"));
  });

  it("is whole in itself: every entry that a step or a watched gate names is in it", () => {
    for (const system of systemNames) {
      const plan = planOf(questionOf(system, { environment: "staging" }));
      const named = [...allSteps(plan).flat(), ...plan.watched].map(({ entry }) => entry);
      assert.deepEqual(
        named.filter((entry) => entry !== "watch" && !(entry in plan.entries)),
        [],
        system,
      );
    }
  });

  it("asks for evidence of components that a manifest names: of another, none could be shown", () => {
    for (const system of systemNames) {
      const contract = contractOf(system);
      const asked = contract.entries.flatMap((entry) =>
        entry.word === "evidence" && entry.component !== undefined ? [entry.component] : [],
      );
      assert.deepEqual(
        asked.filter((component) => !contractComponents(contract).includes(component)),
        [],
        system,
      );
    }
  });

  it("names the approvals before every move after them, and the backup before a migration and a restore", () => {
    const { steps } = planOf(
      questionOf("kirana-store", { options: { startsAt: new Date("2026-10-13T14:58:00Z") } }),
    );
    const step = (id: string) => steps.find((each) => each.id === id)!;
    assert.ok(step("ramp/ramp-traffic/90").precondition.includes("approve/four-signatures"));
    assert.ok(step("migrate/migrate-database").precondition.includes("backup/back-up-database"));
    assert.ok(step("deploy-idle/deploy-green").precondition.includes("deploy-idle/database-backup-taken"));
  });

  it("asks for an unchanged stack before a release of code alone; a full one updates it first and asks behind (TES-019 to TES-021)", () => {
    const manifest = manifestOf("tesoro-xp");
    const steps = (infrastructure: boolean) => {
      const types = releaseTypes(manifest, { infrastructure });
      const { steps: all, entries } = planOf(
        questionOf("tesoro-xp", { environment: "staging", manifest, types }),
      );
      return all.filter(({ entry }) => {
        const named = entries[entry];
        const check = named?.word === "checkGate" ? named.check : undefined;
        const asked = check?.provider === "release" ? check.expects : "";
        const asks = asked === "stackUnchanged" || asked === "resourcesAsDeclared";
        return entry === "update-stack" || asks;
      });
    };
    const ids = (infrastructure: boolean) => steps(infrastructure).map(({ id }) => id);
    assert.deepEqual(ids(false), ["deploy-idle/application-only-release"]);
    assert.deepEqual(ids(true), ["deploy-idle/update-stack", "deploy-idle/resources-verified"]);
  });

  it("binds its digest to manifest, contract, version before and path, not to the moment or the traffic", () => {
    const question = questionOf("kirana-store", { environment: "dev" });
    const { digest } = planOf(question);
    const later = { ...question, now: new Date("2027-01-01T00:00:00Z"), options: { requestsPerSecond: 500 } };
    assert.equal(planOf(later).digest, digest);
    const other = manifestOf("kirana-store", { commit: "c".repeat(40) });
    const contract = { ...contractOf("kirana-store"), watchSeconds: 60 };
    const store = { ...question.observed.store!, versions: { blue: "0.9.9", green: "1.0.1" } };
    for (const change of [{ manifest: other }, { contract }, { observed: { store } }]) {
      assert.notEqual(planOf({ ...question, ...change }).digest, digest, Object.keys(change).join());
    }
  });

  it("has the same digest in whatever order the keys of manifest and contract stand", () => {
    const question = questionOf("kirana-store", { environment: "dev" });
    const contract = contractOf("kirana-store");
    const entries = contract.entries.map(backwards) as typeof contract.entries;
    const manifest = backwards(question.manifest) as typeof question.manifest;
    assert.equal(
      planOf({ ...question, manifest, contract: { ...contract, entries } }).digest,
      planOf(question).digest,
    );
  });

  it("plans any part of any contract in the order of the phases, with preconditions that stand before", () => {
    const types = fc.subarray<ReleaseType>(["infrastructure", "application", "migration", "normal"], {
      minLength: 1,
    });
    const part = fc.record({
      system: fc.constantFrom(...systemNames),
      environment: fc.constantFrom(...environments),
      types,
      seed: fc.array(fc.boolean(), { minLength: 7, maxLength: 31 }),
    });
    fc.assert(
      fc.property(part, ({ system, environment, types: chosen, seed }) => {
        const contract = contractOf(system);
        const entries = contract.entries.filter((entry, index) => {
          const deploys = entry.word === "step" && entry.does.action === "deploy";
          return deploys || (entry.word !== "window" && seed[index % seed.length]);
        });
        const question = questionOf(system, {
          environment,
          types: chosen,
          contract: { ...contract, entries },
        });
        const planned = planRelease(question);
        assert.ok("plan" in planned, JSON.stringify(planned));
        for (const steps of allSteps(planned.plan)) assertWellOrdered(steps);
      }),
      { numRuns: 60 },
    );
  });
});

function assertWellOrdered(steps: readonly PlanStep[]): void {
  const seen = new Set<string>();
  let latest = 0;
  for (const { id, phase, precondition, timeoutSeconds, plannedSeconds } of steps) {
    const place = phases.indexOf(phase);
    assert.ok(place >= latest, `${id} comes after a later phase`);
    latest = place;
    for (const before of precondition)
      assert.ok(seen.has(before), `${id} waits for ${before}, which is not before it`);
    assert.ok(!seen.has(id), `${id} stands twice`);
    seen.add(id);
    assert.ok(timeoutSeconds >= plannedSeconds && plannedSeconds >= 0, id);
  }
}

function backwards(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(backwards);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, inner]) => [key, backwards(inner)]),
  );
}
