import type { ComputeContext, InputFault, Json, RowSpec } from "../model";
import { isJson } from "../paths";
import { clusterFaults, flag, POOL_NAME, poolFaults } from "./cluster-faults";
import { identityOf, nameRule, propertiesOf, succeeded } from "./helpers";
import { CLUSTER, GROUP, IDENTITY } from "./paths";

const RUNS_LONG = { longRunning: { create: true, update: true, delete: true } };

function clusterOutputs(context: ComputeContext): Json {
  const asked = propertiesOf(context.body);
  const before = propertiesOf(context.previous);
  const name = context.params.resourceName!;
  const location = String(context.body.location ?? "").toLowerCase();
  const nodes = asked.nodeResourceGroup ?? `MC_${context.params.resourceGroupName}_${name}_${location}`;
  const kubelet = `/subscriptions/${context.subscriptionId}/resourceGroups/${String(nodes)}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${name}-agentpool`;
  const issuer = isJson(asked.oidcIssuerProfile) && asked.oidcIssuerProfile.enabled === true;
  return {
    ...identityOf(context),
    ...succeeded({
      nodeResourceGroup: nodes,
      currentKubernetesVersion: asked.kubernetesVersion,
      fqdn:
        before.fqdn ??
        `${String(asked.dnsPrefix ?? asked.fqdnSubdomain)}-${context.guidFor("fqdn").slice(0, 8)}.hcp.${location}.azmk8s.io`,
      powerState: { code: "Running" },
      maxAgentPools: 100,
      identityProfile: asked.identityProfile ?? {
        kubeletidentity: {
          resourceId: kubelet,
          clientId: context.guidFor("kubelet client"),
          objectId: context.guidFor("kubelet principal"),
        },
      },
      ...(issuer && {
        oidcIssuerProfile: {
          enabled: true,
          issuerURL: `https://${location}.oic.prod-aks.azure.com/${context.tenantId}/${context.guidFor("issuer")}/`,
        },
      }),
    }),
  };
}

/** Without a secret: whoever uses it signs in by kubelogin, as on a cluster without local accounts. */
function userKubeconfig(context: ComputeContext): Json {
  const name = context.params.resourceName!;
  const server = `https://${String(propertiesOf(context.body).fqdn)}:443`;
  const config = {
    apiVersion: "v1",
    kind: "Config",
    clusters: [{ name, cluster: { server } }],
    contexts: [{ name, context: { cluster: name, user: `clusterUser_${name}` } }],
    "current-context": name,
    users: [
      {
        name: `clusterUser_${name}`,
        user: { exec: { apiVersion: "client.authentication.k8s.io/v1beta1", command: "kubelogin" } },
      },
    ],
  };
  return {
    kubeconfigs: [{ name: "clusterUser", value: Buffer.from(JSON.stringify(config)).toString("base64") }],
  };
}

function registryFaults(inputs: Json): InputFault[] {
  const faults = nameRule("registryName", /^[A-Za-z0-9]{5,50}$/, "5 to 50 letters and digits")(inputs);
  const premium = flag(inputs, "sku.name") === "Premium";
  const enabled = (path: string) => String(flag(inputs, path)).toLowerCase() === "enabled";
  const needsPremium: readonly [boolean, string][] = [
    [enabled("policies.retentionPolicy.status"), "policies.retentionPolicy"],
    [enabled("policies.trustPolicy.status"), "policies.trustPolicy"],
    [enabled("zoneRedundancy"), "zoneRedundancy"],
    [flag(inputs, "networkRuleSet.defaultAction") === "Deny", "networkRuleSet"],
    [inputs.publicNetworkAccess === "Disabled", "publicNetworkAccess"],
    [inputs.dataEndpointEnabled === true, "dataEndpointEnabled"],
  ];
  for (const [asked, path] of needsPremium) {
    if (asked && !premium) faults.push({ path, reason: "needs sku.name Premium" });
  }
  if (enabled("policies.retentionPolicy.status") && enabled("policies.softDeletePolicy.status"))
    faults.push({ path: "policies.softDeletePolicy", reason: "cannot be on together with retentionPolicy" });
  const days = flag(inputs, "policies.retentionPolicy.days");
  if (typeof days === "number" && (days < 0 || days > 365))
    faults.push({
      path: "policies.retentionPolicy.days",
      reason: `${days} is not allowed; allowed: 0 to 365`,
    });
  return faults;
}

