import { azure } from "../../../policies/azure/types";
import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import { type FixtureResource, groupId, ids, type Maker } from "./fixture";

/** The function app, its slot, and what belongs to each of them. */
export function siteResources(tagged: Maker, plain: Maker): FixtureResource[] {
  const config = (identity: string) => ({
    httpsOnly: true,
    identity: {
      type: "SystemAssigned, UserAssigned",
      userAssignedIdentities: [
        `${groupId}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/${identity}`,
      ],
    },
    siteConfig: {
      minTlsVersion: "1.2",
      scmMinTlsVersion: "1.2",
      http20Enabled: true,
      ftpsState: "Disabled",
      healthCheckPath: contract.functionApp.healthPath,
    },
  });
  const settings = () => ({
    WEBSITE_RUN_FROM_PACKAGE: "1",
    WEBSITE_SWAP_WARMUP_PING_PATH: contract.functionApp.healthPath,
    WEBSITE_SWAP_WARMUP_PING_STATUSES: contract.functionApp.warmUpStatuses.join(","),
    DAILY_BUDGET_CAP: String(contract.llmBudget.dailyCapUsd),
    FUNCTIONS_WORKER_RUNTIME: "node",
    AzureWebJobsStorage__accountName: "kiranastorageprod",
    AzureWebJobsStorage__credential: "managedidentity",
    COSMOS_DATABASE: contract.cosmos.database,
    ...Object.fromEntries(
      contract.secrets.flatMap((secret) =>
        "appSetting" in secret
          ? [
              [
                secret.appSetting,
                `@Microsoft.KeyVault(VaultName=kirana-keyvault-prod;SecretName=${secret.name})`,
              ],
            ]
          : [],
      ),
    ),
  });
  const name = "kirana-functions";
  const slot = contract.functionApp.slot;
  return [
    tagged("site", azure.site, {
      name,
      kind: "functionapp,linux",
      serverFarmId: ids.plan,
      ...config("site"),
    }),
    tagged("slot", azure.slot, {
      name,
      slot,
      kind: "functionapp,linux",
      serverFarmId: ids.plan,
      ...config("slot"),
    }),
    plain("site-settings", azure.siteSettings, {
      name,
      properties: { ...settings(), "AzureWebJobs.nightly.Disabled": "0" },
    }),
    plain("slot-settings", azure.slotSettings, {
      name,
      slot,
      properties: { ...settings(), "AzureWebJobs.nightly.Disabled": "1" },
    }),
    plain("sticky-names", azure.slotConfigurationNames, {
      name,
      appSettingNames: ["AzureWebJobs.nightly.Disabled"],
    }),
    plain("site-ftp", azure.siteFtpAllowed, { name, allow: false }),
    plain("slot-ftp", azure.slotFtpAllowed, { name, slot, allow: false }),
    plain("site-scm", azure.siteScmAllowed, { name, allow: false }),
    plain("slot-scm", azure.slotScmAllowed, { name, slot, allow: false }),
  ];
}
