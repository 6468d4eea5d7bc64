import assert from "node:assert/strict";
import type { NodeSelectorTerm } from "../../../../local/cluster/kubelet/pod";
import { unsuitable, waitsForBinding } from "../../../../local/cluster/kubelet/scheduling";
import { parseSelector, SelectorError } from "../../../../local/cluster/kubelet/selector";
import { pod } from "./support";

const labels = { "kubernetes.io/os": "linux", cores: "4" };

describe("binding of pods", () => {
  it("leaves alone what is bound, gated, being deleted, or another scheduler's", () => {
    assert.ok(waitsForBinding(pod()));
    assert.ok(!waitsForBinding(pod({ nodeName: "x" })));
    assert.ok(!waitsForBinding(pod({ schedulingGates: [{ name: "wait" }] })));
    assert.ok(!waitsForBinding(pod({ schedulerName: "mine" })));
    assert.ok(!waitsForBinding(pod({}, { deletionTimestamp: "2026-01-01T00:00:00Z" })));
  });

  it("refuses a nodeSelector that the node's labels do not answer, in the scheduler's words", () => {
    assert.equal(unsuitable(pod(), "node", labels), undefined);
    assert.equal(
      unsuitable(pod({ nodeSelector: { "kubernetes.io/os": "linux" } }), "node", labels),
      undefined,
    );
    assert.match(
      unsuitable(pod({ nodeSelector: { gpu: "yes" } }), "node", labels) ?? "",
      /didn't match Pod's node/,
    );
  });

  const terms: [string, NodeSelectorTerm, boolean][] = [
    ["In", { matchExpressions: [{ key: "cores", operator: "In", values: ["2", "4"] }] }, true],
    ["NotIn", { matchExpressions: [{ key: "cores", operator: "NotIn", values: ["4"] }] }, false],
    ["Exists", { matchExpressions: [{ key: "gpu", operator: "Exists" }] }, false],
    ["DoesNotExist", { matchExpressions: [{ key: "gpu", operator: "DoesNotExist" }] }, true],
    ["Gt", { matchExpressions: [{ key: "cores", operator: "Gt", values: ["3"] }] }, true],
    ["Lt", { matchExpressions: [{ key: "cores", operator: "Lt", values: ["4"] }] }, false],
    ["the node by name", { matchFields: [{ key: "metadata.name", operator: "In", values: ["node"] }] }, true],
    ["an empty term", {}, false],
  ];
  for (const [what, term, suits] of terms) {
    it(`reads a required affinity: ${what}`, () => {
      const nodeAffinity = { requiredDuringSchedulingIgnoredDuringExecution: { nodeSelectorTerms: [term] } };
      assert.equal(unsuitable(pod({ affinity: { nodeAffinity } }), "node", labels) === undefined, suits);
    });
  }
});

describe("label selector of a fault", () => {
  const green = { app: "web", deployment: "green" };
  const cases: [string, boolean][] = [
    ["", true],
    ["app=web", true],
    ["app==web,deployment=green", true],
    ["app=web,deployment!=green", false],
    ["deployment!=blue", true],
    ["app", true],
    ["canary", false],
  ];
  for (const [text, hits] of cases) {
    it(`"${text}" ${hits ? "hits" : "does not hit"}`, () => assert.equal(parseSelector(text)(green), hits));
  }

  it("that is none is refused with what is allowed", () => {
    assert.throws(() => parseSelector("app in (a)"), SelectorError);
    assert.throws(() => parseSelector("=x"), /allowed are name=value/);
  });
});
