import { judgeEach } from "../../decide";
import { benchmark } from "../../frameworks";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { colourName } from "../../kubernetes/cluster-systems";
import { declaredColours, objectNamed } from "../../kubernetes/declared-sides";
import { mainContainersOf } from "../../kubernetes/pods";
import { syncedKeysOf } from "../../kubernetes/secret-classes";
import { kubernetes } from "../../kubernetes/types";
import { objectsAt, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { type Finding, violation } from "../../verdict";

export const secretVariablesPresent = clusterRule({
  name: "secret-variables-present",
  topic: "kubernetes",
  displayName: "The backend gets every secret of its runbook",
  description:
    "Each variable that the contract gives a secret is a secretKeyRef on every colour's backend, and comes from that very secret of the vault.",
  severity: "critical",
  ids: ["RET-015", "RET-016", "RET-017", "RET-018", "RET-019", "RET-021", "RET-023", "STO-046", "CAS-029"],
  framework: benchmark("IM-8"),
  remediationSteps:
    "Name the variable in the component's secrets: the SecretProviderClass then brings the vault's secret.",
  judge: ({ contract, backend }, view) =>
    declaredColours(view).flatMap((colour) => {
      const deployment = objectNamed(view, kubernetes.deployment, colourName(backend, colour));
      // That it is missing is for side-whole to say.
      if (!deployment) return [];
      const synced = syncedKeysOf(view);
      return judgeEach(
        contract.secrets,
        () => deployment.urn,
        ({ name, appSetting }) =>
          appSetting === undefined ? [] : judgeVariable(deployment, appSetting, name, synced),
      );
    }),
});

function judgeVariable(
  deployment: DeclaredResource,
  variable: string,
  secret: string,
  synced: ReadonlyMap<string, string>,
): readonly Finding[] {
  for (const container of mainContainersOf(deployment)) {
    const index = objectsAt(deployment, `${container}.env`).findIndex(({ name }) => name === variable);
    if (index < 0) continue;
    const reference = `${container}.env.${index}.valueFrom.secretKeyRef`;
    const source = `${requiredText(deployment, `${reference}.name`)}/${requiredText(deployment, `${reference}.key`)}`;
    if (synced.get(source) === secret) return [];
    return [
      violation(deployment.urn, `${reference} (${variable}) must come from the vault's secret ${secret}`),
    ];
  }
  return [violation(deployment.urn, `the variable ${variable} (secret ${secret}) is not declared`)];
}
