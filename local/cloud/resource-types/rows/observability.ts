import type { RowSpec } from "../model";
import { isJson, valuesAt } from "../paths";
import { identityOf, nameRule, propertiesOf, succeeded } from "./helpers";
import { GROUP } from "./paths";

const OPERATORS = ["Equals", "GreaterThan", "GreaterThanOrEqual", "LessThan", "LessThanOrEqual"];
const WINDOWS = [
  "PT1M",
  "PT5M",
  "PT10M",
  "PT15M",
  "PT30M",
  "PT45M",
  "PT1H",
  "PT2H",
  "PT3H",
  "PT4H",
  "PT5H",
  "PT6H",
  "P1D",
  "P2D",
];
const METRIC_WINDOWS = ["PT1M", "PT5M", "PT15M", "PT30M", "PT1H", "PT6H", "PT12H", "P1D"];
const METRIC_FREQUENCIES = ["PT1M", "PT5M", "PT15M", "PT30M", "PT1H"];

/** Log Analytics, Application Insights, alerts, diagnostics. */
export const observability: RowSpec[] = [
  {
    token: "operationalinsights:Workspace",
    id: `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/{workspaceName}`,
    inProperties: ["sku"],
    defaults: { sku: { name: "PerGB2018" }, retentionInDays: 30 },
    validate: nameRule(
      "workspaceName",
      /^[A-Za-z0-9][A-Za-z0-9-]{2,61}[A-Za-z0-9]$/,
      "4 to 63 letters, digits and hyphens, a letter or digit at both ends",
    ),
    longRunning: { create: true },
    compute: (context) => ({
      ...identityOf(context),
      ...succeeded({
        customerId: context.guidFor("customer"),
        createdDate: propertiesOf(context.previous).createdDate ?? context.now(),
        modifiedDate: context.now(),
      }),
    }),
  },
  {
    token: "applicationinsights:Component",
    id: `${GROUP}/providers/Microsoft.Insights/components/{resourceName}`,
    immutable: ["applicationType", "kind"],
    secretOutputs: ["connectionString", "instrumentationKey"],
    wire: {
      applicationType: "Application_Type",
      flowType: "Flow_Type",
      requestSource: "Request_Source",
      instrumentationKey: "InstrumentationKey",
      connectionString: "ConnectionString",
      appId: "AppId",
      applicationId: "ApplicationId",
      creationDate: "CreationDate",
      tenantId: "TenantId",
      ingestionMode: "IngestionMode",
      retentionInDays: "RetentionInDays",
      samplingPercentage: "SamplingPercentage",
      workspaceResourceId: "WorkspaceResourceId",
      disableIpMasking: "DisableIpMasking",
      disableLocalAuth: "DisableLocalAuth",
      immediatePurgeDataOn30Days: "ImmediatePurgeDataOn30Days",
      hockeyAppId: "HockeyAppId",
    },
    references: [{ path: "workspaceResourceId", code: "WorkspaceNotFound" }],
    validate: (inputs) =>
      inputs.ingestionMode === "LogAnalytics" && inputs.workspaceResourceId === undefined
        ? [{ path: "workspaceResourceId", reason: 'is required with ingestionMode "LogAnalytics"' }]
        : [],
    compute: (context) => {
      const key = context.guidFor("instrumentation");
      const app = context.guidFor("application");
      const location = String(context.body.location ?? "").toLowerCase();
      return succeeded({
        ApplicationId: context.params.resourceName,
        AppId: app,
        TenantId: context.subscriptionId,
        CreationDate: propertiesOf(context.previous).CreationDate ?? context.now(),
        InstrumentationKey: key,
        ConnectionString: `InstrumentationKey=${key};IngestionEndpoint=https://${location}-0.in.applicationinsights.azure.com/;LiveEndpoint=https://${location}.livediagnostics.monitor.azure.com/;ApplicationId=${app}`,
      });
    },
  },
  {
    token: "applicationinsights:WebTest",
    id: `${GROUP}/providers/Microsoft.Insights/webtests/{webTestName}`,
    immutable: ["webTestKind", "kind"],
    wire: {
      syntheticMonitorId: "SyntheticMonitorId",
      webTestKind: "Kind",
      enabled: "Enabled",
      frequency: "Frequency",
      timeout: "Timeout",
      locations: "Locations",
      configuration: "Configuration",
      request: "Request",
      validationRules: "ValidationRules",
      retryEnabled: "RetryEnabled",
      description: "Description",
    },
    defaults: { frequency: 300, timeout: 30 },
    validate: (inputs) => {
      const tags = isJson(inputs.tags) ? inputs.tags : {};
      const hidden = Object.keys(tags).some((key) => key.toLowerCase().startsWith("hidden-link:"));
      const url = isJson(inputs.request) ? inputs.request.requestUrl : undefined;
      return [
        ...(hidden
          ? []
          : [
              {
                path: "tags",
                reason:
                  'needs a tag "hidden-link:<id of the Application Insights component>" with the value "Resource"',
              },
            ]),
        ...(inputs.webTestKind === "standard" && url === undefined
          ? [{ path: "request.requestUrl", reason: 'is required with webTestKind "standard"' }]
          : []),
      ];
    },
    compute: () => succeeded(),
  },
  {
    token: "monitor:ActionGroup",
    id: `${GROUP}/providers/Microsoft.Insights/actionGroups/{actionGroupName}`,
    secretInputs: [
      "webhookReceivers[*].serviceUri",
      "logicAppReceivers[*].callbackUrl",
      "azureFunctionReceivers[*].httpTriggerUrl",
    ],
    references: [{ path: "logicAppReceivers[*].resourceId", code: "BadRequest" }],
    validate: (inputs) => {
      const short = inputs.groupShortName;
      const faults = [];
      if (
        typeof short === "string" &&
        (short.length < 1 || (short.length > 12 && !short.includes("04da6b54-")))
      ) {
        faults.push({
          path: "groupShortName",
          reason: `${JSON.stringify(short)} has ${short.length} characters; allowed: 1 to 12`,
        });
      }
      const names = Object.keys(inputs)
        .filter((key) => key.endsWith("Receivers"))
        .flatMap((key) => valuesAt(inputs, `${key}[*].name`));
      const seen = new Set<unknown>();
      for (const { path, value } of names) {
        if (seen.has(value))
          faults.push({
            path,
            reason: `${JSON.stringify(value)} is used twice; receivers of a group need different names`,
          });
        seen.add(value);
      }
      return faults;
    },
    compute: (context) => identityOf(context),
  },
  {
    token: "monitor:MetricAlert",
    id: `${GROUP}/providers/Microsoft.Insights/metricAlerts/{ruleName}`,
    enums: { severity: [0, 1, 2, 3, 4], windowSize: METRIC_WINDOWS, evaluationFrequency: METRIC_FREQUENCIES },
    defaults: { autoMitigate: true },
    references: [
      { path: "scopes[*]", code: "BadRequest" },
      { path: "actions[*].actionGroupId", code: "BadRequest" },
      { path: "criteria.webTestId", code: "BadRequest" },
      { path: "criteria.componentId", code: "BadRequest" },
    ],
    validate: (inputs) =>
      Array.isArray(inputs.scopes) && inputs.scopes.length === 0
        ? [{ path: "scopes", reason: "must name at least one resource" }]
        : [],
    compute: (context) => ({ properties: { isMigrated: false, lastUpdatedTime: context.now() } }),
  },
  {
    token: "monitor:ScheduledQueryRule",
    id: `${GROUP}/providers/Microsoft.Insights/scheduledQueryRules/{ruleName}`,
    immutable: ["kind"],
    enums: {
      severity: [0, 1, 2, 3, 4],
      // The SDK's ConditionOperator belongs to another API of the same name; Azure takes these.
      "criteria.allOf[*].operator": OPERATORS,
      windowSize: WINDOWS,
      // Every window but the longest.
      evaluationFrequency: WINDOWS.slice(0, -1),
    },
    defaults: { enabled: true },
    references: [
      { path: "scopes[*]", code: "BadRequest" },
      { path: "actions.actionGroups[*]", code: "BadRequest" },
    ],
    validate: (inputs) => {
      const missing = (name: string) =>
        inputs[name] === undefined
          ? [{ path: name, reason: 'is required for a rule of kind "LogAlert"' }]
          : [];
      const kind = inputs.kind ?? "LogAlert";
      return [
        ...missing("scopes"),
        ...missing("criteria"),
        ...(kind === "LogAlert"
          ? [...missing("severity"), ...missing("evaluationFrequency"), ...missing("windowSize")]
          : []),
      ];
    },
    compute: (context) => ({
      ...identityOf(context),
      properties: {
        createdWithApiVersion: "2025-01-01-preview",
        isLegacyLogAnalyticsRule: false,
        isWorkspaceAlertsStorageConfigured: false,
      },
    }),
  },
  {
    token: "monitor:DiagnosticSetting",
    id: "{resourceUri}/providers/Microsoft.Insights/diagnosticSettings/{name}",
    references: [
      { path: "workspaceId", code: "ResourceNotFound" },
      { path: "storageAccountId", code: "ResourceNotFound" },
    ],
    validate: (inputs) => {
      const sinks = [
        "workspaceId",
        "storageAccountId",
        "eventHubAuthorizationRuleId",
        "marketplacePartnerId",
      ];
      return sinks.every((sink) => inputs[sink] === undefined)
        ? [{ path: "workspaceId", reason: `at least one data sink is required: ${sinks.join(", ")}` }]
        : [];
    },
    compute: () => ({}),
  },
  {
    token: "monitor:ActivityLogAlert",
    id: `${GROUP}/providers/Microsoft.Insights/activityLogAlerts/{activityLogAlertName}`,
    defaults: { enabled: true },
    references: [{ path: "actions.actionGroups[*].actionGroupId", code: "ResourceNotFound" }],
    validate: (inputs) => [
      ...(valuesAt(inputs, "scopes[*]").length === 0
        ? [{ path: "scopes", reason: "must hold at least one scope" }]
        : []),
      // Without a category the rule would see the whole log, which Azure refuses.
      ...(valuesAt(inputs, "condition.allOf[*].field").some(({ value }) => value === "category")
        ? []
        : [{ path: "condition.allOf", reason: "must hold a condition on the field category" }]),
    ],
    compute: () => ({}),
  },
  {
    token: "monitor:AutoscaleSetting",
    id: `${GROUP}/providers/Microsoft.Insights/autoscalesettings/{autoscaleSettingName}`,
    references: [{ path: "targetResourceUri", code: "BadRequest" }],
    validate: (inputs) =>
      valuesAt(inputs, "profiles[*].capacity").flatMap(({ path, value }) => {
        const capacity = value as Record<string, unknown>;
        const [low, high] = [Number(capacity.minimum), Number(capacity.maximum)];
        return low > high ? [{ path: `${path}.minimum`, reason: `${low} is above the maximum ${high}` }] : [];
      }),
    compute: () => ({}),
  },
];
