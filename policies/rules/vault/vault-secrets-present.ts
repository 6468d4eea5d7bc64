import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { optional, requiredText } from "../../read";
import { stackRule } from "../../rule";
import type { SystemView } from "../../stack-view";
import { systems } from "../../systems";
import { type Finding, judged, notApplicable, violation } from "../../verdict";

export const vaultSecretsPresent = stackRule({
  name: "vault-secrets-present",
  topic: "vault",
  displayName: "The vault holds every secret of the runbook",
  description: "Every secret that the contract lists is in the system's key vault, and enabled.",
  severity: "critical",
  ids: [
    "KIR-016",
    "KIR-031",
    "KIR-032",
    "KIR-033",
    "KIR-034",
    "KIR-035",
    "KIR-047",
    "KIR-060",
    "TES-050",
    "TES-058",
    "STO-046",
    "RET-019",
    "CAS-029",
  ],
  conflicts: [35],
  remediationSteps: "Declare a keyvault.Secret with the contract's name in the system's vault.",
  evaluate(stack) {
    const carried = systems.flatMap((system) => stack.system(system) ?? []);
    if (carried.length === 0) return notApplicable("the stack carries no system");
    return judged(judgeEach(carried, (system) => system.urn, judgeVault));
  },
});

function judgeVault(system: SystemView): readonly Finding[] {
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
  return [...unreadable, ...missing];
}
