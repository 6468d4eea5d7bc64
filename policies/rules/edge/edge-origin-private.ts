import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, matching, propertyRule } from "../../property-rule";
import { kirana, systemOfUrn } from "../../systems";

export const edgeOriginPrivate = propertyRule({
  name: "edge-origin-private",
  topic: "edge",
  displayName: "Nobody comes to the cluster around the edge",
  description:
    "An origin of the edge is reached by Private Link and checked by its certificate: it has no public address.",
  severity: "critical",
  ids: ["STO-017", "STO-056", "STO-057", "STO-058", "STO-059", "RET-031"],
  framework: benchmark("NS-2"),
  remediationSteps:
    "Declare sharedPrivateLinkResource with the id of the gateway's Private Link service, and enforceCertificateNameCheck: true.",
  types: [azure.edgeOrigin],
  exempt: (origin) =>
    systemOfUrn(origin.urn) === kirana ? "a static web app is public, and holds nothing else" : undefined,
  properties: [
    { path: "enforceCertificateNameCheck", expected: equals(true) },
    {
      path: "sharedPrivateLinkResource.privateLink.id",
      expected: matching(
        /\/providers\/microsoft\.network\/privatelinkservices\/[^/]+$/i,
        "the id of a Private Link service",
      ),
    },
  ],
});
