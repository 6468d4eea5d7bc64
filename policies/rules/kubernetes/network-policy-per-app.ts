import { judgeEach } from "../../decide";
import { kubernetesBenchmark } from "../../frameworks";
import { namespaceOf, selects, selectsAll } from "../../kubernetes/objects";
import { podMakers, podPath } from "../../kubernetes/pods";
import { inNamespace } from "../../kubernetes/stack-objects";
import { kubernetes } from "../../kubernetes/types";
import { listAt, mapAt } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, judged, notApplicable, violation } from "../../verdict";

export const networkPolicyPerApp = stackRule({
  name: "network-policy-per-app",
  topic: "kubernetes",
  displayName: "Each program has its own connections written down",
  description: "The pods of every workload and job are selected by a network policy of their own.",
  severity: "high",
  ids: ["STO-056", "STO-069", "RET-094"],
  framework: kubernetesBenchmark("5.3.2"),
  remediationSteps: "Declare a NetworkPolicy that selects the pods and names who connects and where to.",
  evaluate(stack) {
    const makers = stack.ofType(...podMakers);
    if (makers.length === 0) return notApplicable("the stack has no pods");
    return judged(
      judgeEach(
        makers,
        (maker) => maker.urn,
        (maker) => judgeMaker(stack, maker),
      ),
    );
  },
});

function judgeMaker(stack: StackView, maker: DeclaredResource): readonly Finding[] {
  const labels = mapAt(maker, podPath(maker, "metadata.labels"));
  const own = inNamespace(stack, namespaceOf(maker), kubernetes.networkPolicy).some(
    (policy) =>
      !selectsAll(policy, "spec.podSelector") &&
      selects(policy, "spec.podSelector", labels) &&
      ["Ingress", "Egress"].every((direction) => listAt(policy, "spec.policyTypes").includes(direction)),
  );
  return own
    ? []
    : [violation(maker.urn, "no network policy of its own selects its pods in both directions")];
}
