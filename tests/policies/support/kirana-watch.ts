import { azure } from "../../../policies/azure/types";
import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import type { Alert, MetricAlert } from "../../../runbooks/model";
import { type FixtureResource, groupId, ids, type Maker } from "./fixture";

/** Settings that send the logs of data, vault and sites to the workspace. */
export function diagnosticResources(plain: Maker): FixtureResource[] {
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

const targets: Partial<Record<MetricAlert["target"], string>> = {
  cosmosAccount: ids.cosmos,
  plan: ids.plan,
  functionApp: ids.site,
};

/** The rule of an alert of the contract, and its availability test. */
export function alertResources(alert: Alert, tagged: Maker): FixtureResource[] {
  const common = { ruleName: `kirana-${alert.name}-prod`, enabled: true, severity: alert.severity };
  if (alert.kind === "availability") {
    const webTestName = `kirana-${alert.name}-prod`;
    return [
      tagged(`alert-${alert.name}`, azure.metricAlert, {
        ...common,
        actions: [{ actionGroupId: ids.actionGroup }],
        scopes: [ids.insights, `${groupId}/providers/Microsoft.Insights/webtests/${webTestName}`],
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
          ...(alert.certificateMinimumDays !== undefined && {
            sSLCertRemainingLifetimeCheck: alert.certificateMinimumDays,
          }),
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
