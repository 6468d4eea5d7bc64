import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { listAt, required } from "../../read";
import { resourceRule } from "../../rule";
import { judged, violation } from "../../verdict";

export const vaultRoleBasedAccess = resourceRule({
  name: "vault-role-based-access",
  topic: "vault",
  displayName: "Access to a vault is given by roles",
  description: "A key vault uses role-based access, without access policies beside it.",
  severity: "high",
  ids: ["KIR-016", "KIR-031", "TES-004"],
  framework: benchmark("PA-7"),
  remediationSteps: "Declare properties.enableRbacAuthorization as true and drop properties.accessPolicies.",
  types: [azure.vault],
  evaluate(vault) {
    const findings = [];
    if (required(vault, "properties.enableRbacAuthorization") !== true) {
      findings.push(violation(vault.urn, "properties.enableRbacAuthorization must be true"));
    }
    if (listAt(vault, "properties.accessPolicies").length > 0) {
      findings.push(
        violation(vault.urn, "properties.accessPolicies must be empty: roles decide who may read"),
      );
    }
    return judged(findings);
  },
});
