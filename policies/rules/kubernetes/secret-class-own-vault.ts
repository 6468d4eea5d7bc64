import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { kubernetesBenchmark } from "../../frameworks";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { fetchedSecretsOf } from "../../kubernetes/secret-classes";
import { kubernetes } from "../../kubernetes/types";
import { optional, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { type Finding, violation } from "../../verdict";

export const secretClassOwnVault = clusterRule({
  name: "secret-class-own-vault",
  topic: "kubernetes",
  displayName: "Pods read secrets of their own system's vault",
  description:
    "The vault's driver reads the system's own vault, as the pod's own identity, and only secrets that are declared in it.",
  severity: "critical",
  ids: ["STO-046", "CAS-029", "RET-019", "RET-023"],
  framework: kubernetesBenchmark("5.4.2"),
  remediationSteps:
    "Declare keyvaultName as the system's vault, clientID as the component's identity, and each object with the name of a secret of the vault.",
  judge(_system, view) {
    const classes = view.ofType(kubernetes.secretProviderClass);
    const vaults = view.ofType(azure.vault).map((vault) => requiredText(vault, "vaultName").toLowerCase());
    const secrets = new Set(
      view.ofType(azure.vaultSecret).map((secret) => requiredText(secret, "secretName").toLowerCase()),
    );
    return judgeEach(
      classes,
      (secretClass) => secretClass.urn,
      (secretClass) => judgeClass(secretClass, vaults, secrets),
    );
  },
});

function judgeClass(
  secretClass: DeclaredResource,
  vaults: readonly string[],
  secrets: ReadonlySet<string>,
): readonly Finding[] {
  const parameters = "spec.parameters";
  const refuse = (message: string) => violation(secretClass.urn, message);
  return [
    ...(requiredText(secretClass, "spec.provider") === "azure"
      ? []
      : [refuse('spec.provider must be "azure"')]),
    ...(vaults.includes(requiredText(secretClass, `${parameters}.keyvaultName`).toLowerCase())
      ? []
      : [refuse(`${parameters}.keyvaultName must be the system's own vault`)]),
    // The identity of the nodes is everybody's.
    ...["usePodIdentity", "useVMManagedIdentity"]
      .filter(
        (way) => !["false", undefined].includes(optional(secretClass, `${parameters}.${way}`) as string),
      )
      .map((way) => refuse(`${parameters}.${way} must be "false"`)),
    ...fetchedSecretsOf(secretClass)
      .filter(({ objectName }) => !secrets.has(objectName.toLowerCase()))
      .map(() => refuse(`${parameters}.objects names a secret that is not declared in the vault`)),
  ];
}
