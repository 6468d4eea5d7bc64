import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { textUnder } from "../../kubernetes/objects";
import { kubernetes } from "../../kubernetes/types";
import { describe, objectsAt, required } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

const annotations = "spec.infrastructure.annotations";
const internal = "service.beta.kubernetes.io/azure-load-balancer-internal";
const probe = (port: unknown) => `service.beta.kubernetes.io/port_${port}_health-probe_protocol`;

export const gatewayClosed = resourceRule({
  name: "gateway-closed",
  topic: "kubernetes",
  displayName: "The gateway has no public address",
  description:
    "A Gateway's load balancer is internal and asks whether a port is open, not for a page that no route has; its listeners end TLS, and it admits routes of named namespaces only.",
  severity: "critical",
  ids: ["STO-017", "STO-048", "STO-056", "STO-057", "STO-066", "RET-031"],
  framework: benchmark("NS-2"),
  remediationSteps: `Declare ${internal}: "true" and ${probe("PORT")}: "tcp" in ${annotations}, protocol HTTPS, and allowedRoutes from a selector.`,
  types: [kubernetes.gateway],
  evaluate: (gateway) =>
    judged([
      ...judgeEach(
        [internal],
        () => gateway.urn,
        (key) => judgeAnnotation(gateway, key, "true"),
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

function judgeAnnotation(gateway: DeclaredResource, key: string, wanted: string): readonly Finding[] {
  if (textUnder(gateway, annotations, key) === wanted) return [];
  return [violation(gateway.urn, `${annotations}["${key}"] must be "${wanted}"`)];
}

function judgeListener(gateway: DeclaredResource, path: string): readonly Finding[] {
  const probed = judgeAnnotation(gateway, probe(required(gateway, `${path}.port`)), "tcp");
  const properties = (
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
  return [...probed, ...properties];
}
