import { azure } from "../../../policies/azure/types";
import { trackType } from "../../../policies/kubernetes/declared-sides";
import { kirana } from "../../../policies/systems";
import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import type { Environment } from "../../../runbooks/model";
import { type FixtureResource, group, groupId, ids, subnet, subscription } from "./fixture";
import { inEnvironment } from "./kirana-environment";
import { siteResources } from "./kirana-sites";
import { alertResources, diagnosticResources } from "./kirana-watch";

const indexing = contract.cosmos.itemsIndexing;

/** The whole of kirana-inventory as the rules want it. */
export function kiranaStack(environment: Environment = "production"): FixtureResource[] {
  return inEnvironment(declaredStack(environment), environment);
}

function declaredStack(environment: Environment): FixtureResource[] {
  const tags = () => ({
    system: "kirana-inventory",
    environment,
    owner: "devops",
    costCenter: "kirana",
    managedBy: "pulumi",
  });
  const durable = environment !== "dev";
  const tagged = (key: string, type: string, props: Record<string, unknown>): FixtureResource => ({
    key,
    type,
    props: { resourceGroupName: group, ...props, tags: tags() },
    protect: false,
    ignoreChanges: [],
  });
  const plain = (key: string, type: string, props: Record<string, unknown>): FixtureResource => ({
    key,
    type,
    props: { resourceGroupName: group, ...props },
    protect: false,
    ignoreChanges: [],
  });
  const kept = (resource: FixtureResource): FixtureResource => ({ ...resource, protect: durable });
  const locks = durable
    ? (["cosmos", "vault", "storage"] as const).map((store) =>
        plain(`lock-${store}`, azure.lock, { level: "CanNotDelete", lockName: store, scope: ids[store] }),
      )
    : [];
  return [
    { ...plain("kirana-inventory", kirana.component, {}), outside: true },
    tagged("group", azure.resourceGroup, { resourceGroupName: group }),
    tagged("workspace", azure.workspace, {
      workspaceName: "kirana-logs-prod",
      retentionInDays: contract.retentionDays,
    }),
    tagged("insights", azure.applicationInsights, {
      resourceName: "kirana-app-insights-prod",
      kind: "web",
      ingestionMode: "LogAnalytics",
      disableLocalAuth: true,
      workspaceResourceId: ids.workspace,
    }),
    kept(
      tagged("cosmos", azure.cosmosAccount, {
        accountName: "kirana-cosmosdb-prod",
        minimalTlsVersion: "Tls12",
        disableLocalAuth: true,
        disableKeyBasedMetadataWriteAccess: true,
        publicNetworkAccess: "Enabled",
        isVirtualNetworkFilterEnabled: true,
        virtualNetworkRules: [{ id: subnet }],
        backupPolicy: { type: "Continuous", continuousModeProperties: { tier: "Continuous30Days" } },
      }),
    ),
    kept(
      tagged("database", azure.cosmosDatabase, {
        accountName: "kirana-cosmosdb-prod",
        databaseName: contract.cosmos.database,
        resource: { id: contract.cosmos.database },
        options: { autoscaleSettings: { maxThroughput: contract.cosmos.autoscaleMaxRequestUnitsPerSecond } },
      }),
    ),
    ...contract.cosmos.containers.map(({ name, partitionKey }) =>
      kept(
        tagged(`container-${name}`, azure.cosmosContainer, {
          accountName: "kirana-cosmosdb-prod",
          databaseName: contract.cosmos.database,
          containerName: name,
          resource: {
            id: name,
            partitionKey: { kind: "Hash", paths: [partitionKey] },
            indexingPolicy: {
              indexingMode: indexing.mode,
              includedPaths: indexing.includedPaths.map((path) => ({ path })),
              excludedPaths: indexing.excludedPaths.map((path) => ({ path })),
            },
          },
        }),
      ),
    ),
    plain("cosmos-role-definition", azure.cosmosRoleDefinition, {
      accountName: "kirana-cosmosdb-prod",
      permissions: [
        {
          dataActions: [
            "Microsoft.DocumentDB/databaseAccounts/readMetadata",
            "Microsoft.DocumentDB/databaseAccounts/sqlDatabases/containers/items/*",
          ],
        },
      ],
    }),
    plain("cosmos-role", azure.cosmosRoleAssignment, {
      accountName: "kirana-cosmosdb-prod",
      principalId: "11111111-0000-4000-8000-000000000001",
      roleDefinitionId: `${ids.cosmos}/sqlRoleDefinitions/00000000-0000-0000-0000-000000000002`,
      scope: `${ids.cosmos}/dbs/${contract.cosmos.database}`,
    }),
    kept(
      tagged("vault", azure.vault, {
        vaultName: "kirana-keyvault-prod",
        properties: {
          enableSoftDelete: true,
          enablePurgeProtection: true,
          enableRbacAuthorization: true,
          networkAcls: {
            bypass: "AzureServices",
            defaultAction: "Deny",
            virtualNetworkRules: [{ id: subnet }],
          },
        },
      }),
    ),
    ...contract.secrets.map(({ name }) =>
      tagged(`secret-${name}`, azure.vaultSecret, {
        vaultName: "kirana-keyvault-prod",
        secretName: name,
        properties: { value: `value of ${name}` },
      }),
    ),
    kept(
      tagged("storage", azure.storageAccount, {
        accountName: "kiranastorageprod",
        allowBlobPublicAccess: false,
        allowSharedKeyAccess: false,
        enableHttpsTrafficOnly: true,
        minimumTlsVersion: "TLS1_2",
        networkRuleSet: {
          defaultAction: "Deny",
          bypass: "AzureServices",
          virtualNetworkRules: [{ virtualNetworkResourceId: subnet }],
        },
      }),
    ),
    plain("blobs", azure.blobService, {
      accountName: "kiranastorageprod",
      blobServicesName: "default",
      isVersioningEnabled: true,
      deleteRetentionPolicy: { enabled: true, days: contract.retentionDays },
      containerDeleteRetentionPolicy: { enabled: true, days: contract.retentionDays },
    }),
    plain("blob-container", azure.blobContainer, {
      accountName: "kiranastorageprod",
      containerName: "artefacts",
      publicAccess: "None",
    }),
    tagged("plan", azure.plan, {
      name: "kirana-plan-prod",
      sku: { name: "P1v3", tier: "PremiumV3", capacity: 2 },
      zoneRedundant: true,
    }),
    tagged("autoscale", azure.autoscaleSetting, {
      autoscaleSettingName: "kirana-plan-prod",
      targetResourceUri: ids.plan,
      profiles: [{ name: "always", capacity: { minimum: "2", default: "2", maximum: "6" } }],
    }),
    ...siteResources(tagged, plain),
    {
      ...kept(plain("track", trackType, {})),
      props: {
        system: contract.system,
        initial: "production",
        journal: "https://kiranajournals.blob.core.windows.net/journals",
        sides: { production: `sha256:${"0".repeat(64)}` },
        target: { kind: "slots", siteId: ids.site, slot: contract.functionApp.slot },
      },
    },
    { ...plain("default_3_28_0", "pulumi:providers:azure-native", {}), outside: true },
    tagged("web-app", azure.staticSite, {
      name: "kirana-webapp",
      sku: { name: "Standard", tier: "Standard" },
    }),
    plain("api-domain", azure.hostNameBinding, {
      name: "kirana-functions",
      hostName: contract.domains.api,
      sslState: "SniEnabled",
    }),
    tagged("api-certificate", azure.certificate, { name: "api", canonicalName: contract.domains.api }),
    plain("app-domain", azure.staticSiteDomain, { name: "kirana-webapp", domainName: contract.domains.app }),
    plain("route", azure.edgeRoute, {
      profileName: contract.cdn.profile,
      endpointName: contract.cdn.endpoint,
      httpsRedirect: "Enabled",
      forwardingProtocol: "HttpsOnly",
    }),
    tagged("action-group", azure.actionGroup, {
      actionGroupName: "kirana-all-prod",
      groupShortName: "kirana",
      enabled: true,
      emailReceivers: [{ name: "devops", emailAddress: "devops@kirana.io" }],
      webhookReceivers: [
        { name: "pagerDuty", serviceUri: "https://events.pagerduty.com/integration/key/enqueue" },
      ],
      logicAppReceivers: [
        {
          name: "slack",
          resourceId: `${groupId}/providers/Microsoft.Logic/workflows/slack`,
          callbackUrl: "https://callback",
        },
      ],
    }),
    ...contract.alerts.flatMap((alert) => alertResources(alert, tagged)),
    ...diagnosticResources(plain),
    plain("role-vault", azure.roleAssignment, {
      principalId: "11111111-0000-4000-8000-000000000001",
      roleDefinitionId: `${subscription}/providers/Microsoft.Authorization/roleDefinitions/4633458b-17de-408a-b874-0445c86b69e6`,
      scope: ids.vault,
    }),
    plain("budget", azure.budget, {
      scope: groupId,
      amount: 500,
      notifications: {
        soon: { enabled: true, operator: "GreaterThan", threshold: 80, contactEmails: ["devops@kirana.io"] },
      },
    }),
    ...locks,
  ];
}
