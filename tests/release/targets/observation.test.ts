import assert from "node:assert/strict";
import { firstColour } from "../../../release/targets/first-position";
import { idleStub, stubOwnership } from "../../../release/targets/idle-stub";
import type { Json } from "../../../release/targets/json";
import { describeLease, parseLease } from "../../../release/targets/lease";
import {
  refuseForeignNamespace,
  refuseForeignObject,
  refuseUnownedNamespace,
} from "../../../release/targets/ownership";
import { formatRetained, parseRetained } from "../../../release/targets/retained";
import { initialService } from "../../../release/targets/selector";
import { observationOf } from "../../../release/targets/sighting";
import { workloadsOf } from "../../../release/targets/workloads";
import { gatewayTarget, keyOf, selectorTarget, sighted, slotsTarget, workload } from "../support/targets";

describe("an observation", () => {
  it("names the live and the idle side, the traffic and the deployed keys", () => {
    assert.deepEqual(observationOf(selectorTarget, sighted()), {
      exists: true,
      known: true,
      live: "blue",
      idle: "green",
      traffic: { blue: 100, green: 0 },
      sides: { blue: keyOf("1"), green: keyOf("2") },
    });
  });

  it("has no idle side in a ramp, nor while a release keeps the other one", () => {
    assert.equal(
      observationOf(selectorTarget, sighted({ traffic: { blue: 90, green: 10 } })).idle,
      undefined,
    );
    const retained = { side: "green", release: "shop-7" };
    assert.equal(observationOf(selectorTarget, sighted({ retained })).idle, undefined);
  });

  it("calls the side live that has the most, the first on a tie", () => {
    const live = (green: number) =>
      observationOf(selectorTarget, sighted({ traffic: { blue: 100 - green, green } })).live;
    assert.deepEqual([0, 49, 50, 51, 100].map(live), ["blue", "blue", "blue", "green", "green"]);
  });

  it("gives a key only to a side whose components all carry it; a stub carries none", () => {
    const sides = (workloads: ReturnType<typeof workload>[]) =>
      observationOf(gatewayTarget, sighted({ workloads })).sides;
    const api = (key: string) => workload("blue", key, { component: "api", name: "api-blue" });
    assert.deepEqual(sides([workload("blue", keyOf("1")), api(keyOf("1"))]), { blue: keyOf("1") });
    assert.deepEqual(sides([workload("blue", keyOf("1")), api(keyOf("2"))]), {});
    assert.deepEqual(sides([workload("blue", keyOf("1"))]), {});
    assert.deepEqual(sides([workload("blue", keyOf("1")), workload("blue", undefined, { stub: true })]), {});
  });

  it("names the components of a side that is there in part; of one that lost its mark the key of its pods", () => {
    const parts = (workloads: ReturnType<typeof workload>[]) =>
      observationOf(gatewayTarget, sighted({ workloads })).parts;
    const api = workload("blue", undefined, { component: "api", name: "api-blue", podsKey: keyOf("1") });
    const web = workload("blue", keyOf("1"));
    assert.deepEqual(parts([web]), { blue: { web: keyOf("1") } });
    assert.deepEqual(parts([web, api]), { blue: { web: keyOf("1"), api: keyOf("1") } });
    assert.deepEqual(parts([web, { ...api, podsKey: undefined, stub: true }]), { blue: { web: keyOf("1") } });
    assert.equal(parts([web, { ...api, releaseKey: keyOf("1") }]), undefined);
    assert.equal(parts([]), undefined);
  });

  it("of what does not exist yet says so, and why", () => {
    const observation = observationOf(slotsTarget, {
      exists: false,
      traffic: {},
      workloads: [],
      reason: "no site",
    });
    assert.deepEqual(observation, { exists: false, known: true, traffic: {}, sides: {}, reason: "no site" });
  });
});

describe("Deployments", () => {
  const deployment = (name: string, changes: Json = {}): Json => ({
    metadata: { name, ...changes },
    spec: {},
  });

  it("are those that the target names, with key and replicas; others of the namespace are passed over", () => {
    const found = workloadsOf(selectorTarget, [
      {
        metadata: { name: "web-green", annotations: { "switchyard.dev/release-key": keyOf("2") } },
        spec: { replicas: 3 },
        status: { readyReplicas: 1 },
      },
      deployment("web"),
    ]);
    assert.deepEqual(found, [workload("green", keyOf("2"), { replicas: 3, readyReplicas: 1 })]);
  });

  it("that lost their key are known by the one of their pods", () => {
    const annotations = { "switchyard.dev/release-key": keyOf("1") };
    const template = { metadata: { annotations } };
    const [found] = workloadsOf(selectorTarget, [{ metadata: { name: "web-blue" }, spec: { template } }]);
    assert.deepEqual([found!.releaseKey, found!.podsKey], [undefined, keyOf("1")]);
  });

  it("are stubs until the program has put its own image and key there", () => {
    const stub = idleStub(selectorTarget, "shop", "web", "green");
    assert.equal((stub.spec as Json).replicas, 0);
    assert.deepEqual(workloadsOf(selectorTarget, [stub]), [
      workload("green", undefined, { replicas: 0, readyReplicas: 0, stub: true }),
    ]);
    const [byHand] = workloadsOf(selectorTarget, [deployment("web-green")]);
    assert.equal(byHand!.stub, false);
  });

  it("keep an owner for the replicas of a stub and for nothing else", () => {
    const [entry] = (stubOwnership("2026-11-21T12:00:00Z").metadata as Json).managedFields as Json[];
    assert.deepEqual(entry!.fieldsV1, { "f:spec": { "f:replicas": {} } });
    assert.equal(entry!.subresource, "scale");
  });
});

