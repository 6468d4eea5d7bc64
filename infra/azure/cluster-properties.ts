import { kiranaStore } from "../../runbooks/kirana-store";
import type { KubernetesClusterArgs, NodePool } from "./kubernetes-cluster";

const zones = ["1", "2", "3"];

const { audit } = kiranaStore;

/** Bounds of a container's log on its node; what is older is in the workspace (STO-063). */
const logRotation = {
  containerLogMaxSizeMB: audit.logFileMegabytes,
  containerLogMaxFiles: audit.logFiles,
} as const;

/** A pool as the cluster's list and the resource of its own both take it. */
export function poolArgs(
  pool: NodePool,
  { nodeSubnet, zoneRedundant, kubernetesVersion }: KubernetesClusterArgs,
) {
  return {
    mode: pool.mode,
    type: "VirtualMachineScaleSets",
    osType: "Linux",
    osSKU: "AzureLinux",
    vmSize: pool.size,
    vnetSubnetID: nodeSubnet.id,
    orchestratorVersion: kubernetesVersion,
    maxPods: 110,
    count: pool.minimumNodes,
    enableAutoScaling: true,
    minCount: pool.minimumNodes,
    maxCount: pool.maximumNodes,
    ...(zoneRedundant && { availabilityZones: zones }),
    upgradeSettings: { maxSurge: "33%", drainTimeoutInMinutes: 30 },
    kubeletConfig: logRotation,
    // A name server of the node's own, which AKS adds from Kubernetes 1.37 on unless it is told otherwise, is no pod: no
    // NetworkPolicy could let pods ask it (infra/kubernetes/network-policies.ts lets them ask the cluster's).
    localDNSProfile: { mode: "Disabled" },
    securityProfile: { enableSecureBoot: true, enableVTPM: true, sshAccess: "Disabled" },
    // Only what the cluster itself needs runs beside the system pods.
    ...(pool.mode === "System" && { nodeTaints: ["CriticalAddonsOnly=true:NoSchedule"] }),
  };
}

/** What a cluster is, without its place and its identities. */
export function clusterProperties(args: KubernetesClusterArgs) {
  const [first] = args.pools;
  return {
    kubernetesVersion: args.kubernetesVersion,
    dnsPrefix: args.clusterName,
    nodeResourceGroup: args.nodeResourceGroup,
    sku: { name: "Base", tier: args.zoneRedundant ? "Standard" : "Free" },
    enableRBAC: true,
    disableLocalAccounts: true,
    aadProfile: {
      managed: true,
      enableAzureRBAC: true,
      tenantID: args.tenantId,
      adminGroupObjectIDs: [...args.administratorGroupIds],
    },
    apiServerAccessProfile: {
      authorizedIPRanges: [...args.authorizedRanges],
      disableRunCommand: true,
    },
    oidcIssuerProfile: { enabled: true },
    securityProfile: {
      workloadIdentity: { enabled: true },
      imageCleaner: { enabled: true, intervalHours: 168 },
      defender: {
        logAnalyticsWorkspaceResourceId: args.workspaceId,
        securityMonitoring: { enabled: true },
      },
    },
    networkProfile: {
      networkPlugin: "azure",
      networkPluginMode: "overlay",
      networkDataplane: "cilium",
      networkPolicy: "cilium",
      podCidr: args.ranges.pods,
      serviceCidr: args.ranges.services,
      dnsServiceIP: args.ranges.nameServer,
      loadBalancerSku: "standard",
      outboundType: "loadBalancer",
    },
    autoUpgradeProfile: { upgradeChannel: "patch", nodeOSUpgradeChannel: "NodeImage" },
    addonProfiles: {
      azurepolicy: { enabled: true },
      azureKeyvaultSecretsProvider: {
        enabled: true,
        config: { enableSecretRotation: "true", rotationPollInterval: "2m" },
      },
      omsagent: {
        enabled: true,
        config: { logAnalyticsWorkspaceResourceID: args.workspaceId, useAADAuth: "true" },
      },
    },
    azureMonitorProfile: {
      metrics: {
        enabled: true,
        kubeStateMetrics: { metricLabelsAllowlist: "pods=[app,deployment],deployments=[app,deployment]" },
      },
    },
    serviceMeshProfile: { mode: "Istio", istio: { revisions: [args.meshRevision] } },
    storageProfile: { diskCSIDriver: { enabled: true }, snapshotController: { enabled: true } },
    agentPoolProfiles: [{ name: first.name, ...poolArgs(first, args) }],
  };
}
