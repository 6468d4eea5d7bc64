import { besideSide, judgeEachSide } from "../../azure/sites";
import { azure } from "../../azure/types";
import { stackRule } from "../../rule";
import { violation } from "../../verdict";

export const settingsDeclared = stackRule({
  name: "settings-declared",
  topic: "settings",
  displayName: "Every site and slot has its settings declared",
  description: "Each site and slot has exactly one set of application settings in the program.",
  severity: "high",
  ids: ["KIR-016", "KIR-073"],
  remediationSteps:
    "Declare one WebAppApplicationSettings for the site and one WebAppApplicationSettingsSlot for the slot.",
  evaluate(stack) {
    return judgeEachSide(stack, (side) => {
      const sets = besideSide(stack, side, azure.siteSettings, azure.slotSettings).length;
      return sets === 1
        ? []
        : [violation(side.urn, `${sets} sets of application settings are declared, not 1`)];
    });
  },
});