/** AKS, the container registry, and identities that pods take on. */
export const containers: RowSpec[] = [
  {
    token: "containerservice:ManagedCluster",
    id: CLUSTER,
    ...RUNS_LONG,
    immutable: [
      "dnsPrefix",
      "fqdnSubdomain",
      "nodeResourceGroup",
      "enableRBAC",
      "diskEncryptionSetID",
      "networkProfile.networkPlugin",
      "networkProfile.serviceCidr",
      "networkProfile.dnsServiceIP",
      "networkProfile.podCidr",
      "networkProfile.loadBalancerSku",
      "apiServerAccessProfile.enablePrivateCluster",
      "apiServerAccessProfile.privateDNSZone",
    ],
    secretInputs: [
      "servicePrincipalProfile.secret",
      "windowsProfile.adminPassword",
      "aadProfile.serverAppSecret",
    ],
    defaults: { enableRBAC: true, sku: { name: "Base", tier: "Free" } },
    references: [
      { path: "agentPoolProfiles[*].vnetSubnetID", code: "InvalidParameter" },
      { path: "addonProfiles.*.config.logAnalyticsWorkspaceResourceID", code: "InvalidParameter" },
      { path: "securityProfile.defender.logAnalyticsWorkspaceResourceId", code: "InvalidParameter" },
    ],
    validate: (inputs) => [
      ...nameRule(
        "resourceName",
        /^[A-Za-z0-9]$|^[A-Za-z0-9][\w-]{0,61}[A-Za-z0-9]$/,
        "1 to 63 letters, digits, _ and hyphens, a letter or digit at both ends",
      )(inputs),
      ...clusterFaults(inputs),
    ],
    admit: ({ inputs, previous }) => {
      const had = propertiesOf(previous).aadProfile;
      return isJson(had) && had.managed === true && flag(inputs, "aadProfile.managed") !== true
        ? {
            status: 400,
            code: "BadRequest",
            message: "Disabling Microsoft Entra integration of a cluster is not supported.",
            target: "properties.aadProfile",
          }
        : undefined;
    },
    compute: clusterOutputs,
    actions: { listClusterUserCredential: userKubeconfig },
  },
  {
    token: "containerservice:AgentPool",
    id: `${CLUSTER}/agentPools/{agentPoolName}`,
    ...RUNS_LONG,
    immutable: [
      "vmSize",
      "osType",
      "osDiskType",
      "osDiskSizeGB",
      "kubeletDiskType",
      "availabilityZones",
      "vnetSubnetID",
      "podSubnetID",
      "maxPods",
      "type",
      "scaleSetPriority",
      "enableEncryptionAtHost",
      "enableNodePublicIP",
      "enableUltraSSD",
      "kubeletConfig",
      "linuxOSConfig",
    ],
    defaults: { mode: "User", osType: "Linux", type: "VirtualMachineScaleSets" },
    references: [{ path: "vnetSubnetID", code: "InvalidParameter" }],
    validate: (inputs) => [
      ...nameRule(
        "agentPoolName",
        POOL_NAME,
        "1 to 12 lower-case letters and digits, a letter first",
      )(inputs),
      ...poolFaults(inputs, (name) => name),
    ],
    compute: (context) =>
      succeeded({
        currentOrchestratorVersion: propertiesOf(context.body).orchestratorVersion,
        powerState: { code: "Running" },
      }),
  },
  {
    token: "containerservice:MaintenanceConfiguration",
    id: `${CLUSTER}/maintenanceConfigurations/{configName}`,
    validate: (inputs) => {
      const named = ["aksManagedAutoUpgradeSchedule", "aksManagedNodeOSUpgradeSchedule"].includes(
        String(inputs.configName),
      );
      const hours = flag(inputs, "maintenanceWindow.durationHours");
      return [
        ...nameRule(
          "configName",
          /^(default|aksManagedAutoUpgradeSchedule|aksManagedNodeOSUpgradeSchedule)$/,
          "default, aksManagedAutoUpgradeSchedule or aksManagedNodeOSUpgradeSchedule",
        )(inputs),
        ...(named && inputs.maintenanceWindow === undefined
          ? [{ path: "maintenanceWindow", reason: `is required for ${String(inputs.configName)}` }]
          : []),
        ...(typeof hours === "number" && (hours < 4 || hours > 24)
          ? [{ path: "maintenanceWindow.durationHours", reason: `${hours} is not allowed; allowed: 4 to 24` }]
          : []),
      ];
    },
    compute: () => ({}),
  },
  {
    token: "containerregistry:Registry",
    id: `${GROUP}/providers/Microsoft.ContainerRegistry/registries/{registryName}`,
    ...RUNS_LONG,
    globalName: "AlreadyInUse",
    immutable: ["zoneRedundancy"],
    defaults: { adminUserEnabled: false, publicNetworkAccess: "Enabled" },
    validate: registryFaults,
    compute: (context) => ({
      ...succeeded({
        loginServer: `${context.params.registryName!.toLowerCase()}.azurecr.io`,
        creationDate: propertiesOf(context.previous).creationDate ?? context.now(),
        privateEndpointConnections: [],
      }),
    }),
  },
  {
    token: "managedidentity:FederatedIdentityCredential",
    id: `${IDENTITY}/federatedIdentityCredentials/{federatedIdentityCredentialResourceName}`,
    validate: (inputs) => [
      ...nameRule(
        "federatedIdentityCredentialResourceName",
        /^[A-Za-z0-9][\w-]{2,119}$/,
        "3 to 120 letters, digits, _ and hyphens, a letter or digit first",
      )(inputs),
      ...(Array.isArray(inputs.audiences) && inputs.audiences.length !== 1
        ? [{ path: "audiences", reason: "must hold exactly one audience" }]
        : []),
    ],
    admit: ({ id, inputs, below }) => {
      const others = below(id.slice(0, id.lastIndexOf("/"))).filter(
        (entry) => entry.id.toLowerCase() !== id.toLowerCase(),
      );
      const same = others.find(({ body }) => {
        const held = propertiesOf(body);
        return held.issuer === inputs.issuer && held.subject === inputs.subject;
      });
      if (same === undefined && others.length < 20) return undefined;
      return {
        status: 409,
        code: "Conflict",
        message:
          same === undefined
            ? "An identity takes at most 20 federated identity credentials."
            : `Issuer and subject combination already exists for this Managed Identity: ${same.id}.`,
      };
    },
    compute: () => ({}),
  },
];
