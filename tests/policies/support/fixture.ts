/** A resource of a stack that every rule passes; tests break one thing of it at a time. */
export interface FixtureResource {
  /** Name in the program, by which a case picks the resource. */
  readonly key: string;
  readonly type: string;
  props: Record<string, unknown>;
  protect: boolean;
  ignoreChanges: readonly string[];
  /** Not below the system's component. */
  readonly outside?: boolean;
  /** Types above it, its own last, as its URN has them. @default kirana-inventory's component */
  readonly path?: string;
}

export const subscription = "/subscriptions/00000000-0000-4000-8000-00000000abcd";
export const group = "kirana-prod-rg";
export const groupId = `${subscription}/resourceGroups/${group}`;

export const ids = {
  group: groupId,
  workspace: `${groupId}/providers/Microsoft.OperationalInsights/workspaces/kirana-logs-prod`,
  insights: `${groupId}/providers/Microsoft.Insights/components/kirana-app-insights-prod`,
  cosmos: `${groupId}/providers/Microsoft.DocumentDB/databaseAccounts/kirana-cosmosdb-prod`,
  vault: `${groupId}/providers/Microsoft.KeyVault/vaults/kirana-keyvault-prod`,
  storage: `${groupId}/providers/Microsoft.Storage/storageAccounts/kiranastorageprod`,
  plan: `${groupId}/providers/Microsoft.Web/serverfarms/kirana-plan-prod`,
  site: `${groupId}/providers/Microsoft.Web/sites/kirana-functions`,
  slot: `${groupId}/providers/Microsoft.Web/sites/kirana-functions/slots/staging`,
  siteIdentity: `${groupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/site`,
  actionGroup: `${groupId}/providers/Microsoft.Insights/actionGroups/kirana-all-prod`,
};

export const subnet = `${groupId}/providers/Microsoft.Network/virtualNetworks/kirana-net-prod/subnets/functions`;

/** Makes a resource of the fixture, in the resource group. */
export type Maker = (key: string, type: string, props: Record<string, unknown>) => FixtureResource;
