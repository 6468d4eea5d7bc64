import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { listAt, mapAt, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { judged, passed, violation } from "../../verdict";

export const webManagedIdentity = resourceRule({
  name: "web-managed-identity",
  topic: "web",
  displayName: "A site has an identity of its own",
  description:
    "A site and its slots have a managed identity, with which they reach vault, database and storage.",
  severity: "high",
  ids: ["KIR-016"],
  framework: benchmark("IM-3"),
  remediationSteps: "Declare identity { type: SystemAssigned }, or UserAssigned with the identities listed.",
  types: [azure.site, azure.slot],
  evaluate(site) {
    const kinds = requiredText(site, "identity.type")
      .split(",")
      .map((kind) => kind.trim());
    if (kinds.includes("SystemAssigned")) return passed;
    if (kinds.includes("UserAssigned") && userAssigned(site) > 0) return passed;
    return judged([
      violation(site.urn, "identity.type names no identity: SystemAssigned, or UserAssigned with a list"),
    ]);
  },
});

/** The list is an array in the program and an object by id in state. */
function userAssigned(site: DeclaredResource): number {
  const declared = site.props.identity as { userAssignedIdentities?: unknown };
  if (Array.isArray(declared.userAssignedIdentities))
    return listAt(site, "identity.userAssignedIdentities").length;
  return Object.keys(mapAt(site, "identity.userAssignedIdentities")).length;
}
