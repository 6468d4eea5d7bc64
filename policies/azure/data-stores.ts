import { azure } from "./types";

/** Resources that hold data or secrets and carry a lock: deleting one loses what no `up` brings back. */
export const lockedStores: readonly string[] = [
  azure.cosmosAccount,
  azure.vault,
  azure.storageAccount,
  azure.postgresServer,
  azure.mongoCluster,
  // Not its server: what lies there is inherited by copies that a release makes and takes away (docs/adr/0154).
  azure.sqlDatabase,
  azure.containerRegistry,
];

/** The same, and the parts of them that a change of the program could delete alone. */
export const protectedStores: readonly string[] = [
  ...lockedStores,
  azure.cosmosDatabase,
  azure.cosmosContainer,
  azure.postgresDatabase,
  azure.sqlServer,
  // A cache that is gone is filled again, but by the databases, all at once.
  azure.redisCache,
  azure.redisDatabase,
];
