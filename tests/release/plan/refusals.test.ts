import assert from "node:assert/strict";
import type { Manifest } from "../../../release/plan/manifest";
import type { ObservedTrack } from "../../../release/plan/observed";
import { type PlanQuestion, planRelease } from "../../../release/plan/planner";
import type { Refusal } from "../../../release/plan/refusal";
import { isPostMortem, releaseTypes } from "../../../release/plan/selection";
import { contracts } from "../../../runbooks/contracts";
import type { SystemName } from "../../../runbooks/model";
import type { Contract, Entry } from "../../../runbooks/vocabulary";
import {
  contractOf,
  liveVersion,
  manifestOf,
  observedOf,
  planOf,
  questionOf,
  refusalsOf,
  tuesdayMorning,
} from "./support/questions";

function refusals(question: PlanQuestion): readonly Refusal[] {
  return refusalsOf(planRelease(question));
}

function onlyRefusal(question: PlanQuestion, kind: Refusal["kind"]): Refusal {
  const found = refusals(question);
  assert.deepEqual([...new Set(found.map((each) => each.kind))], [kind]);
  assert.ok(found.every(({ mend }) => mend.length > 10));
  return found[0]!;
}

/** On dev, where no window stands between a change and its refusal. */
function dev(system: SystemName, change: Partial<PlanQuestion> = {}): PlanQuestion {
  return questionOf(system, { environment: "dev", ...change });
}

function withTrack(system: SystemName, name: string, change: Partial<ObservedTrack>): PlanQuestion {
  const question = dev(system);
  return {
    ...question,
    observed: { ...question.observed, [name]: { ...question.observed[name]!, ...change } },
  };
}

/** The contract with one of its entries changed. */
function contractWith(system: SystemName, name: string, change: (entry: Entry) => Entry): Contract {
  const contract = contractOf(system);
  return {
    ...contract,
    entries: contract.entries.map((entry) => (entry.name === name ? change(entry) : entry)),
  };
}

/** The question asked for the next time at which the windows are open. */
function whenOpen(question: PlanQuestion): PlanQuestion {
  const closed = refusals(question).find(({ kind }) => kind === "window-closed");
  if (closed === undefined) return question;
  const [, at] = /--at (\S+)\.$/.exec(closed.mend) ?? [];
  assert.ok(at);
  return { ...question, options: { ...question.options, startsAt: new Date(at) } };
}

