/** Inputs of the types of a cluster and what stands on it that Azure takes; tests break one thing in them. */
export type Inputs = Record<string, unknown>;

export const cluster: Inputs = {
  resourceGroupName: "g",
  resourceName: "cluster-one",
  location: "westus2",
  dnsPrefix: "one",
  identity: { type: "SystemAssigned" },
  aadProfile: { managed: true, enableAzureRBAC: true },
  disableLocalAccounts: true,
  oidcIssuerProfile: { enabled: true },
  securityProfile: { workloadIdentity: { enabled: true } },
  agentPoolProfiles: [{ name: "system", mode: "System", vmSize: "Standard_D2ds_v5", count: 1 }],
};
export const pool: Inputs = {
  resourceGroupName: "g",
  resourceName: "cluster-one",
  agentPoolName: "work",
  vmSize: "Standard_D4ds_v5",
  enableAutoScaling: true,
  minCount: 1,
  maxCount: 3,
};
export const server: Inputs = {
  resourceGroupName: "g",
  serverName: "server-one",
  location: "westus2",
  version: "16",
  sku: { name: "Standard_D2ds_v5", tier: "GeneralPurpose" },
  storage: { storageSizeGB: 64 },
  administratorLogin: "dba",
  administratorLoginPassword: "a-long-password",
};
export const rules: Inputs = {
  resourceGroupName: "g",
  ruleGroupName: "rules",
  location: "westus2",
  scopes: ["/subscriptions/s/resourceGroups/g/providers/Microsoft.Monitor/accounts/prometheus"],
  rules: [{ alert: "Down", expression: 'up{job="a"} == 0', severity: 1, for: "PT5M" }],
};
export const firewall: Inputs = {
  resourceGroupName: "g",
  policyName: "edge",
  sku: { name: "Premium_AzureFrontDoor" },
  customRules: {
    rules: [
      {
        name: "RateLimit",
        priority: 1,
        ruleType: "RateLimitRule",
        rateLimitDurationInMinutes: 1,
        rateLimitThreshold: 100,
        action: "Block",
        matchConditions: [{ matchVariable: "SocketAddr", operator: "IPMatch", matchValue: ["0.0.0.0/0"] }],
      },
    ],
  },
};
export const mongo: Inputs = {
  resourceGroupName: "g",
  mongoClusterName: "mongo-one",
  location: "westus2",
  properties: {
    administrator: { userName: "dba", password: "a-long-password" },
    serverVersion: "8.0",
    compute: { tier: "M30" },
    storage: { sizeGb: 32 },
    sharding: { shardCount: 1 },
    highAvailability: { targetMode: "ZoneRedundantPreferred" },
  },
};
export const redis: Inputs = {
  resourceGroupName: "g",
  clusterName: "cache-one",
  location: "westus2",
  sku: { name: "Balanced_B1" },
  publicNetworkAccess: "Disabled",
};
