import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { resourceRule } from "../../rule";
import { judged, notApplicable, passed, violation } from "../../verdict";

const known: ReadonlySet<string> = new Set(Object.values(azure));

export const resourceTypeKnown = resourceRule({
  name: "resource-type-known",
  topic: "governance",
  displayName: "No resource escapes the rules by its type",
  description: "A stack holds only Azure types that this pack has rules for or has been told of.",
  severity: "medium",
  ids: ["KIR-008"],
  framework: benchmark("AM-2"),
  remediationSteps: "Write the rules that the new type needs and add its token to the pack's list of types.",
  types: "*",
  evaluate(resource) {
    if (!resource.type.startsWith("azure-native:")) return notApplicable("looks at Azure types only");
    return known.has(resource.type)
      ? passed
      : judged([violation(resource.urn, `the type ${resource.type} is not known to the pack`)]);
  },
});
