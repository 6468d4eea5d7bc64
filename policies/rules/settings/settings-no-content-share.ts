import { azure } from "../../azure/types";
import { forbiddenPropertyRule } from "../../property-rule";

export const settingsNoContentShare = forbiddenPropertyRule({
  name: "settings-no-content-share",
  topic: "settings",
  displayName: "No file share behind the code",
  description:
    "Site and slot keep no code in a content share: it needs an account key, and both sides could get the same share.",
  severity: "high",
  ids: ["KIR-016", "KIR-002"],
  remediationSteps: "Drop the setting; a dedicated plan that runs from a package needs no share.",
  types: [azure.siteSettings, azure.slotSettings],
  parent: "properties",
  names: ["WEBSITE_CONTENTSHARE", "WEBSITE_CONTENTAZUREFILECONNECTIONSTRING"],
  because: "a dedicated plan runs from the package",
});
