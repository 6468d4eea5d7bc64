import { comparableId } from "../../azure/arm-id";
import { azure } from "../../azure/types";
import { describe, requiredText } from "../../read";
import { environmentOfResource } from "../../resource";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

export const lockScope = resourceRule({
  name: "lock-scope",
  topic: "governance",
  displayName: "Locks sit on single resources",
  description: "A lock sits on one resource and forbids deletion only; dev has none.",
  severity: "high",
  ids: ["KIR-008", "KIR-028"],
  remediationSteps:
    "Scope the lock to the data store: one on a group blocks every later delete and replace in it.",
  types: [azure.lock],
  evaluate(lock) {
    if (environmentOfResource(lock) === "dev") {
      return judged([violation(lock.urn, "dev must have no lock: it is made and removed as a whole")]);
    }
    const findings: Finding[] = [];
    const level = requiredText(lock, "level");
    if (level !== "CanNotDelete") {
      findings.push(violation(lock.urn, `level must be "CanNotDelete", found ${describe(level)}`));
    }
    if (!/^\/resourcegroups\/[^/]+\/providers\/[^/]+\/./.test(comparableId(requiredText(lock, "scope")))) {
      findings.push(
        violation(lock.urn, "scope must be a single resource, not a resource group or subscription"),
      );
    }
    return judged(findings);
  },
});
