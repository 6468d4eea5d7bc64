import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { namespaceOf } from "../../kubernetes/objects";
import { gatewayNamespaces } from "../../kubernetes/stack-objects";
import { kubernetes } from "../../kubernetes/types";
import { describe, mapAt, objectsAt, optional, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import { retail } from "../../systems";
import { type Finding, judged, violation } from "../../verdict";

/** Label that the API server gives every namespace, and that nobody else can set. */
const namespaceName = "kubernetes.io/metadata.name";

/** A network with fewer bits than the largest private one (10.0.0.0/8) is everybody. */
const shortestPrefix = 8;

/** What has no fixed address: services over HTTPS, and the owner's mail server. */
const portsToEverybody: ReadonlySet<unknown> = new Set([
  443,
  Number(retail.contract.plainVariables.SMTP_PORT),
]);

export const networkPolicyNamedPeers = stackRule({
  name: "network-policy-named-peers",
  topic: "kubernetes",
  displayName: "A policy that allows says whom and where",
  description:
    "Every rule of a network policy names its peers, namespaces by their name, and each port; no address from outside the cluster comes in, and only HTTPS and mail go to any address.",
  severity: "critical",
  ids: ["STO-056", "STO-057", "STO-069", "RET-094"],
  framework: benchmark("NS-1"),
  remediationSteps:
    "Give each rule from or to, and ports: to Kubernetes an absent list, and an empty namespaceSelector, mean everybody.",
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
    return [
      ...open,
      ...judgePorts(policy, `${path}.ports`),
      ...peers.flatMap((list) =>
        pathsIn(policy, `${path}.${list}`).flatMap((peer) => judgePeer(policy, peer, `${path}.ports`)),
      ),
    ];
  });
}

/** An entry without a port names all of them, and so does a range that is wide enough. */
function judgePorts(policy: DeclaredResource, path: string): readonly Finding[] {
  return pathsIn(policy, path).flatMap((port) => {
    required(policy, `${port}.port`);
    if (optional(policy, `${port}.endPort`) === undefined) return [];
    return [violation(policy.urn, `${port}.endPort must not be declared: each port is named`)];
  });
}

function judgePeer(policy: DeclaredResource, peer: string, ports: string): readonly Finding[] {
  if (optional(policy, `${peer}.ipBlock`) !== undefined) return judgeAddresses(policy, peer, ports);
  if (optional(policy, `${peer}.namespaceSelector`) === undefined) {
    // Pods of the namespace itself: all of them, where the selector is empty.
    required(policy, `${peer}.podSelector`);
    return [];
  }
  // No expression can say less than one name: `Exists` and `NotIn` are true of namespaces that nobody thought of.
  const labels = optional(policy, `${peer}.namespaceSelector.matchLabels`);
  const name =
    labels === undefined ? undefined : mapAt(policy, `${peer}.namespaceSelector.matchLabels`)[namespaceName];
  return typeof name === "string" && name !== ""
    ? []
    : [violation(policy.urn, `${peer}.namespaceSelector must name a namespace by ${namespaceName}`)];
}

function judgeAddresses(policy: DeclaredResource, peer: string, ports: string): readonly Finding[] {
  const block = `${peer}.ipBlock`;
  const cidr = requiredText(policy, `${block}.cidr`);
  if (peer.startsWith("spec.ingress"))
    return [violation(policy.urn, `${block} must not be declared: the gateway is the one way in`)];
  if (Number(/\/(\d{1,3})$/.exec(cidr)?.[1] ?? 0) >= shortestPrefix) return [];
  return objectsAt(policy, ports)
    .filter(({ port }) => !portsToEverybody.has(port))
    .map(({ port }) => violation(policy.urn, `${block} must not be that wide for port ${describe(port)}`));
}

function pathsIn(policy: DeclaredResource, list: string): readonly string[] {
  return objectsAt(policy, list).map((_item, index) => `${list}.${index}`);
}
