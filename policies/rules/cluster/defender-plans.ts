import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { describe, optional, requiredText } from "../../read";
import { systemRule } from "../../system-rule";
import { platform } from "../../systems";
import { judged, violation } from "../../verdict";

/** Microsoft Defender for Cloud's plans for what the systems stand on, by their names in Azure. */
const plans = [
  "Arm",
  "Containers",
  "CosmosDbs",
  "KeyVaults",
  "OpenSourceRelationalDatabases",
  "StorageAccounts",
] as const;

export const defenderPlans = systemRule({
  name: "defender-plans",
  topic: "cluster",
  system: platform,
  displayName: "Attacks on the subscription are noticed",
  description: `Defender for Cloud's plans ${plans.join(", ")} are on.`,
  severity: "high",
  ids: ["STO-061", "STO-064"],
  framework: benchmark("LT-1"),
  remediationSteps: "Declare a Pricing of each plan with pricingTier Standard.",
  evaluate(view) {
    const declared = new Map(
      view.ofType(azure.defenderPlan).map((plan) => [optional(plan, "pricingName"), plan]),
    );
    return judged(
      judgeEach(
        plans,
        (name) => declared.get(name)?.urn ?? view.urn,
        (name) => {
          const plan = declared.get(name);
          if (!plan) return [violation(view.urn, `no plan ${name} is declared`)];
          const tier = requiredText(plan, "pricingTier");
          if (tier === "Standard") return [];
          return [violation(plan.urn, `pricingTier must be "Standard", found ${describe(tier)}`)];
        },
      ),
    );
  },
});
