import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { oneOf, propertyRule } from "../../property-rule";

export const edgeDomainTls = propertyRule({
  name: "edge-domain-tls",
  topic: "edge",
  displayName: "A host of the edge speaks TLS 1.2 or newer",
  description: "Every custom domain has a certificate of its own and refuses TLS below 1.2.",
  severity: "high",
  ids: ["STO-017", "STO-048", "RET-028", "RET-064", "CAS-023"],
  framework: benchmark("DP-3"),
  remediationSteps: "Declare tlsSettings with certificateType and minimumTlsVersion: TLS12.",
  types: [azure.edgeDomain],
  properties: [
    {
      path: "tlsSettings.certificateType",
      expected: oneOf("ManagedCertificate", "CustomerCertificate"),
    },
    { path: "tlsSettings.minimumTlsVersion", expected: oneOf("TLS12", "TLS13") },
  ],
});
