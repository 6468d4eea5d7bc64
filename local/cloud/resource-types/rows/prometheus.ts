import type { InputFault, Json, RowSpec } from "../model";
import { isJson, valuesAt } from "../paths";
import { identityOf, nameRule, propertiesOf, succeeded } from "./helpers";
import { GROUP } from "./paths";

/** Azure Monitor, "Service limits": rules per Prometheus rule group. */
const MOST_RULES = 20;

const isWorkspace = (id: unknown) =>
  typeof id === "string" && /\/providers\/microsoft\.monitor\/accounts\/[^/]+$/i.test(id);

/** Minutes of `PT1M`, `PT1H30M`; undefined for what is no duration of minutes and hours. */
function minutesOf(duration: unknown): number | undefined {
  const [, hours = "0", minutes = "0"] = /^PT(?=\d)(?:(\d+)H)?(?:(\d+)M)?$/.exec(String(duration)) ?? [];
  const total = Number(hours) * 60 + Number(minutes);
  return total > 0 ? total : undefined;
}

/** Whether brackets outside of quotes pair up: not a parser, but what a lost bracket or quote fails. */
export function isBalanced(expression: string): boolean {
  const open: string[] = [];
  const pairs: Record<string, string> = { ")": "(", "]": "[", "}": "{" };
  for (const part of expression.replace(/"(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`/g, "")) {
    if ("([{".includes(part)) open.push(part);
    else if (pairs[part] !== undefined && open.pop() !== pairs[part]) return false;
    else if (`"'\``.includes(part)) return false;
  }
  return open.length === 0;
}

function ruleFaults(rule: Json, at: string): InputFault[] {
  const faults: InputFault[] = [];
  const fault = (name: string, reason: string) => faults.push({ path: `${at}.${name}`, reason });
  const { alert, record, expression, severity } = rule;
  if ((alert === undefined) === (record === undefined))
    fault("alert", "exactly one of alert and record is required");
  if (typeof expression === "string" && expression.trim() === "") fault("expression", "must not be empty");
  else if (typeof expression === "string" && !isBalanced(expression))
    fault("expression", "is not PromQL: brackets or quotes do not pair up");
  if (typeof severity === "number" && (severity < 0 || severity > 4 || !Number.isInteger(severity)))
    fault("severity", `${severity} is not allowed; allowed: 0 to 4`);
  if (rule.for !== undefined && rule.for !== "PT0M" && minutesOf(rule.for) === undefined)
    fault("for", `${JSON.stringify(rule.for)} is no duration such as "PT5M"`);
  if (record !== undefined) {
    for (const name of ["severity", "actions", "for", "annotations", "resolveConfiguration"])
      if (rule[name] !== undefined) fault(name, "does not belong to a recording rule");
    if (typeof record === "string" && !/^[a-zA-Z_:][a-zA-Z0-9_:]*$/.test(record))
      fault("record", "is no metric name");
  }
  for (const label of Object.keys(isJson(rule.labels) ? rule.labels : {}))
    if (!/^[a-zA-Z_][a-zA-Z0-9_]*$/.test(label)) fault(`labels.${label}`, "is no label name");
  return faults;
}

function groupFaults(inputs: Json): InputFault[] {
  const rules = Array.isArray(inputs.rules) ? (inputs.rules as unknown[]) : [];
  const scopes = Array.isArray(inputs.scopes) ? (inputs.scopes as unknown[]) : [];
  const known = scopes.every((scope) => typeof scope === "string" && scope.startsWith("/"));
  const minutes = minutesOf(inputs.interval);
  return [
    ...rules.flatMap((rule, index) => (isJson(rule) ? ruleFaults(rule, `rules[${index}]`) : [])),
    ...(rules.length > MOST_RULES
      ? [{ path: "rules", reason: `holds ${rules.length} rules; a group takes at most ${MOST_RULES}` }]
      : []),
    ...(known && scopes.filter(isWorkspace).length !== 1
      ? [{ path: "scopes", reason: "must name exactly one Azure Monitor workspace" }]
      : []),
    ...(inputs.interval !== undefined && (minutes === undefined || minutes > 15)
      ? [
          {
            path: "interval",
            reason: `${JSON.stringify(inputs.interval)} is not allowed; allowed: PT1M to PT15M`,
          },
        ]
      : []),
  ];
}

function collectionFaults(inputs: Json): InputFault[] {
  const declared = new Set([
    ...valuesAt(inputs, "destinations.*[*].name").map(({ value }) => value),
    ...valuesAt(inputs, "destinations.azureMonitorMetrics.name").map(({ value }) => value),
  ]);
  const streams = new Set([
    ...valuesAt(inputs, "dataSources.*[*].streams[*]").map(({ value }) => value),
    ...Object.keys(isJson(inputs.streamDeclarations) ? inputs.streamDeclarations : {}),
  ]);
  const absent = (path: string, among: ReadonlySet<unknown>, what: string) =>
    valuesAt(inputs, path)
      .filter(({ value }) => !among.has(value))
      .map((found) => ({
        path: found.path,
        reason: `${JSON.stringify(found.value)} is no ${what} of this rule`,
      }));
  return [
    ...absent("dataFlows[*].destinations[*]", declared, "destination"),
    ...(inputs.kind === "Direct"
      ? []
      : absent("dataFlows[*].streams[*]", streams, "stream of a data source")),
  ];
}

/** Managed Prometheus: its workspace, how a cluster's metrics get there, rule groups, Grafana. */
export const prometheus: RowSpec[] = [
  {
    token: "monitor:AzureMonitorWorkspace",
    id: `${GROUP}/providers/Microsoft.Monitor/accounts/{azureMonitorWorkspaceName}`,
    longRunning: { create: true, delete: true },
    validate: nameRule(
      "azureMonitorWorkspaceName",
      /^(?!-)[A-Za-z0-9-]{3,43}[A-Za-z0-9]$/,
      "4 to 44 letters, digits and hyphens, no hyphen at the ends",
    ),
    compute: (context) => {
      const name = context.params.azureMonitorWorkspaceName!;
      const location = String(context.body.location ?? "").toLowerCase();
      const managed = `/subscriptions/${context.subscriptionId}/resourceGroups/MA_${name}_${location}_managed/providers/Microsoft.Insights`;
      const internal = `mac_${context.guidFor("account")}`;
      return succeeded({
        accountId: context.guidFor("account"),
        metrics: {
          internalId: internal,
          prometheusQueryEndpoint: `https://${name.toLowerCase()}-${context.guidFor("query").slice(0, 4)}.${location}.prometheus.monitor.azure.com`,
        },
        defaultIngestionSettings: {
          dataCollectionEndpointResourceId: `${managed}/dataCollectionEndpoints/${name}`,
          dataCollectionRuleResourceId: `${managed}/dataCollectionRules/${name}`,
        },
        publicNetworkAccess: propertiesOf(context.body).publicNetworkAccess ?? "Enabled",
      });
    },
  },
  {
    token: "monitor:DataCollectionEndpoint",
    id: `${GROUP}/providers/Microsoft.Insights/dataCollectionEndpoints/{dataCollectionEndpointName}`,
    immutable: ["kind"],
    validate: nameRule(
      "dataCollectionEndpointName",
      /^[A-Za-z0-9-]{3,44}$/,
      "3 to 44 letters, digits and hyphens",
    ),
    compute: (context) => {
      const host = (kind: string) => ({
        endpoint: `https://${context.params.dataCollectionEndpointName!.toLowerCase()}-${context.guidFor(kind).slice(0, 4)}.${String(context.body.location ?? "").toLowerCase()}-1.${kind}.ingest.monitor.azure.com`,
      });
      return {
        ...identityOf(context),
        ...succeeded({
          immutableId: `dce-${context.guidFor("immutable").replaceAll("-", "")}`,
          metricsIngestion: host("metrics"),
          logsIngestion: host("logs"),
          configurationAccess: host("handler"),
        }),
      };
    },
  },
  {
    token: "monitor:DataCollectionRule",
    id: `${GROUP}/providers/Microsoft.Insights/dataCollectionRules/{dataCollectionRuleName}`,
    immutable: ["kind"],
    // The SDK lists the streams of the first API version; Azure has many more (Microsoft-PrometheusMetrics, …).
    enums: { "dataFlows[*].streams[*]": "any", "dataSources.extensions[*].streams[*]": "any" },
    references: [
      { path: "dataCollectionEndpointId", code: "InvalidPayload" },
      { path: "destinations.monitoringAccounts[*].accountResourceId", code: "InvalidPayload" },
      { path: "destinations.logAnalytics[*].workspaceResourceId", code: "InvalidPayload" },
    ],
    validate: collectionFaults,
    compute: (context) => ({
      ...identityOf(context),
      ...succeeded({ immutableId: `dcr-${context.guidFor("immutable").replaceAll("-", "")}` }),
    }),
  },
  {
    token: "monitor:DataCollectionRuleAssociation",
    id: "{resourceUri}/providers/Microsoft.Insights/dataCollectionRuleAssociations/{associationName}",
    references: [
      { path: "dataCollectionRuleId", code: "InvalidPayload" },
      { path: "dataCollectionEndpointId", code: "InvalidPayload" },
    ],
    validate: ({ dataCollectionRuleId, dataCollectionEndpointId, associationName }) => [
      ...((dataCollectionRuleId === undefined) === (dataCollectionEndpointId === undefined)
        ? [
            {
              path: "dataCollectionRuleId",
              reason: "exactly one of it and dataCollectionEndpointId is required",
            },
          ]
        : []),
      ...(dataCollectionEndpointId !== undefined && associationName !== "configurationAccessEndpoint"
        ? [{ path: "associationName", reason: 'of an endpoint must be "configurationAccessEndpoint"' }]
        : []),
    ],
    compute: () => ({}),
  },
  {
    token: "alertsmanagement:PrometheusRuleGroup",
    id: `${GROUP}/providers/Microsoft.AlertsManagement/prometheusRuleGroups/{ruleGroupName}`,
    defaults: { enabled: true, interval: "PT1M" },
    references: [
      { path: "scopes[*]", code: "BadRequest" },
      { path: "rules[*].actions[*].actionGroupId", code: "BadRequest" },
    ],
    validate: (inputs) => [
      ...nameRule(
        "ruleGroupName",
        /^[^:@/#{}%&+*<>?]{1,260}$/,
        "1 to 260 characters without : @ / # { } % & + * < > ?",
      )(inputs),
      ...groupFaults(inputs),
    ],
    admit: ({ inputs, lookUp }) => {
      const scopes = Array.isArray(inputs.scopes) ? (inputs.scopes as unknown[]) : [];
      const workspace = lookUp(String(scopes.find(isWorkspace)));
      const [own, its] = [inputs.location, workspace?.body.location].map((place) =>
        String(place).toLowerCase().replaceAll(" ", ""),
      );
      return workspace === undefined || own === its
        ? undefined
        : {
            status: 400,
            code: "BadRequest",
            message: `The rule group is in ${own}, its Azure Monitor workspace in ${its}; both must be in one region.`,
            target: "location",
          };
    },
    compute: () => ({}),
  },
  {
    token: "dashboard:Grafana",
    id: `${GROUP}/providers/Microsoft.Dashboard/grafana/{workspaceName}`,
    longRunning: { create: true, update: true, delete: true },
    immutable: ["properties.zoneRedundancy"],
    secretInputs: ["properties.grafanaConfigurations.smtp.password"],
    references: [
      {
        path: "properties.grafanaIntegrations.azureMonitorWorkspaceIntegrations[*].azureMonitorWorkspaceResourceId",
        code: "InvalidParameter",
      },
    ],
    validate: nameRule(
      "workspaceName",
      /^[A-Za-z][A-Za-z0-9-]{0,21}[A-Za-z0-9]$/,
      "2 to 23 letters, digits and hyphens, a letter first, no hyphen at the end",
    ),
    compute: (context) => ({
      ...identityOf(context),
      ...succeeded({
        endpoint: `https://${context.params.workspaceName!.toLowerCase()}-${context.guidFor("endpoint").slice(0, 12).replaceAll("-", "")}.${String(context.body.location ?? "").toLowerCase()}.grafana.azure.com`,
        grafanaVersion: `${String(propertiesOf(context.body).grafanaMajorVersion ?? "11")}.2.2`,
      }),
    }),
  },
];
