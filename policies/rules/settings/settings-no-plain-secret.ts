import { azure } from "../../azure/types";
import { vaultReference } from "../../azure/vault-reference";
import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { mapAt } from "../../read";
import { resourceRule } from "../../rule";
import { nameOfSecret, secretShape } from "../../secret-detection";
import { judged, violation } from "../../verdict";

export const settingsNoPlainSecret = resourceRule({
  name: "settings-no-plain-secret",
  topic: "settings",
  displayName: "No secret in an app setting",
  description:
    "An app setting that carries a secret is a Key Vault reference; no key, token or connection string stands there in clear.",
  severity: "critical",
  ids: ["KIR-016", "TES-050", "TES-058"],
  framework: benchmark("IM-8"),
  remediationSteps:
    "Put the value into the vault and declare the setting as @Microsoft.KeyVault(VaultName=…;SecretName=…).",
  types: [azure.siteSettings, azure.slotSettings],
  evaluate(settings) {
    const values = mapAt(settings, "properties");
    return judged(
      judgeEach(
        Object.keys(values),
        () => settings.urn,
        (name) => {
          const value = values[name];
          if (typeof value !== "string")
            return [violation(settings.urn, `properties.${name} must be a text`)];
          if (vaultReference(value)) return [];
          const reason = secretShape(value) ?? nameOfSecret(name, value);
          return reason
            ? [violation(settings.urn, `properties.${name} must be a Key Vault reference: ${reason}`)]
            : [];
        },
      ),
    );
  },
});