describe("what stands against a plan", () => {
  it("is nothing for a candidate that is declared on the idle side, in every system", () => {
    for (const system of [
      "kirana-inventory",
      "tesoro-xp",
      "kirana-store",
      "retail-agentic",
      "case-management",
    ] as const)
      assert.deepEqual(refusals(dev(system)), [], system);
  });

  it("is a manifest with a moving tag, even one that was not read from a file", () => {
    const manifest = manifestOf("kirana-store");
    const components = { ...manifest.components, "kirana-store-backend": { image: "r/backend:prod" } };
    const question = dev("kirana-store", { manifest: { ...manifest, components } as Manifest });
    assert.match(onlyRefusal(question, "unfit-manifest").message, /tag "prod"/);
  });

  it("is an idle side that holds another block than the candidate's; prepare mends it", () => {
    const question = withTrack("kirana-store", "store", {
      keys: { blue: `sha256:${"0".repeat(64)}`, green: `sha256:${"1".repeat(64)}` },
      versions: { blue: liveVersion, green: "0.9.0" },
    });
    const { message, mend } = onlyRefusal(question, "not-declared");
    assert.match(message, /green.*0\.9\.0.*sha256:111111111111.*candidate is 1\.0\.1/);
    assert.match(mend, /release prepare kirana-store/);
  });

  it("is an idle side that holds nothing whole", () => {
    const question = withTrack("kirana-store", "store", { keys: {}, versions: { blue: liveVersion } });
    assert.match(onlyRefusal(question, "not-declared").message, /nothing whole/);
  });

  it("is a config of the manifest that the declared block does not have: the key says so", () => {
    const manifest = manifestOf("kirana-store");
    const question = dev("kirana-store", {
      manifest: { ...manifest, config: { "kirana-store-backend": { FLAG: "on" } } },
      observed: observedOf("kirana-store", manifest),
    });
    onlyRefusal(question, "not-declared");
  });

  it("is a swap that would take a setting away from the new version", () => {
    const swap = { moves: [], restarts: [], sticks: [], breaks: ["ORDERS_URL"] };
    const { message, mend } = onlyRefusal(withTrack("tesoro-xp", "app", { swap }), "settings-break");
    assert.match(message, /would leave 1\.0\.1 in production without settings .*: ORDERS_URL$/);
    assert.match(mend, /for production and blue/);
  });

  it("is a candidate that is live already, by its key or by its version", () => {
    const byVersion = dev("tesoro-xp", { manifest: manifestOf("tesoro-xp", { version: liveVersion }) });
    assert.match(onlyRefusal(byVersion, "nothing-new").message, /1\.0\.0 of tesoro-xp is live already/);
    const question = dev("kirana-store");
    const { store } = question.observed;
    const sameKey = { ...store!, keys: { blue: store!.keys.green!, green: store!.keys.green! } };
    onlyRefusal({ ...question, observed: { store: sameKey } }, "nothing-new");
  });

  it("is not a candidate that one of several tracks has live already: the release goes on with the others", () => {
    const question = dev("kirana-inventory");
    const web = { ...question.observed.web!, versions: { production: "1.0.1" } };
    assert.deepEqual(refusals({ ...question, observed: { ...question.observed, web } }), []);
  });

  it("is a site without a slot, and a side that is kept for a rollback", () => {
    const noSlot = withTrack("tesoro-xp", "app", { idle: undefined });
    assert.match(onlyRefusal(noSlot, "no-idle-side").mend, /two sides/);
    const kept = withTrack("kirana-store", "store", { idle: undefined, retainedBy: "kirana-store-7" });
    assert.match(
      onlyRefusal(kept, "no-idle-side").message,
      /green is kept for a rollback by release kirana-store-7/,
    );
  });

  it("is traffic that is shared: somebody moves it", () => {
    const question = withTrack("kirana-store", "store", {
      traffic: { blue: 70, green: 30 },
      idle: undefined,
    });
    assert.match(onlyRefusal(question, "traffic-under-way").message, /blue 70 %, green 30 %/);
  });

  it("is a track that does not exist, and a component that the stack has no track for", () => {
    const missing = withTrack("tesoro-xp", "app", {
      exists: false,
      live: undefined,
      reason: "the site does not exist yet",
    });
    assert.match(onlyRefusal(missing, "nothing-there").message, /does not exist yet/);
    const question = dev("kirana-inventory");
    const facts = { ...question.facts, tracks: question.facts.tracks.slice(0, 1) };
    assert.match(onlyRefusal({ ...question, facts }, "nothing-there").message, /frontend/);
  });

  it("is a hold that is shorter than delay and window of a gate, with the gate and its numbers", () => {
    const contract = contractWith("kirana-store", "ramp-traffic", (entry) => {
      assert.ok(entry.word === "step" && entry.does.action === "traffic");
      const weights = entry.does.weights!.map(({ percent }) => ({
        percent,
        holdSeconds: percent === 20 ? 300 : 600,
      }));
      return { ...entry, does: { ...entry.does, weights } };
    });
    const { message } = onlyRefusal(dev("kirana-store", { contract }), "hold-too-short");
    assert.match(message, /20 % is held 300 s, but gate green-is-measured needs 360 s.*60 s late.*300 s/);
  });

  it("is never a hold of the five contracts", () => {
    for (const system of ["kirana-inventory", "kirana-store"] as const) {
      const kinds = refusals(dev(system, { options: { requestsPerSecond: 1000 } })).map(({ kind }) => kind);
      assert.deepEqual(kinds, [], system);
    }
  });

  it("is a gate that its traffic can never satisfy, with the power: requests that are needed at that weight", () => {
    const question = dev("kirana-store", { options: { requestsPerSecond: 0.5 } });
    const found = refusals(question);
    const { message, mend } = found.find(({ message: text }) => text.includes("ramp-error-rate"))!;
    // 10 % of 0.5/s over 300 s are 15 requests; 20 are the least, and a share of 5 % shows among 59 with 95 %.
    assert.match(
      message,
      /10 % of the traffic: of 0\.5 requests\/s it sees 15 in 5 min and concludes nothing below 20/,
    );
    assert.match(
      message,
      /to see a share of 5 % with 95 % it needs 59 requests in that time, 1\.97 requests\/s/,
    );
    assert.match(mend, /0\.67 requests\/s or more/);
    assert.ok(found.every(({ kind }) => kind === "too-little-traffic"));
  });

  it("is no traffic that suffices, and one that nobody knows is warned of with what is needed", () => {
    assert.deepEqual(planOf(dev("kirana-store", { options: { requestsPerSecond: 200 } })).warnings, []);
    const [warning] = planOf(dev("kirana-store")).warnings;
    assert.match(warning!, /not known: below 0\.67\/s the ramp can never go on, and only from 1\.97\/s/);
    const [little] = planOf(dev("kirana-store", { options: { requestsPerSecond: 1 } })).warnings;
    assert.match(little!, /says little at 10 % of the traffic: it sees 30 requests in 5 min, and needs 59/);
  });

  it("is a gate of the watch that all of its traffic can never satisfy, in every contract, ramp or none", () => {
    const systems = [
      "kirana-inventory",
      "tesoro-xp",
      "kirana-store",
      "retail-agentic",
      "case-management",
    ] as const;
    for (const system of systems) {
      const found = refusals(dev(system, { options: { requestsPerSecond: 0.0001 } }));
      assert.ok(found.length > 0, system);
      assert.ok(
        found.every(({ kind }) => kind === "too-little-traffic"),
        system,
      );
      const ofWatch = found.filter(({ message }) => message.includes(" in the watch: "));
      assert.ok(ofWatch.length > 0, system);
      assert.ok(
        ofWatch.every(({ mend }) => !mend.includes("ramp")),
        system,
      );
    }
  });

  it("says of such a gate the power: what it sees, the least, and what it needs", () => {
    const question = dev("case-management", { options: { requestsPerSecond: 0.05 } });
    const found = refusals(question);
    const { message, mend } = found.find(({ message: text }) => text.includes("gate error-rate "))!;
    // 0.05/s over 300 s are 15 requests; a share of 1 % shows among 299 with 95 %.
    assert.match(
      message,
      /in the watch: of 0\.05 requests\/s it sees 15 in 5 min and concludes nothing below 20/,
    );
    assert.match(
      message,
      /to see a share of 1 % with 95 % it needs 299 requests in that time, 1 requests\/s/,
    );
    assert.equal(mend, "Release when there are 0.07 requests/s or more (--requests-per-second).");
    const { warnings } = planOf(dev("case-management", { options: { requestsPerSecond: 0.5 } }));
    assert.match(
      warnings.find((warning) => warning.includes("gate error-rate "))!,
      /says little in the watch: it sees 150 requests in 5 min, and needs 299/,
    );
  });

  it("is none of a watch whose traffic nobody knows, nor what dev is sent", () => {
    for (const system of ["tesoro-xp", "retail-agentic", "case-management"] as const) {
      assert.deepEqual(planOf(dev(system)).warnings, [], system);
      assert.deepEqual(planOf(dev(system, { options: { requestsPerSecond: 100 } })).warnings, [], system);
    }
  });

  it("is a gate in a phase in which nothing waits for what it says", () => {
    const contract = contractWith("kirana-inventory", "canary", (entry) =>
      entry.word === "step" && entry.does.action === "traffic"
        ? { ...entry, does: { ...entry.does, weights: [] } }
        : entry,
    );
    const question = dev("kirana-inventory", { contract });
    assert.match(
      onlyRefusal(question, "idle-gate").message,
      /canary-error-rate .* ramp, where nothing waits/,
    );
    const idle = refusals(question).map(({ message }) => / has (\S+) /.exec(message)?.[1]);
    assert.deepEqual(idle, ["canary-error-rate", "canary-p95-latency"]);
  });

  it("is a destructive migration in a release of code; an additive one is none", () => {
    const migration = { names: ["drop-orders"], kind: "destructive" as const };
    const manifest = manifestOf("retail-agentic", { migration });
    const question = dev("retail-agentic", { manifest, types: releaseTypes(manifest) });
    assert.match(onlyRefusal(question, "destructive-migration").message, /drop-orders is destructive/);
    const additive = { ...manifest, migration: { ...migration, kind: "additive" as const } };
    assert.deepEqual(
      refusals(dev("retail-agentic", { manifest: additive, types: releaseTypes(additive) })),
      [],
    );
  });

  it("is an emergency without a reason, and one of a contract that has no such path", () => {
    const manifest = manifestOf("kirana-store");
    const types = releaseTypes(manifest, { emergency: true });
    for (const reason of [undefined, "", "  "]) {
      const question = questionOf("kirana-store", { types, options: { reason } });
      assert.match(onlyRefusal(question, "emergency").mend, /vp-engineering or director/);
    }
    assert.deepEqual(
      refusals(questionOf("kirana-store", { types, options: { reason: "orders are lost" } })),
      [],
    );
    const contract = contractOf("kirana-store");
    const without = {
      ...contract,
      entries: contract.entries.filter(({ name }) => name !== "emergency-path"),
    };
    const other = questionOf("kirana-store", {
      contract: without,
      types,
      options: { reason: "orders are lost" },
    });
    assert.match(onlyRefusal(whenOpen(other), "emergency").message, /has no emergency path/);
  });

  it("is an emergency whose roles no approval asks: the window's list by itself asks nobody", () => {
    const manifest = manifestOf("kirana-store");
    const types = releaseTypes(manifest, { emergency: true });
    const asksLess = (entry: Entry): Entry =>
      entry.word === "approval" ? { ...entry, roles: [...entry.roles, "devops-lead"] } : entry;
    const contract = contractWith("kirana-store", "emergency-approval", asksLess);
    const question = questionOf("kirana-store", { contract, types, options: { reason: "orders are lost" } });
    assert.match(
      onlyRefusal(question, "emergency-unasked").message,
      /for vp-engineering or director to allow, and no approval/,
    );
    planOf(whenOpen({ ...question, types: releaseTypes(manifest) }));
  });

  for (const { system } of contracts) {
    it(`is no emergency of ${system} with a reason: its leaders are asked, it is watched 2 hours and written up`, () => {
      const types = releaseTypes(manifestOf(system), { emergency: true });
      const { steps, entries } = planOf(
        questionOf(system, { types, options: { reason: "orders are lost" } }),
      );
      const leaders = steps.flatMap(({ entry }) => {
        const named = entries[entry];
        return named?.word === "approval" && named.releases?.includes("emergency") ? [named.roles] : [];
      });
      assert.equal(leaders.length, 1);
      assert.match(leaders[0]!.join(), /^vp-engineering,(engineering-)?director$/);
      assert.ok(Object.values(entries).some(isPostMortem));
    });

    it(`is, of ${system}, every freeze: a day, an open post-mortem, an incident that runs`, () => {
      const during = new Map([
        ["Black Friday", "2026-11-25T19:00:00Z"],
        ["the end of a quarter", "2026-09-29T18:00:00Z"],
      ]);
      for (const [name, moment] of during) {
        const found = refusals(questionOf(system, { now: new Date(moment) }));
        assert.ok(
          found.some(({ kind, message }) => kind === "window-closed" && message.includes(name)),
          name,
        );
      }
      const asked = planOf(whenOpen(questionOf(system))).steps.flatMap(({ entry, phase, does }) => {
        const gate = contractOf(system).entries.find(({ name }) => name === entry);
        return phase === "prepare" && does.as === "gate" && gate?.word === "checkGate" ? [gate] : [];
      });
      assert.ok(
        asked.some(({ check, onBreach }) => check.provider === "firedAlerts" && onBreach === "refuse"),
      );
      assert.ok(
        asked.some(({ check }) => check.provider === "release" && check.expects === "noOpenPostMortem"),
      );
    });
  }

  it("is a window that is closed when it would move something, with the next time that it is open", () => {
    // A Friday, on which the store's table does not release.
    const friday = new Date(tuesdayMorning.getTime() + 3 * 86_400_000);
    const { message, mend } = onlyRefusal(questionOf("kirana-store", { now: friday }), "window-closed");
    assert.match(
      message,
      /window deployment-window: Fri 2026-10-16 .* is outside the allowed Tue, Wed, Thu 10:00 to 14:00/,
    );
    const [, at] = /--at (\S+)\.$/.exec(mend) ?? [];
    assert.ok(at);
    assert.deepEqual(
      refusals(questionOf("kirana-store", { now: friday, options: { startsAt: new Date(at) } })),
      [],
    );
  });

  it("is no window for an emergency, and none on dev", () => {
    const friday = new Date("2026-11-27T18:00:00Z");
    const manifest = manifestOf("kirana-store");
    const types = releaseTypes(manifest, { emergency: true });
    const emergency = questionOf("kirana-store", {
      types,
      now: friday,
      options: { reason: "orders are lost" },
    });
    assert.deepEqual(refusals(emergency), []);
    assert.ok(planOf(emergency).warnings.some((warning) => warning.includes("Black Friday")));
    assert.deepEqual(refusals(dev("kirana-store", { now: friday })), []);
  });

  it("is said all at once", () => {
    const manifest = manifestOf("kirana-store", {
      version: liveVersion,
      migration: { names: ["drop"], kind: "destructive" },
    });
    const question = questionOf("kirana-store", {
      manifest,
      types: releaseTypes(manifest, { emergency: true }),
      options: { requestsPerSecond: 0.1 },
      observed: observedOf("kirana-store", manifestOf("kirana-store")),
    });
    const kinds = new Set(refusals(question).map(({ kind }) => kind));
    assert.deepEqual([...kinds].sort(), [
      "destructive-migration",
      "emergency",
      "not-declared",
      "nothing-new",
      "too-little-traffic",
    ]);
  });
});
