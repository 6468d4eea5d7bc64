import { azure } from "../../azure/types";
import { vaultReference } from "../../azure/vault-reference";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { requiredText } from "../../read";
import { resourceRule } from "../../rule";
import { kirana, systemOfUrn } from "../../systems";
import { judged, notApplicable, violation } from "../../verdict";

export const settingsSecretReferences = resourceRule({
  name: "settings-secret-references",
  topic: "settings",
  displayName: "Secrets reach the app through the vault",
  description:
    "Each secret that the contract gives an app setting is a Key Vault reference to that very secret.",
  severity: "critical",
  ids: ["KIR-016", "KIR-033", "KIR-035"],
  conflicts: [35],
  framework: benchmark("IM-8"),
  remediationSteps:
    "Declare the setting as @Microsoft.KeyVault(VaultName=…;SecretName=…), without a version.",
  types: [azure.siteSettings, azure.slotSettings],
  evaluate(settings) {
    if (systemOfUrn(settings.urn) !== kirana) return notApplicable(`not part of ${kirana.name}`);
    return judged(
      judgeEach(
        kirana.contract.secrets,
        () => settings.urn,
        (secret) => {
          if (!("appSetting" in secret)) return [];
          const path = `properties.${secret.appSetting}`;
          const reference = vaultReference(requiredText(settings, path));
          if (!reference) return [violation(settings.urn, `${path} must be a Key Vault reference`)];
          if (reference.secretName === secret.name) return [];
          return [violation(settings.urn, `${path} must refer to the secret ${secret.name}`)];
        },
      ),
    );
  },
});
