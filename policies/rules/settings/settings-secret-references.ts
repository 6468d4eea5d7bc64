import { azure } from "../../azure/types";
import { vaultReference } from "../../azure/vault-reference";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { systemRule } from "../../system-rule";
import { kirana } from "../../systems";
import { type Finding, judged, violation } from "../../verdict";

export const settingsSecretReferences = systemRule({
  name: "settings-secret-references",
  topic: "settings",
  displayName: "Secrets reach the app through the vault",
  description:
    "Each secret that the contract gives an app setting is a reference to that very secret of the system's vault.",
  severity: "critical",
  ids: ["KIR-016", "KIR-033", "KIR-035"],
  conflicts: [35],
  framework: benchmark("IM-8"),
  remediationSteps:
    "Declare the setting as @Microsoft.KeyVault(VaultName=…;SecretName=…), without a version.",
  system: kirana,
  evaluate(system) {
    const { secrets } = system.contract;
    return judged(
      judgeEach(
        system.ofType(azure.siteSettings, azure.slotSettings),
        (settings) => settings.urn,
        (settings) => {
          const vaults = system.ofType(azure.vault).map((vault) => requiredText(vault, "vaultName"));
          return judgeEach(
            secrets,
            () => settings.urn,
            (secret) => judgeReference(settings, secret, vaults),
          );
        },
      ),
    );
  },
});

function judgeReference(
  settings: DeclaredResource,
  secret: (typeof kirana)["contract"]["secrets"][number],
  vaults: readonly string[],
): readonly Finding[] {
  if (!("appSetting" in secret)) return [];
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
