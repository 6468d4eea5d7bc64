const PLAN_TIERS: readonly (readonly [RegExp, string])[] = [
  [/^F1$/, "Free"],
  [/^D1$/, "Shared"],
  [/^B[1-3]$/, "Basic"],
  [/^S[1-3]$/, "Standard"],
  [/^P[1-3]$/, "Premium"],
  [/^P[1-3]v2$/, "PremiumV2"],
  [/^P0v3$/, "Premium0V3"],
  [/^P[1-3]v3$/, "PremiumV3"],
  [/^P[1-5]mv3$/, "PremiumMV3"],
  [/^P([0-3]|[1-5]m)v4$/, "PremiumV4"],
  [/^I[1-3]$/, "Isolated"],
  [/^I[1-6]m?v2$/, "IsolatedV2"],
  [/^EP[1-3]$/, "ElasticPremium"],
  [/^Y1$/, "Dynamic"],
  [/^FC1$/, "FlexConsumption"],
  [/^WS[1-3]$/, "WorkflowStandard"],
];
/** Tiers whose sites cannot have deployment slots. */
export const WITHOUT_SLOTS = new Set(["Free", "Shared", "Basic", "FlexConsumption"]);

/** The tier that a plan size belongs to; `undefined` for a size that App Service has not. */
export function tierOf(skuName: unknown): string | undefined {
  return PLAN_TIERS.find(([pattern]) => pattern.test(String(skuName)))?.[1];
}
