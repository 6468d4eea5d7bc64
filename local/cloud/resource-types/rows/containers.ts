import type { ComputeContext, InputFault, Json, RowSpec } from "../model";
import { isJson, valuesAt } from "../paths";
import { identityOf, nameRule, propertiesOf, succeeded } from "./helpers";
import { CLUSTER, GROUP, IDENTITY } from "./paths";

const POOL_NAME = /^[a-z][a-z0-9]{0,11}$/;
const RUNS_LONG = { longRunning: { create: true, update: true, delete: true } };

/** Faults of a pool, whether it stands in the cluster's list or is a resource of its own. */
function poolFaults(pool: Json, at: (name: string) => string): InputFault[] {
  const faults: InputFault[] = [];
  const fault = (name: string, reason: string) => faults.push({ path: at(name), reason });
  const scaled = pool.enableAutoScaling === true;
  const [low, high, count] = [pool.minCount, pool.maxCount, pool.count].map((value) =>
    typeof value === "number" ? value : undefined,
  );
  if (pool.vmSize === undefined) fault("vmSize", "is required and missing");
  for (const [name, value] of [
    ["minCount", low],
    ["maxCount", high],
  ] as const) {
    if (scaled && pool[name] === undefined) fault(name, "is required with enableAutoScaling");
    if (!scaled && value !== undefined) fault(name, "is allowed with enableAutoScaling only");
  }
  if (low !== undefined && high !== undefined && low > high)
    fault("minCount", `${low} is above maxCount ${high}`);
  if (pool.mode === "System" && (low ?? count) === 0)
    fault(scaled ? "minCount" : "count", "must be at least 1 in a pool of mode System");
  if (
    scaled &&
    count !== undefined &&
    low !== undefined &&
    high !== undefined &&
    (count < low || count > high)
  )
    fault("count", `${count} is not between minCount ${low} and maxCount ${high}`);
  if (pool.mode === "System" && pool.osType === "Windows")
    fault("osType", "a pool of mode System runs Linux");
  if (Array.isArray(pool.availabilityZones) && pool.type === "AvailabilitySet")
    fault("availabilityZones", 'are not allowed with type "AvailabilitySet"');
  return faults;
}

const flag = (inputs: Json, path: string) => valuesAt(inputs, path)[0]?.value;

function clusterFaults(inputs: Json): InputFault[] {
  const pools = Array.isArray(inputs.agentPoolProfiles) ? (inputs.agentPoolProfiles as unknown[]) : [];
  const faults = pools.flatMap((pool, index) =>
    isJson(pool) ? poolFaults(pool, (name) => `agentPoolProfiles[${index}].${name}`) : [],
  );
  const refuse = (when: boolean, path: string, reason: string) => {
    if (when) faults.push({ path, reason });
  };
  const automatic = flag(inputs, "sku.name") === "Automatic";
  refuse(
    !automatic && !pools.some((pool) => isJson(pool) && pool.mode === "System"),
    "agentPoolProfiles",
    "must hold a pool of mode System",
  );
  for (const { path, value } of valuesAt(inputs, "agentPoolProfiles[*].name")) {
    const wrong = typeof value === "string" && !POOL_NAME.test(value);
    refuse(wrong, path, "has 1 to 12 lower-case letters and digits, a letter first");
  }
  const managed = flag(inputs, "aadProfile.managed") === true;
  refuse(
    inputs.disableLocalAccounts === true && !managed,
    "disableLocalAccounts",
    "needs aadProfile.managed: without either nobody could sign in",
  );
  refuse(
    flag(inputs, "aadProfile.enableAzureRBAC") === true && inputs.enableRBAC === false,
    "aadProfile.enableAzureRBAC",
    "needs enableRBAC",
  );
  refuse(
    flag(inputs, "securityProfile.workloadIdentity.enabled") === true &&
      flag(inputs, "oidcIssuerProfile.enabled") !== true,
    "securityProfile.workloadIdentity.enabled",
    "needs oidcIssuerProfile.enabled",
  );
  refuse(
    inputs.dnsPrefix === undefined && inputs.fqdnSubdomain === undefined,
    "dnsPrefix",
    "is required (or fqdnSubdomain)",
  );
  refuse(
    inputs.identity === undefined && inputs.servicePrincipalProfile === undefined,
    "identity",
    "is required (or servicePrincipalProfile)",
  );
  const cilium = flag(inputs, "networkProfile.networkPolicy") === "cilium";
  refuse(
    cilium && flag(inputs, "networkProfile.networkDataplane") !== "cilium",
    "networkProfile.networkDataplane",
    'must be "cilium" with networkPolicy "cilium"',
  );
  refuse(
    inputs.supportPlan === "AKSLongTermSupport" && flag(inputs, "sku.tier") !== "Premium",
    "supportPlan",
    "AKSLongTermSupport needs sku.tier Premium",
  );
  refuse(
    flag(inputs, "apiServerAccessProfile.enablePrivateCluster") === true &&
      valuesAt(inputs, "apiServerAccessProfile.authorizedIPRanges[*]").length > 0,
    "apiServerAccessProfile.authorizedIPRanges",
    "are not allowed on a private cluster",
  );
  return faults;
}

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
