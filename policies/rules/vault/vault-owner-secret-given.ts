import { azure } from "../../azure/types";
import { isPlaceholder } from "../../placeholder";
import { requiredText } from "../../read";
import { contractOf, environmentOfResource } from "../../resource";
import { resourceRule } from "../../rule";
import { judged, notApplicable, passed, violation } from "../../verdict";

export const vaultOwnerSecretGiven = resourceRule({
  name: "vault-owner-secret-given",
  topic: "vault",
  displayName: "Secrets that only the owner has are real",
  description: "Outside dev a secret whose value only the owner knows does not hold a placeholder.",
  severity: "high",
  ids: ["KIR-033", "KIR-047", "KIR-060"],
  conflicts: [21],
  remediationSteps: "Set the value: pulumi config set --secret, under the key that the stack file names.",
  types: [azure.vaultSecret],
  evaluate(secret) {
    if (environmentOfResource(secret) === "dev") return notApplicable("dev has no secrets of the owner");
    const name = requiredText(secret, "secretName");
    const entry = contractOf(secret).secrets.find((listed) => listed.name === name);
    if (entry?.origin !== "owner") return notApplicable("the value is not the owner's to give");
    const value = requiredText(secret, "properties.value");
    if (!isPlaceholder(value)) return passed;
    return judged([violation(secret.urn, `secret ${name} holds a placeholder`)]);
  },
});
