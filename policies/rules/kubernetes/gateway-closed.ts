import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { textUnder } from "../../kubernetes/objects";
import { kubernetes } from "../../kubernetes/types";
import { describe, objectsAt, required } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

const internal = "service.beta.kubernetes.io/azure-load-balancer-internal";

export const gatewayClosed = resourceRule({
  name: "gateway-closed",
  topic: "kubernetes",
  displayName: "The gateway has no public address",
  description:
    "A Gateway's load balancer is internal, its listeners end TLS, and it admits routes of named namespaces only.",
  severity: "critical",
  ids: ["STO-017", "STO-048", "STO-056", "STO-057", "STO-066", "RET-031"],
  framework: benchmark("NS-2"),
  remediationSteps: `Declare ${internal}: "true" in spec.infrastructure.annotations, protocol HTTPS, and allowedRoutes from a selector.`,
  types: [kubernetes.gateway],
  evaluate: (gateway) =>
    judged([
      ...judgeEach(
        [internal],
        () => gateway.urn,
        (key) => {
          const path = "spec.infrastructure.annotations";
          if (textUnder(gateway, path, key) === "true") return [];
          return [violation(gateway.urn, `${path}["${key}"] must be "true"`)];
        },
      ),
      ...judgeEach(
        ["spec.listeners"],
        () => gateway.urn,
        (path) => {
          required(gateway, `${path}.0`);
          return [...objectsAt(gateway, path).keys()].flatMap((index) =>
            judgeListener(gateway, `${path}.${index}`),
          );
        },
      ),
    ]),
});

function judgeListener(gateway: DeclaredResource, path: string): readonly Finding[] {
  return (
    [
      ["protocol", "HTTPS"],
      ["tls.mode", "Terminate"],
      ["allowedRoutes.namespaces.from", "Selector"],
    ] as const
  ).flatMap(([property, wanted]) => {
    const found = required(gateway, `${path}.${property}`);
    if (found === wanted) return [];
    return [violation(gateway.urn, `${path}.${property} must be "${wanted}", found ${describe(found)}`)];
  });
}
