import { armTypeOf, comparableId } from "../../azure/arm-id";
import { dataRoles, readingRoles, roleIdOf, rolesOnOneType } from "../../azure/roles";
import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { requiredText } from "../../read";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

const oneResource = /^\/resourcegroups\/[^/]+\/providers\/[^/]+\/./;
const oneGroup = /^\/resourcegroups\/[^/]+$/;

export const roleLeastPrivilege = resourceRule({
  name: "role-least-privilege",
  topic: "access",
  displayName: "Identities get what they need and no more",
  description:
    "A role assignment gives a listed role on one resource; Owner and Contributor are never given.",
  severity: "critical",
  ids: ["KIR-016"],
  framework: benchmark("PA-7"),
  remediationSteps: "Assign the data role that the identity needs, with the resource's id as scope.",
  types: [azure.roleAssignment],
  configSchema: {
    properties: {
      /** Ids of further built-in or custom roles that may be given on one resource. */
      additionalRoleIds: { type: "array", items: { type: "string" }, default: [] },
    },
  },
  evaluate(assignment, { additionalRoleIds = [] }) {
    const findings: Finding[] = [];
    const role = roleIdOf(requiredText(assignment, "roleDefinitionId"));
    const reads = readingRoles.has(role);
    const bound = rolesOnOneType.get(role);
    const listed = reads || bound !== undefined || dataRoles.has(role);
    if (!listed && !(additionalRoleIds as readonly string[]).includes(role)) {
      findings.push(violation(assignment.urn, "roleDefinitionId is not among the roles that may be given"));
    }
    const scope = comparableId(requiredText(assignment, "scope"));
    if (!oneResource.test(scope) && !(reads && oneGroup.test(scope))) {
      findings.push(
        violation(assignment.urn, "scope must be one resource, not a resource group or subscription"),
      );
    }
    if (bound && armTypeOf(scope) !== bound.armType.toLowerCase()) {
      findings.push(
        violation(assignment.urn, `scope must be of ${bound.armType}: the role is ${bound.name}`),
      );
    }
    return judged(findings);
  },
});
