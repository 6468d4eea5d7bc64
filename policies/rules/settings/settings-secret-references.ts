import { appSystems } from "../../app-systems";
import { azure } from "../../azure/types";
import { vaultReference } from "../../azure/vault-reference";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { systemsRule } from "../../system-rule";
import type { CommonContract } from "../../systems";
import { type Finding, violation } from "../../verdict";

export const settingsSecretReferences = systemsRule({
  name: "settings-secret-references",
  topic: "settings",
  displayName: "Secrets reach the app through the vault",
  description:
    "Each secret that the contract gives an app setting is a reference to that very secret of the system's vault.",
  severity: "critical",
  ids: ["KIR-016", "KIR-033", "KIR-035", "TES-050", "TES-058"],
  conflicts: [35],
  framework: benchmark("IM-8"),
  remediationSteps:
    "Declare the setting as @Microsoft.KeyVault(VaultName=…;SecretName=…), without a version.",
  systems: appSystems,
  findings: (system) =>
    judgeEach(
      system.ofType(azure.siteSettings, azure.slotSettings),
      (settings) => settings.urn,
      (settings) => {
        const vaults = system.ofType(azure.vault).map((vault) => requiredText(vault, "vaultName"));
        return judgeEach(
          system.contract.secrets,
          () => settings.urn,
          (secret) => judgeReference(settings, secret, vaults),
        );
      },
    ),
});

function judgeReference(
  settings: DeclaredResource,
  secret: CommonContract["secrets"][number],
  vaults: readonly string[],
): readonly Finding[] {
  if (secret.appSetting === undefined) return [];
  const path = `properties.${secret.appSetting}`;
  const reference = vaultReference(requiredText(settings, path));
  if (!reference) return [violation(settings.urn, `${path} must be a Key Vault reference`)];
  if (reference.secretName !== secret.name) {
    return [violation(settings.urn, `${path} must refer to the secret ${secret.name}`)];
  }
  if (reference.version !== undefined)
    return [
      violation(settings.urn, `${path} must name no version: a renewed secret would not reach the app`),
    ];
  // The names of vaults are unique in all of Azure: one that is not the system's is somebody else's.
  const own = vaults.some((vault) => vault.toLowerCase() === reference.vaultName.toLowerCase());
  return own ? [] : [violation(settings.urn, `${path} must refer to the system's own key vault`)];
}
