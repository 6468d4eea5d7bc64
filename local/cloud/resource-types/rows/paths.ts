/** Beginning of the id of everything that lies in a resource group. */
export const GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
export const SITE = `${GROUP}/providers/Microsoft.Web/sites/{name}`;
export const SLOT = `${SITE}/slots/{slot}`;
export const COSMOS = `${GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/{accountName}`;
export const STORAGE = `${GROUP}/providers/Microsoft.Storage/storageAccounts/{accountName}`;
export const FRONT_DOOR = `${GROUP}/providers/Microsoft.Cdn/profiles/{profileName}`;
export const CLUSTER = `${GROUP}/providers/Microsoft.ContainerService/managedClusters/{resourceName}`;
export const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/{resourceName}`;
export const POSTGRES = `${GROUP}/providers/Microsoft.DBforPostgreSQL/flexibleServers/{serverName}`;
export const SQL_SERVER = `${GROUP}/providers/Microsoft.Sql/servers/{serverName}`;
export const SQL_DATABASE = `${SQL_SERVER}/databases/{databaseName}`;
export const REDIS = `${GROUP}/providers/Microsoft.Cache/redisEnterprise/{clusterName}`;
export const MONGO = `${GROUP}/providers/Microsoft.DocumentDB/mongoClusters/{mongoClusterName}`;
export const PRIVATE_ZONE = `${GROUP}/providers/Microsoft.Network/privateDnsZones/{privateZoneName}`;
