import { optional } from "../../read";
import { systemOfResource } from "../../resource";
import { resourceRule } from "../../rule";
import { judged, notApplicable, passed, violation } from "../../verdict";

/** Systems of a stack that have no contract of their own: what several systems share. */
const shared: readonly string[] = ["platform", "switchyard"];

export const resourceInSystem = resourceRule({
  name: "resource-in-system",
  topic: "governance",
  displayName: "Every resource belongs to a system",
  description:
    "Every Azure resource sits under its system's component, or says its system in a tag, so that its contract is known.",
  severity: "medium",
  ids: ["KIR-008"],
  remediationSteps: "Pass the system's component as parent, or declare the tag system.",
  types: "*",
  evaluate(resource) {
    if (!resource.type.startsWith("azure-native:")) return notApplicable("looks at Azure types only");
    if (systemOfResource(resource)) return passed;
    const tag = optional(resource, "tags.system");
    if (typeof tag === "string" && shared.includes(tag)) return passed;
    return judged([violation(resource.urn, "belongs to no system whose contract the pack knows")]);
  },
});
