import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { kubernetes } from "../../kubernetes/types";
import { resourceRule } from "../../rule";
import { judged, notApplicable, passed, violation } from "../../verdict";

/** Packages whose resources need no rule: this project's components, values made up in state, the engine's own. */
const withoutRules = /^(?:switchyard|random|pulumi):/;

const known: ReadonlySet<string> = new Set([...Object.values(azure), ...Object.values(kubernetes)]);

export const resourceTypeKnown = resourceRule({
  name: "resource-type-known",
  topic: "governance",
  displayName: "No resource escapes the rules by its type",
  description:
    "A stack holds only types that this pack has rules for or has been told of, from whichever provider.",
  severity: "medium",
  ids: ["KIR-008"],
  framework: benchmark("AM-2"),
  remediationSteps: "Write the rules that the new type needs and add its token to the pack's list of types.",
  types: "*",
  evaluate(resource) {
    if (withoutRules.test(resource.type)) return notApplicable("components and made-up values need no rule");
    return known.has(resource.type)
      ? passed
      : judged([violation(resource.urn, `the type ${resource.type} is not known to the pack`)]);
  },
});
