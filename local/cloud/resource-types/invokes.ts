/** How a function of the SDK is answered: by a POST on an ARM path, or with the provider's own configuration. */
export type Invoke =
  | { kind: "clientConfig" }
  | {
      kind: "action";
      /** With the function's argument names in braces. */
      path: string;
      apiVersion: string;
      /** Result paths that are secrets. */
      secret: string[];
    };

const group = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}/providers";

export const invokes: Readonly<Record<string, Invoke>> = {
  "azure-native:authorization:getClientConfig": { kind: "clientConfig" },
  "azure-native:containerservice:listManagedClusterUserCredentials": {
    kind: "action",
    path: `${group}/Microsoft.ContainerService/managedClusters/{resourceName}/listClusterUserCredential`,
    apiVersion: "2025-09-01",
    secret: ["kubeconfigs[*].value"],
  },
  "azure-native:cosmosdb:listDatabaseAccountConnectionStrings": {
    kind: "action",
    path: `${group}/Microsoft.DocumentDB/databaseAccounts/{accountName}/listConnectionStrings`,
    apiVersion: "2025-10-15",
    secret: ["connectionStrings[*].connectionString"],
  },
  "azure-native:redisenterprise:listDatabaseKeys": {
    kind: "action",
    path: `${group}/Microsoft.Cache/redisEnterprise/{clusterName}/databases/{databaseName}/listKeys`,
    apiVersion: "2025-07-01",
    secret: ["primaryKey", "secondaryKey"],
  },
  "azure-native:storage:listStorageAccountKeys": {
    kind: "action",
    path: `${group}/Microsoft.Storage/storageAccounts/{accountName}/listKeys`,
    apiVersion: "2024-01-01",
    secret: ["keys[*].value"],
  },
  "azure-native:logic:listWorkflowTriggerCallbackUrl": {
    kind: "action",
    path: `${group}/Microsoft.Logic/workflows/{workflowName}/triggers/{triggerName}/listCallbackUrl`,
    apiVersion: "2019-05-01",
    secret: ["value"],
  },
  "azure-native:web:listStaticSiteSecrets": {
    kind: "action",
    path: `${group}/Microsoft.Web/staticSites/{name}/listSecrets`,
    apiVersion: "2025-05-01",
    secret: ["properties"],
  },
};
