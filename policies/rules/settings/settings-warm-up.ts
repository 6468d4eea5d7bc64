import { appFactsOf } from "../../app-systems";
import { azure } from "../../azure/types";
import { type Expectation, oneOf, propertyRule } from "../../property-rule";

function exactlyStatuses(statuses: readonly number[]): Expectation {
  const wanted = statuses.map(String).sort().join();
  return {
    says: `the status codes ${wanted}`,
    holds: (value) =>
      typeof value === "string" &&
      value
        .split(",")
        .map((status) => status.trim())
        .sort()
        .join() === wanted,
  };
}

export const settingsWarmUp = propertyRule({
  name: "settings-warm-up",
  topic: "settings",
  displayName: "An error page does not count as warm",
  description:
    "Before a swap the platform asks the health path, and only the contract's statuses count as an answer.",
  severity: "critical",
  ids: ["KIR-001", "KIR-002", "KIR-004", "TES-040", "TES-044"],
  conflicts: [24, 42],
  remediationSteps:
    "Declare WEBSITE_SWAP_WARMUP_PING_PATH and WEBSITE_SWAP_WARMUP_PING_STATUSES on both sides: without statuses any answer counts.",
  types: [azure.siteSettings, azure.slotSettings],
  properties: (settings) => {
    const { healthPaths, warmUpStatuses } = appFactsOf(settings);
    return [
      { path: "properties.WEBSITE_SWAP_WARMUP_PING_PATH", expected: oneOf(...healthPaths) },
      { path: "properties.WEBSITE_SWAP_WARMUP_PING_STATUSES", expected: exactlyStatuses(warmUpStatuses) },
    ];
  },
});
