import { azure } from "../../../policies/azure/types";
import { kirana } from "../../../policies/systems";
import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import type { Alert, Environment } from "../../../runbooks/model";

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
}

const subscription = "/subscriptions/00000000-0000-4000-8000-00000000abcd";
const group = "kirana-prod-rg";
const groupId = `${subscription}/resourceGroups/${group}`;

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

const subnet = `${groupId}/providers/Microsoft.Network/virtualNetworks/kirana-net-prod/subnets/functions`;

const indexing = contract.cosmos.itemsIndexing;

/** The whole of kirana-inventory as the rules want it. */
export function kiranaStack(environment: Environment = "production"): FixtureResource[] {
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
    ...sides(tagged, plain),
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
    ...diagnostics(plain),
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

type Maker = (key: string, type: string, props: Record<string, unknown>) => FixtureResource;

function sides(tagged: Maker, plain: Maker): FixtureResource[] {
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
    tagged("site", azure.site, { name, serverFarmId: ids.plan, ...config("site") }),
    tagged("slot", azure.slot, { name, slot, serverFarmId: ids.plan, ...config("slot") }),
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

function diagnostics(plain: Maker): FixtureResource[] {
  const wanted = {
    cosmos: ["DataPlaneRequests", "ControlPlaneRequests"],
    vault: ["AuditEvent"],
    site: ["FunctionAppLogs"],
    slot: ["FunctionAppLogs"],
    storage: ["StorageRead", "StorageWrite", "StorageDelete"],
  } as const;
  return (Object.keys(wanted) as (keyof typeof wanted)[]).map((key) => ({
    ...plain(`diagnostics-${key}`, azure.diagnosticSetting, {}),
    props: {
      name: "to-workspace",
      resourceUri: key === "storage" ? `${ids.storage}/blobServices/default` : ids[key],
      workspaceId: ids.workspace,
      logs: wanted[key].map((category) => ({ category, enabled: true })),
    },
  }));
}

const targets = { cosmosAccount: ids.cosmos, plan: ids.plan, functionApp: ids.site };

function alertResources(alert: Alert, tagged: Maker): FixtureResource[] {
  const common = { ruleName: `kirana-${alert.name}-prod`, enabled: true, severity: alert.severity };
  if (alert.kind === "availability") {
    const webTestName = `kirana-${alert.name}-prod`;
    return [
      tagged(`alert-${alert.name}`, azure.metricAlert, {
        ...common,
        actions: [{ actionGroupId: ids.actionGroup }],
        scopes: [ids.insights],
        windowSize: "PT5M",
        evaluationFrequency: "PT1M",
        criteria: {
          odataType: "Microsoft.Azure.Monitor.WebtestLocationAvailabilityCriteria",
          componentId: ids.insights,
          webTestId: `${groupId}/providers/Microsoft.Insights/webtests/${webTestName}`,
          failedLocationCount: alert.failedLocations,
        },
      }),
      tagged(`test-${alert.name}`, azure.webTest, {
        webTestName,
        enabled: true,
        frequency: alert.everySeconds,
        timeout: alert.timeoutSeconds,
        locations: ["emea-nl-ams-azr", "us-ca-sjc-azr", "apac-sg-sin-azr"].map((location) => ({ location })),
        request: { requestUrl: `https://${contract.domains[alert.probe]}${alert.path}`, httpVerb: "GET" },
        validationRules: {
          expectedHttpStatusCode: alert.expectedStatus,
          sSLCheck: true,
          sSLCertRemainingLifetimeCheck: alert.certificateMinimumDays,
          ...(alert.expectedContent && {
            contentValidation: { contentMatch: alert.expectedContent, passIfTextFound: true },
          }),
        },
      }),
    ];
  }
  const timed = {
    ...common,
    windowSize: `PT${alert.windowMinutes}M`,
    evaluationFrequency: `PT${alert.evaluationEveryMinutes}M`,
  };
  const limit = { operator: alert.operator, threshold: alert.threshold };
  if (alert.kind === "metric") {
    return [
      tagged(`alert-${alert.name}`, azure.metricAlert, {
        ...timed,
        actions: [{ actionGroupId: ids.actionGroup }],
        scopes: [targets[alert.target]],
        criteria: {
          odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
          allOf: [
            {
              ...limit,
              criterionType: "StaticThresholdCriterion",
              name: alert.name,
              metricName: alert.metric,
              metricNamespace: alert.metricNamespace,
              timeAggregation: alert.aggregation,
              dimensions: (alert.dimensions ?? []).map(({ name, values }) => ({
                name,
                operator: "Include",
                values: [...values],
              })),
            },
          ],
        },
      }),
    ];
  }
  return [
    tagged(`alert-${alert.name}`, azure.logAlert, {
      ...timed,
      actions: { actionGroups: [ids.actionGroup] },
      scopes: [ids.workspace],
      ...(alert.overrideQueryMinutes && { overrideQueryTimeRange: `PT${alert.overrideQueryMinutes}M` }),
      criteria: {
        allOf: [
          {
            ...limit,
            query: alert.query,
            metricMeasureColumn: alert.measureColumn,
            timeAggregation: "Total",
          },
        ],
      },
    }),
  ];
}
