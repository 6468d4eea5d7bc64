import assert from "node:assert/strict";
import { offersOf } from "../../../release/incident/offers";
import { type IncidentPlan, planIncident, playbooksOf } from "../../../release/incident/plan";
import { incidentEntries } from "../../../release/incident/planned-entries";
import { contracts } from "../../../runbooks/contracts";
import type { Contract, Entry } from "../../../runbooks/vocabulary";

const contractOf = (system: string) => contracts.find((each) => each.system === system)!;
const names = (entries: readonly { readonly name: string }[]) => entries.map(({ name }) => name);

function planOf(system: string, symptom?: string): IncidentPlan {
  return planIncident(contractOf(system), "production", symptom);
}

describe("what an incident does, planned from the contract", () => {
  for (const contract of contracts) {
    for (const { symptom, name, diagnostics, offers } of playbooksOf(contract, "production")) {
      it(`${contract.system} ${name}: is walked whole, each of its questions in the terms of a client`, () => {
        const plan = planIncident(contract, "production", symptom);
        assert.equal(plan.playbook?.name, name);
        assert.equal(plan.diagnostics.length, diagnostics.length);
        assert.ok(offers.length <= plan.offers.length);
        assert.equal(new Set(names(plan.offers)).size, plan.offers.length, "offers have one name each");
      });
    }
  }

  it("looks at a gate, and asks a question, in the playbook alone that claims their statement", () => {
    const corruption = planOf("case-management", "data-corruption");
    const down = planOf("case-management", "production-down");
    assert.ok(names(corruption.gates).includes("corruption-scope"));
    assert.ok(!names(down.gates).includes("corruption-scope"));
    assert.ok(names(down.questions).includes("incident-resolution"));
    assert.ok(!names(corruption.questions).includes("incident-resolution"));
    // Claimed by no playbook: asked in each.
    assert.ok(names(down.questions).includes("incident-root-cause"));
    assert.ok(names(corruption.questions).includes("incident-root-cause"));
  });

  it("knows the feature flag of one endpoint as a matter of a high error rate, and of nothing else", () => {
    assert.ok(names(planOf("kirana-inventory", "high-error-rate").questions).includes("feature-flag-off"));
    assert.ok(!names(planOf("kirana-inventory", "throttled").questions).includes("feature-flag-off"));
  });

  it("carries out the emergency backup once: the contract's step is the playbook's offer", () => {
    const { offers } = planOf("case-management", "data-corruption");
    assert.deepEqual(names(offers), ["scale-to-0", "backup", "restore", "scale-to-declared"]);
    assert.equal(offers[1]?.step?.name, "emergency-backup");
  });

  it("begins with the health checks that hold at any time, but for suites", () => {
    assert.deepEqual(names(planOf("retail-agentic").health), [
      "backend-health",
      "backend-actuator-health",
      "actuator-not-public",
      "consumer-web-health",
      "admin-web-health",
    ]);
  });

  it("lets those be called by a person whose condition only a person can judge, and those of every day", () => {
    const retail = planOf("retail-agentic");
    assert.deepEqual(names(retail.ladders), ["incident-ladder"]);
    for (const name of ["security-ladder", "support-in-slack", "support-by-mail", "support-on-call"])
      assert.ok(names(retail.callable).includes(name), name);
  });

  it("rehearses on dev what production has", () => {
    assert.deepEqual(
      playbooksOf(contractOf("kirana-inventory"), "dev").map(({ symptom }) => symptom),
      playbooksOf(contractOf("kirana-inventory"), "production").map(({ symptom }) => symptom),
    );
    assert.deepEqual(playbooksOf(contractOf("kirana-inventory"), "staging"), []);
  });

  it("refuses a symptom that no playbook has, naming those there are", () => {
    assert.throws(
      () => planOf("kirana-store", "gremlins"),
      (error: Error & { mend?: string }) => {
        assert.match(error.message, /no playbook for the symptom "gremlins"/);
        return error.mend?.includes("production-degraded") === true;
      },
    );
  });

  it("names offers by what they do", () => {
    const [playbook] = playbooksOf(contractOf("retail-agentic"), "production").filter(
      ({ symptom }) => symptom === "latency",
    );
    assert.deepEqual(names(offersOf(playbook!)), ["scale-to-10", "change"]);
  });
});

describe("what of a contract incidents carry out", () => {
  const playbook = (changes: object): Entry =>
    ({
      word: "playbook",
      name: "slow",
      title: "Answers are slow",
      ids: ["KIR-131"],
      on: ["production"],
      during: ["incident"],
      symptom: "slow",
      condition: "Answers are slow",
      diagnostics: [],
      offers: [],
      ...changes,
    }) as Entry;
  const entriesOf = (...entries: readonly Entry[]) =>
    incidentEntries({ system: "kirana-inventory", entries, watchSeconds: 60 } as Contract);

  it("holds a playbook whose questions can be asked", () => {
    assert.deepEqual([...entriesOf(playbook({}))], ["slow"]);
  });

  for (const [source, query] of [
    ["kubernetes", "everything that is broken"],
    ["azureMonitor", "plan CpuPercentage Median"],
    ["http", "POST / of api"],
    ["inNetwork", "cosmos: everything"],
    ["release", "gossip"],
    ["azureResource", "functionApp"],
  ]) {
    it(`holds none with a question that nothing can ask: ${source} "${query}"`, () => {
      assert.deepEqual(
        [...entriesOf(playbook({ diagnostics: [{ title: "a question", source, query }] }))],
        [],
      );
    });
  }

  it("holds no playbook of another moment", () => {
    assert.deepEqual([...entriesOf(playbook({ during: ["hold"] }))], []);
  });
});
