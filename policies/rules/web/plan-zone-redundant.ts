import { azure } from "../../azure/types";
import { atLeast, equals, propertyRule } from "../../property-rule";
import { environmentOfResource } from "../../resource";

/** Fewest instances of a zone-redundant plan (Microsoft Learn, "Reliability in Azure App Service"). */
const minimumInstances = 2;

export const planZoneRedundant = propertyRule({
  name: "plan-zone-redundant",
  topic: "web",
  displayName: "Production survives the loss of a zone",
  description: "A plan in production is zone redundant and has instances in more than one zone.",
  severity: "medium",
  ids: ["KIR-001", "TES-112"],
  conflicts: [44],
  remediationSteps:
    "Declare zoneRedundant: true and sku.capacity of at least 2; zone redundancy is chosen at creation.",
  types: [azure.plan],
  exempt: (plan) =>
    environmentOfResource(plan) === "production" ? undefined : "asked for in production only",
  properties: [
    { path: "zoneRedundant", expected: equals(true) },
    { path: "sku.capacity", expected: atLeast(minimumInstances) },
  ],
});