describe("the first position", () => {
  const first = (blue: [number, number], green: [number, number]) =>
    firstColour("shop", selectorTarget, "blue", {
      exists: false,
      traffic: {},
      workloads: [
        workload("blue", keyOf("1"), { readyReplicas: blue[0], replicas: blue[1] }),
        workload("green", keyOf("2"), { readyReplicas: green[0], replicas: green[1] }),
      ],
    });

  it("is the runbook's before anything runs", () => {
    assert.equal(first([0, 0], [0, 0]), "blue");
    assert.equal(
      firstColour("shop", selectorTarget, "green", { exists: false, traffic: {}, workloads: [] }),
      "green",
    );
  });

  it("is the side that serves when the object was lost: by ready pods, else by wanted ones", () => {
    assert.equal(first([0, 0], [2, 2]), "green");
    assert.equal(first([0, 3], [2, 2]), "green");
    assert.equal(first([0, 0], [0, 2]), "green");
    assert.equal(first([2, 2], [0, 0]), "blue");
  });

  it("is refused when both serve: a guess could send everybody to the old version", () => {
    assert.throws(() => first([2, 2], [1, 2]), {
      message: /both colours of shop have pods \(web-blue 2\/2, web-green 1\/2\)/,
      mend: /--replicas=0/,
    });
  });
});

describe("marks on what is there", () => {
  it("a retained side goes there and back; anything else in its place is refused", () => {
    const retained = { side: "green", release: "shop@7" };
    const annotations = { "switchyard.dev/retained": formatRetained(retained) };
    assert.deepEqual(parseRetained(annotations, ["blue", "green"], "x"), retained);
    assert.equal(parseRetained({}, ["blue", "green"], "x"), undefined);
    for (const text of ["green", "purple@shop-7", "@shop-7", "", 7]) {
      assert.throws(
        () => parseRetained({ "switchyard.dev/retained": text }, ["blue", "green"], "Service shop/web"),
        /Service shop\/web is annotated .* SIDE@RELEASE/,
      );
    }
  });

  it("a lease is read whole or refused: an unreadable one must not pass for none", () => {
    const lease = { release: "shop-8", holder: "ana", expiresAt: "2026-11-21T13:00:00Z" };
    assert.deepEqual(parseLease(JSON.stringify(lease), "x"), lease);
    for (const text of ["", "null", "{}", '{"release":"a","holder":"","expiresAt":"b"}', "[]"]) {
      assert.throws(() => parseLease(text, "lease.json"), /lease.json holds no lease/);
    }
    assert.match(describeLease(lease, new Date("2026-11-21T12:00:00Z")), /lease until 2026-11-21T13/);
  });

  it("an object that a track of the system made is its own; everybody else's is refused with what it says", () => {
    refuseForeignObject(initialService(selectorTarget, "shop", "blue"), "x", "shop");
    assert.throws(
      () => refuseForeignObject({ metadata: { labels: { app: "web" } } }, "Service shop/web", "shop"),
      /Service shop\/web exists and is not shop's: it has labels \{"app":"web"\}/,
    );
    assert.throws(
      () => refuseForeignObject(initialService(selectorTarget, "other", "blue"), "x", "shop"),
      /annotation switchyard.dev\/track: other/,
    );
  });

  it("a namespace of another system is refused, one that says nothing only before the first track", () => {
    const labels = (system: string) => ({ metadata: { labels: { "app.kubernetes.io/part-of": system } } });
    refuseForeignNamespace(labels("shop"), "shop", "shop");
    refuseForeignNamespace({}, "shop", "shop");
    refuseUnownedNamespace(labels("shop"), "shop", "shop");
    assert.throws(() => refuseUnownedNamespace({}, "shop", "shop"), /nothing says that it is shop's/);
    assert.throws(() => refuseUnownedNamespace(labels("bank"), "shop", "shop"), /belongs to bank/);
    assert.throws(
      () => refuseForeignNamespace(labels("bank"), "shop", "shop"),
      /namespace shop belongs to bank/,
    );
  });
});
