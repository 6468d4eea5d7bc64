import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const cosmosNoKeyAccess = propertyRule({
  name: "cosmos-no-key-access",
  topic: "data",
  displayName: "Cosmos DB is reached by identity",
  description: "A Cosmos DB account refuses its keys, for data and for changes of databases and containers.",
  severity: "high",
  ids: ["KIR-016", "KIR-028"],
  framework: benchmark("IM-1"),
  remediationSteps:
    "Declare disableLocalAuth: true and disableKeyBasedMetadataWriteAccess: true, and give the app a data role.",
  types: [azure.cosmosAccount],
  properties: [
    { path: "disableLocalAuth", expected: equals(true) },
    { path: "disableKeyBasedMetadataWriteAccess", expected: equals(true) },
  ],
});
