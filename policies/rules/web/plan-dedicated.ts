import { azure } from "../../azure/types";
import { type Expectation, propertyRule } from "../../property-rule";

/** Tiers with deployment slots. Basic is dedicated too, but has none. */
const tiers = [
  "Standard",
  "Premium",
  "PremiumV2",
  "Premium0V3",
  "PremiumV3",
  "PremiumMV3",
  "PremiumV4",
  "Isolated",
  "IsolatedV2",
];

/** Names of their sizes: S1, P1v3, P0v4, P1mv3, I1v2; not Y1, FC1, EP1, B1, F1. */
const sizeName = /^(?:S[1-3]|P[0-5](?:m?v[2-4])?|I[1-6](?:m?v2)?)$/i;

const dedicatedTier: Expectation = {
  says: `a dedicated tier with slots (${tiers.join(", ")})`,
  holds: (value) => typeof value === "string" && tiers.includes(value),
};

const dedicatedSize: Expectation = {
  says: "a size of a dedicated tier with slots, such as P1v3",
  holds: (value) => typeof value === "string" && sizeName.test(value),
};

export const planDedicated = propertyRule({
  name: "plan-dedicated",
  topic: "web",
  displayName: "Functions run on a dedicated plan",
  description:
    "A plan is dedicated and has deployment slots; Consumption, Flex Consumption and Elastic Premium are not used.",
  severity: "high",
  ids: ["KIR-002", "KIR-045", "KIR-065", "TES-025"],
  remediationSteps: "Declare sku { name: P1v3, tier: PremiumV3 } on the plan.",
  types: [azure.plan],
  properties: [
    { path: "sku.tier", expected: dedicatedTier },
    { path: "sku.name", expected: dedicatedSize },
  ],
});
