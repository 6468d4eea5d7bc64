import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { equals, propertyRule } from "../../property-rule";

export const clusterWorkloadIdentity = propertyRule({
  name: "cluster-workload-identity",
  topic: "cluster",
  displayName: "Pods sign in to Azure as themselves",
  description:
    "An AKS cluster issues identities to pods, and brings and renews secrets of the vaults by their driver.",
  severity: "high",
  ids: ["STO-046", "CAS-029"],
  framework: benchmark("IM-3"),
  remediationSteps:
    "Enable oidcIssuerProfile, securityProfile.workloadIdentity and the add-on azureKeyvaultSecretsProvider with enableSecretRotation.",
  types: [azure.cluster],
  properties: [
    { path: "oidcIssuerProfile.enabled", expected: equals(true) },
    { path: "securityProfile.workloadIdentity.enabled", expected: equals(true) },
    { path: "addonProfiles.azureKeyvaultSecretsProvider.enabled", expected: equals(true) },
    {
      path: "addonProfiles.azureKeyvaultSecretsProvider.config.enableSecretRotation",
      expected: equals("true"),
    },
  ],
});
