import { azure } from "../../azure/types";
import { forbiddenPropertyRule } from "../../property-rule";

export const webTrafficNotDeclared = forbiddenPropertyRule({
  name: "web-traffic-not-declared",
  topic: "web",
  displayName: "The program does not decide what is live",
  description:
    "Traffic-bearing fields of a site are never inputs: the release moves traffic, an update must not.",
  severity: "critical",
  ids: ["KIR-002", "KIR-003", "KIR-073", "TES-001"],
  remediationSteps:
    "Drop siteConfig.experiments and siteConfig.autoSwapSlotName from the program; the release sets them.",
  types: [azure.site, azure.slot],
  parent: "siteConfig",
  names: ["experiments", "autoSwapSlotName"],
  because: "an update would move traffic outside a release",
});
