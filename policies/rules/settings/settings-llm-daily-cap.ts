import { kiranaInventory } from "../../../runbooks/kirana-inventory";
import { azure } from "../../azure/types";
import { describe, required } from "../../read";
import { resourceRule } from "../../rule";
import { kirana, systemOfUrn } from "../../systems";
import { judged, notApplicable, passed, violation } from "../../verdict";

const { dailyCapUsd } = kiranaInventory.llmBudget;

export const settingsLlmDailyCap = resourceRule({
  name: "settings-llm-daily-cap",
  topic: "settings",
  displayName: "The language model's cost is capped",
  description: "DAILY_BUDGET_CAP is declared and not above the daily cap.",
  severity: "medium",
  ids: ["KIR-043", "KIR-141"],
  remediationSteps:
    "Declare DAILY_BUDGET_CAP as the contract's dailyCapUsd on both sides; the emergency cap is an incident's.",
  types: [azure.siteSettings, azure.slotSettings],
  configSchema: {
    properties: {
      maximumUsdPerDay: { type: "number", minimum: 0, exclusiveMinimum: 0, default: dailyCapUsd },
    },
  },
  evaluate(settings, { maximumUsdPerDay = dailyCapUsd }) {
    if (systemOfUrn(settings.urn) !== kirana) return notApplicable(`not part of ${kirana.name}`);
    const declared = required(settings, "properties.DAILY_BUDGET_CAP");
    const usd = typeof declared === "string" && declared.trim() !== "" ? Number(declared) : Number.NaN;
    if (usd > 0 && usd <= Number(maximumUsdPerDay)) return passed;
    const found = describe(declared);
    return judged([
      violation(
        settings.urn,
        `properties.DAILY_BUDGET_CAP must be above 0 and at most ${maximumUsdPerDay} USD, found ${found}`,
      ),
    ]);
  },
});
