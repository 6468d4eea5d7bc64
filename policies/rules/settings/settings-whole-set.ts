import { azure } from "../../azure/types";
import { forbiddenPropertyRule } from "../../property-rule";

export const settingsWholeSet = forbiddenPropertyRule({
  name: "settings-whole-set",
  topic: "settings",
  displayName: "A site's settings are declared in one place",
  description: "Application settings and connection strings are not part of a site's configuration.",
  severity: "high",
  ids: ["KIR-016", "KIR-073", "TES-040", "TES-044"],
  remediationSteps:
    "Declare WebAppApplicationSettings (and …Slot) with the whole set; connection strings are vault references in it.",
  types: [azure.site, azure.slot],
  parent: "siteConfig",
  names: ["appSettings", "connectionStrings"],
  because: "they are sent as a whole set, so a second place would clear the first",
});
