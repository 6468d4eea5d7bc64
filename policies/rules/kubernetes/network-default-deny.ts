import { kubernetesBenchmark } from "../../frameworks";
import { objectName, selectsAll } from "../../kubernetes/objects";
import { inNamespace, judgeWorkNamespaces } from "../../kubernetes/stack-objects";
import { kubernetes } from "../../kubernetes/types";
import { listAt } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import { violation } from "../../verdict";

export const networkDefaultDeny = stackRule({
  name: "network-default-deny",
  topic: "kubernetes",
  displayName: "Nobody connects unless a policy says so",
  description: "Every namespace with work has a network policy that denies all its pods both directions.",
  severity: "critical",
  ids: ["STO-056", "STO-057", "STO-069", "RET-094"],
  framework: kubernetesBenchmark("5.3.2"),
  remediationSteps:
    "Declare a NetworkPolicy with an empty podSelector, policyTypes Ingress and Egress, and no rules.",
  presence: kubernetes.namespace,
  evaluate(stack) {
    return judgeWorkNamespaces(stack, (namespace) => {
      const policies = inNamespace(stack, objectName(namespace), kubernetes.networkPolicy);
      if (policies.some(deniesAll)) return [];
      return [violation(namespace.urn, "no network policy denies all of its pods by default")];
    });
  },
});

function deniesAll(policy: DeclaredResource): boolean {
  const directions = listAt(policy, "spec.policyTypes");
  return (
    selectsAll(policy, "spec.podSelector") &&
    ["Ingress", "Egress"].every((direction) => directions.includes(direction)) &&
    listAt(policy, "spec.ingress").length === 0 &&
    listAt(policy, "spec.egress").length === 0
  );
}
