import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const vaultPurgeProtection = propertyRule({
  name: "vault-purge-protection",
  topic: "vault",
  displayName: "A deleted vault can be recovered",
  description: "A key vault has soft delete and purge protection.",
  severity: "critical",
  ids: ["KIR-016", "KIR-031"],
  framework: benchmark("DP-8"),
  remediationSteps:
    "Declare properties.enableSoftDelete and properties.enablePurgeProtection as true. Purge protection cannot be taken back.",
  types: [azure.vault],
  properties: [
    { path: "properties.enableSoftDelete", expected: equals(true) },
    { path: "properties.enablePurgeProtection", expected: equals(true) },
  ],
});
