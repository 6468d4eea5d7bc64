import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { namespaceOf } from "../../kubernetes/objects";
import { gatewayNamespaces } from "../../kubernetes/stack-objects";
import { kubernetes } from "../../kubernetes/types";
import { objectsAt, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

export const networkPolicyNamedPeers = stackRule({
  name: "network-policy-named-peers",
  topic: "kubernetes",
  displayName: "A policy that allows says whom and where",
  description:
    "Every rule of a network policy names its peers and ports; no address from outside the cluster comes in.",
  severity: "critical",
  ids: ["STO-056", "STO-057", "STO-069", "RET-094"],
  framework: benchmark("NS-1"),
  remediationSteps: "Give each rule from or to, and ports: to Kubernetes an absent list means everybody.",
  presence: kubernetes.networkPolicy,
  evaluate(stack) {
    const gateways = gatewayNamespaces(stack);
    return judged(
      judgeEach(
        stack.ofType(kubernetes.networkPolicy),
        (policy) => policy.urn,
        // Requests reach the gateway's pods from its load balancer, and leave them for any system.
        (policy) =>
          gateways.has(namespaceOf(policy))
            ? judgeRules(policy, "ingress", [])
            : [...judgeRules(policy, "ingress", ["from"]), ...judgeRules(policy, "egress", ["to"])],
      ),
    );
  },
});

function judgeRules(
  policy: DeclaredResource,
  direction: "ingress" | "egress",
  peers: readonly ("from" | "to")[],
): readonly Finding[] {
  return objectsAt(policy, `spec.${direction}`).flatMap((_rule, index) => {
    const path = `spec.${direction}.${index}`;
    const open = [...peers, "ports"]
      .filter((list) => objectsAt(policy, `${path}.${list}`).length === 0)
      .map((list) => violation(policy.urn, `${path}.${list} must name at least one`));
    return [...open, ...peers.flatMap((list) => judgePeers(policy, direction, `${path}.${list}`))];
  });
}

function judgePeers(
  policy: DeclaredResource,
  direction: "ingress" | "egress",
  path: string,
): readonly Finding[] {
  return objectsAt(policy, path).flatMap((peer, index) => {
    if (peer.ipBlock === undefined) return [];
    requiredText(policy, `${path}.${index}.ipBlock.cidr`);
    return direction === "ingress"
      ? [
          violation(
            policy.urn,
            `${path}.${index}.ipBlock must not be declared: the gateway is the one way in`,
          ),
        ]
      : [];
  });
}
