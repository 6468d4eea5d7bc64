/** Beginning of the id of everything that lies in a resource group. */
export const GROUP = "/subscriptions/{subscriptionId}/resourceGroups/{resourceGroupName}";
export const SITE = `${GROUP}/providers/Microsoft.Web/sites/{name}`;
export const SLOT = `${SITE}/slots/{slot}`;
export const COSMOS = `${GROUP}/providers/Microsoft.DocumentDB/databaseAccounts/{accountName}`;
export const STORAGE = `${GROUP}/providers/Microsoft.Storage/storageAccounts/{accountName}`;
export const FRONT_DOOR = `${GROUP}/providers/Microsoft.Cdn/profiles/{profileName}`;
