import assert from "node:assert/strict";
import fc from "fast-check";
import { changedSides, type GuardFacts, judge } from "../../../release/targets/guard";
import type { Workload } from "../../../release/targets/sighting";
import { gatewayTarget, keyOf, selectorTarget, sighted, slotsTarget, workload } from "../support/targets";

const deployedKeys = { blue: keyOf("1"), green: keyOf("2") };

/** Blue is live, green idle; declared and deployed agree. */
function facts(changes: Partial<GuardFacts> = {}): GuardFacts {
  return {
    system: "shop",
    target: selectorTarget,
    declared: deployedKeys,
    before: deployedKeys,
    sighting: sighted(),
    lease: undefined,
    now: new Date("2026-11-21T12:00:00Z"),
    ...changes,
  };
}

const lease = { release: "shop-8", holder: "ana@runner-1", expiresAt: "2026-11-21T13:00:00Z" };
const only = (given: GuardFacts): string => {
  const { refusals } = judge(given);
  assert.equal(refusals.length, 1, refusals.join("\n"));
  return refusals[0]!;
};
const letThrough = (given: GuardFacts) => assert.deepEqual(judge(given), { refusals: [], notes: [] });

describe("what an update may do to the sides", () => {
  it("lets everything through that is declared as it is deployed", () => letThrough(facts()));

  it("lets the idle side change, be taken away and be declared anew", () => {
    letThrough(facts({ declared: { ...deployedKeys, green: keyOf("3") } }));
    letThrough(facts({ declared: { blue: keyOf("1") } }));
    const withoutGreen = sighted({ workloads: [workload("blue", keyOf("1"))] });
    letThrough(facts({ before: { blue: keyOf("1") }, sighting: withoutGreen }));
  });

  it("refuses a changed key of the live side; the text names it, the idle one to change instead and the command", () => {
    const text = only(facts({ declared: { ...deployedKeys, blue: keyOf("9") } }));
    assert.match(text, /^blue is live \(100 % of the traffic of Service shop\/web\)/);
    assert.match(text, /would change its release key from sha256:1{12} to sha256:9{12}, while web-blue runs/);
    assert.match(text, /shop:sides\.green: switchyard release prepare shop --to MANIFEST/);
  });

  it("refuses a checkout that is older than what is deployed, also when the last update came from it", () => {
    const later = sighted({ workloads: [workload("blue", keyOf("7")), workload("green", keyOf("2"))] });
    for (const before of [{ ...deployedKeys, blue: keyOf("7") }, deployedKeys, undefined]) {
      assert.match(only(facts({ before, sighting: later })), /this checkout is older .* git pull/);
    }
  });

  it("lets a declaration catch up with what is deployed, as after a state that was restored", () => {
    letThrough(facts({ before: { ...deployedKeys, blue: keyOf("0") } }));
  });

  it("refuses to take the live side's block away", () => {
    assert.match(only(facts({ declared: { green: keyOf("2") } })), /shop:sides no longer declares it/);
  });

  it("protects both sides in a ramp: none is idle", () => {
    const ramp = sighted({ traffic: { blue: 90, green: 10 } });
    letThrough(facts({ sighting: ramp }));
    const text = only(facts({ sighting: ramp, declared: { ...deployedKeys, green: keyOf("3") } }));
    assert.match(text, /^green is live in a ramp \(10 % of the traffic/);
    assert.match(text, /No side of shop is idle: finish its release or roll it back first/);
  });

  it("protects the side that a release keeps for a rollback, and names the release", () => {
    const switched = sighted({
      traffic: { blue: 0, green: 100 },
      retained: { side: "blue", release: "shop-7" },
    });
    letThrough(facts({ sighting: switched }));
    const text = only(facts({ sighting: switched, declared: { ...deployedKeys, blue: keyOf("3") } }));
    assert.match(
      text,
      /^blue is kept for a rollback by release shop-7 until that is finished \(green is live/,
    );
    assert.match(text, /switchyard release status shop/);
  });

  it("refuses a changed key of an idle side that still has pods, with the command that takes them away", () => {
    const left = (changes: Partial<Workload>) =>
      sighted({ workloads: [workload("blue", keyOf("1")), workload("green", keyOf("2"), changes)] });
    const changed = facts({ declared: { ...deployedKeys, green: keyOf("3") }, sighting: left({}) });
    const text = only(changed);
    assert.match(text, /^green has no traffic and still has pods \(2 of web-green, Service shop\/web\)/);
    assert.match(text, /from sha256:2{12} to sha256:3{12}, which would start there at once/);
    assert.match(text, /kubectl -n shop scale deployment web-green --replicas=0/);
    // Wanted already counts, ready or not; what is declared as it is deployed, or taken away, starts nothing.
    only({ ...changed, sighting: left({ readyReplicas: 0 }) });
    letThrough({ ...changed, declared: deployedKeys });
    letThrough({ ...changed, declared: { blue: keyOf("1") } });
    letThrough({ ...changed, sighting: left({ replicas: 0, readyReplicas: 2 }) });
    letThrough(facts({ sighting: left({ releaseKey: undefined }) }));
  });

  it("refuses any change of keys while a release holds the system, with its name and its holder", () => {
    const text = only(facts({ lease, declared: { ...deployedKeys, green: keyOf("3") } }));
    assert.match(
      text,
      /green of shop would change while a release is running: release shop-8, held by ana@runner-1/,
    );
    letThrough(facts({ lease }));
  });

  it("counts an expired lease: its release is unfinished", () => {
    const expired = { ...lease, expiresAt: "2026-11-21T11:00:00Z" };
    const text = only(facts({ lease: expired, declared: { blue: keyOf("1") } }));
    assert.match(text, /its lease expired at 2026-11-21T11:00:00Z/);
  });

  it("protects a live side of which one component differs", () => {
    const workloads = [
      workload("blue", keyOf("1")),
      workload("blue", keyOf("5"), { component: "api", name: "api-blue" }),
    ];
    const text = only(facts({ target: gatewayTarget, sighting: sighted({ workloads }) }));
    assert.match(text, /while api-blue runs sha256:5{12}/);
  });

  it("lets a side that has traffic and no Deployment yet be declared: the first update was cut short", () => {
    letThrough(
      facts({ sighting: sighted({ workloads: [] }), declared: { blue: keyOf("9"), green: keyOf("2") } }),
    );
    const stub = workload("blue", undefined, { stub: true, replicas: 0, readyReplicas: 0 });
    letThrough(facts({ sighting: sighted({ workloads: [stub] }), declared: { blue: keyOf("9") } }));
  });

  it("lets the update put back a key that somebody took off, and nothing else beside", () => {
    const unmarked = sighted({ workloads: [workload("blue", undefined)] });
    const { refusals, notes } = judge(facts({ sighting: unmarked }));
    assert.deepEqual(refusals, []);
    assert.match(notes.join(), /web-blue and its pods carry no release key: its pods are replaced/);
    const text = only(facts({ sighting: unmarked, declared: { ...deployedKeys, blue: keyOf("9") } }));
    assert.match(text, /while web-blue runs no known block/);
  });

  it("says what it makes anew of a side that serves and is there only in part", () => {
    const api = (changes: Partial<Workload> = {}) =>
      workload("blue", keyOf("1"), { component: "api", name: "api-blue", ...changes });
    const noteOf = (workloads: readonly Workload[]) => {
      const { refusals, notes } = judge(facts({ target: gatewayTarget, sighting: sighted({ workloads }) }));
      assert.deepEqual(refusals, []);
      return notes.join();
    };
    assert.match(
      noteOf([api()]),
      /^blue is live \(100 % .*\), and is only partly recognised\. web-blue is not there: it is made .*\. The rest of it stays/,
    );
    const unmarked = api({ releaseKey: undefined, podsKey: keyOf("1") });
    assert.match(
      noteOf([unmarked, workload("blue", keyOf("1"))]),
      /api-blue carries no release key: it is put back, and its pods stay/,
    );
    assert.equal(noteOf([api(), workload("blue", keyOf("1"))]), "", "green, which is idle, may be anything");
  });

  it("refuses to put a key on a live Deployment whose pods were made from another block", () => {
    const workloads = [workload("blue", undefined, { podsKey: keyOf("7") })];
    assert.match(only(facts({ sighting: sighted({ workloads }) })), /while web-blue runs sha256:7{12}/);
  });

  it("protects nothing before anything exists", () => {
    const nothing = { exists: false, traffic: {}, workloads: [] };
    letThrough(facts({ sighting: nothing, before: undefined }));
  });

  it("never lets a side with traffic or pods through whose deployed key is another than the declared one", () => {
    const key = fc.constantFrom(keyOf("1"), keyOf("2"), keyOf("3"));
    fc.assert(
      fc.property(
        fc.record({ blue: key, green: key }),
        fc.record({ blue: key, green: key }),
        fc.record({ blue: key, green: key }),
        fc.integer({ min: 0, max: 100 }),
        (declared, before, deployed, green) => {
          const sighting = sighted({
            traffic: { blue: 100 - green, green },
            workloads: [workload("blue", deployed.blue), workload("green", deployed.green)],
          });
          const endangered = (["blue", "green"] as const).filter((side) => declared[side] !== deployed[side]);
          const { refusals } = judge(facts({ declared, before, sighting }));
          assert.deepEqual(
            refusals.map((text) => text.split(" ")[0]),
            endangered,
          );
        },
      ),
    );
  });
});

describe("what an update may do to a site with a slot", () => {
  const keys = { production: keyOf("1"), staging: keyOf("2") };
  const site = (changes: Partial<GuardFacts>): GuardFacts =>
    facts({
      target: slotsTarget,
      before: keys,
      declared: keys,
      sighting: { exists: true, traffic: { production: 100, staging: 0 }, workloads: [] },
      ...changes,
    });

  it("says that the live side restarts when its configuration changes, and refuses nothing", () => {
    const { refusals, notes } = judge(site({ declared: { ...keys, production: keyOf("3") } }));
    assert.deepEqual(refusals, []);
    assert.match(notes.join(), /site shop-functions with slot staging: .* restarts it/);
    letThrough(site({ declared: { ...keys, staging: keyOf("3") } }));
  });

  it("refuses it while a release is running", () => {
    assert.match(only(site({ lease, declared: { ...keys, staging: keyOf("3") } })), /release shop-8/);
  });
});

describe("changedSides", () => {
  it("is empty for a new track, and holds sides that come, go or change", () => {
    const changed = (before: Record<string, string> | undefined, declared: Record<string, string>) =>
      changedSides({ target: selectorTarget, before, declared });
    assert.deepEqual(changed(undefined, deployedKeys), []);
    assert.deepEqual(changed(deployedKeys, { blue: keyOf("1") }), ["green"]);
    assert.deepEqual(changed({}, deployedKeys), ["blue", "green"]);
  });
});
