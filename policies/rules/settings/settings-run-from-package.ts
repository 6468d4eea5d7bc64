import { azure } from "../../azure/types";
import { equals, propertyRule } from "../../property-rule";

export const settingsRunFromPackage = propertyRule({
  name: "settings-run-from-package",
  topic: "settings",
  displayName: "A side runs exactly the package that was deployed",
  description: "A site and its slots run from the deployed package.",
  severity: "high",
  ids: ["KIR-064", "KIR-066", "TES-040", "TES-044"],
  remediationSteps:
    'Declare WEBSITE_RUN_FROM_PACKAGE: "1" on both sides; the release deploys the package by digest.',
  types: [azure.siteSettings, azure.slotSettings],
  properties: [{ path: "properties.WEBSITE_RUN_FROM_PACKAGE", expected: equals("1") }],
});
