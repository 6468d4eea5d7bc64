import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";
import { environmentOfResource } from "../../resource";

export const domainCertificateBound = propertyRule({
  name: "domain-certificate-bound",
  topic: "edge",
  displayName: "A public name answers with its own certificate",
  description: "Outside dev a host name binding uses the name's certificate.",
  severity: "medium",
  ids: ["KIR-037"],
  framework: benchmark("DP-3"),
  remediationSteps:
    "Set the certificate's thumbprint once the first update has made it; the binding then declares sslState: SniEnabled.",
  // A managed certificate is issued for a name that is bound already: the first update cannot know its thumbprint, and
  // must go through. The release's HTTPS gate refuses to go live before it is bound.
  enforcementLevel: "advisory",
  types: [azure.hostNameBinding],
  exempt: (binding) =>
    environmentOfResource(binding) === "dev" ? "nobody outside resolves dev's names" : undefined,
  properties: [{ path: "sslState", expected: equals("SniEnabled") }],
});
