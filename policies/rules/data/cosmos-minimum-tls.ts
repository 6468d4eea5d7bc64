import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const cosmosMinimumTls = propertyRule({
  name: "cosmos-minimum-tls",
  topic: "data",
  displayName: "Cosmos DB refuses TLS below 1.2",
  description: "A Cosmos DB account accepts TLS 1.2 or newer only.",
  severity: "high",
  ids: ["KIR-008", "KIR-028"],
  framework: benchmark("DP-3"),
  remediationSteps: "Declare minimalTlsVersion: Tls12 on the account.",
  types: [azure.cosmosAccount],
  properties: [{ path: "minimalTlsVersion", expected: equals("Tls12") }],
});
