import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { optional, requiredText } from "../../read";
import { systemRule } from "../../system-rule";
import { kirana } from "../../systems";
import { judged, violation } from "../../verdict";

export const vaultSecretsPresent = systemRule({
  name: "vault-secrets-present",
  topic: "vault",
  displayName: "The vault holds every secret of the runbook",
  description: "Every secret that the contract lists is in the system's key vault, and enabled.",
  severity: "critical",
  ids: ["KIR-016", "KIR-031", "KIR-032", "KIR-033", "KIR-034", "KIR-035", "KIR-047", "KIR-060"],
  conflicts: [35],
  remediationSteps: "Declare a keyvault.Secret with the contract's name in the system's vault.",
  system: kirana,
  evaluate(system) {
    const vaults = system.ofType(azure.vault).map((vault) => requiredText(vault, "vaultName").toLowerCase());
    const present = new Set<string>();
    const unreadable = judgeEach(
      system.ofType(azure.vaultSecret),
      (secret) => secret.urn,
      (secret) => {
        if (vaults.includes(requiredText(secret, "vaultName").toLowerCase())) {
          present.add(requiredText(secret, "secretName").toLowerCase());
          if ((optional(secret, "properties.attributes.enabled") ?? true) !== true) {
            return [violation(secret.urn, "properties.attributes.enabled must be true: nobody can read it")];
          }
        }
        return [];
      },
    );
    const missing = system.contract.secrets
      .filter(({ name }) => !present.has(name))
      .map(({ name }) => violation(system.urn, `secret ${name} is not declared in the system's key vault`));
    return judged([...unreadable, ...missing]);
  },
});
