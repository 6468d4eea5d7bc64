import type {
  Dashboard,
  DashboardPanel,
  MetricUnit,
  PanelQuery,
  PrometheusAlert,
} from "../../runbooks/prometheus";

/** Grafana's names of units (Grafana, "Standard options", ids of its value formats). */
const grafanaUnits = {
  ratio: "percentunit",
  percent: "percent",
  boolean: "bool_on_off",
  count: "short",
  countPerSecond: "cps",
  countPerMinute: "cpm",
  seconds: "s",
  milliseconds: "ms",
  days: "d",
  timestamp: "dateTimeAsIso",
  bytes: "bytes",
  bytesPerSecond: "Bps",
  currency: "short",
  currencyPerCount: "short",
} as const satisfies Record<MetricUnit, string>;

/** Version of the JSON model that Grafana 10 to 12 read as it is. */
const schemaVersion = 39;

/** Two panels in a row of Grafana's 24 columns. */
const panelWidth = 12;
const panelHeight = 8;

const sources = {
  prometheus: { type: "prometheus", uid: "$" + "{prometheus}" },
  logs: { type: "grafana-azure-monitor-datasource", uid: "$" + "{azuremonitor}" },
} as const;

export interface DashboardSource {
  readonly system: string;
  readonly dashboard: Dashboard;
  /** Whose thresholds the panels draw. */
  readonly alerts: readonly Pick<PrometheusAlert, "name" | "threshold" | "severity" | "unit">[];
}

/**
 * A dashboard in Grafana's JSON. It names no data source: variables pick the workspace's own, so that the same
 * text is right in every environment.
 */
export function grafanaDashboard({ system, dashboard, alerts }: DashboardSource): Record<string, unknown> {
  const { uid, title, panels } = dashboard;
  const usesLogs = panels.some(({ queries }) => queries.some(({ source }) => source === "logs"));
  const usesPrometheus = panels.some(({ queries }) => queries.some(({ source }) => source === "prometheus"));
  return {
    uid,
    title,
    tags: [system],
    schemaVersion,
    editable: false,
    graphTooltip: 1,
    refresh: "1m",
    time: { from: "now-6h", to: "now" },
    timezone: "utc",
    templating: {
      list: [
        ...(usesPrometheus ? [dataSourceVariable("prometheus", "prometheus")] : []),
        ...(usesLogs
          ? [
              dataSourceVariable("azuremonitor", "grafana-azure-monitor-datasource"),
              ...workspaceVariables(dashboard.logWorkspace ?? system),
            ]
          : []),
      ],
    },
    panels: panels.map((panel, index) => grafanaPanel(panel, index, alerts)),
  };
}

function dataSourceVariable(name: string, query: string) {
  return { type: "datasource", name, label: name, query, hide: 2, refresh: 1 };
}

/** The Log Analytics workspace whose name begins so. */
function workspaceVariables(beginning: string) {
  const query = (name: string, argument: object) => ({
    type: "query",
    name,
    label: name,
    datasource: sources.logs,
    refresh: 1,
    query: { refId: name, ...argument },
  });
  return [
    query("subscription", { queryType: "Azure Subscriptions" }),
    {
      ...query("workspace", { queryType: "Azure Workspaces", subscription: "$subscription" }),
      regex: `/\\/workspaces\\/${beginning}/i`,
    },
  ];
}

function grafanaPanel(panel: DashboardPanel, index: number, alerts: DashboardSource["alerts"]) {
  const { title, visualisation, unit, queries } = panel;
  return {
    id: index + 1,
    title,
    type: visualisation,
    description: panel.ids.join(", "),
    datasource: sources[queries[0]!.source],
    gridPos: {
      x: (index % 2) * panelWidth,
      y: Math.floor(index / 2) * panelHeight,
      w: panelWidth,
      h: panelHeight,
    },
    targets: queries.map((query, position) => target(query, position, visualisation)),
    fieldConfig: {
      defaults: {
        unit: grafanaUnits[unit],
        ...(unit === "ratio" || unit === "percent" ? { min: 0 } : {}),
        thresholds: thresholds(panel, alerts),
        ...(visualisation === "timeseries" && { custom: { thresholdsStyle: { mode: "line" } } }),
      },
      overrides: [],
    },
    options: {},
  };
}

const letterA = "A".charCodeAt(0);

function target(query: PanelQuery, position: number, visualisation: DashboardPanel["visualisation"]) {
  const refId = String.fromCharCode(letterA + position);
  if (query.source === "logs") {
    return {
      refId,
      datasource: sources.logs,
      queryType: "Azure Log Analytics",
      azureLogAnalytics: {
        query: query.query,
        resources: ["$workspace"],
        resultFormat: visualisation === "timeseries" ? "time_series" : "table",
      },
    };
  }
  const series = visualisation === "timeseries";
  return {
    refId,
    datasource: sources.prometheus,
    expr: query.expression,
    legendFormat: query.legend,
    range: series,
    instant: !series,
  };
}

const colours = { critical: "red", warning: "orange", info: "blue" } as const;

/** The lines of the alerts that the panel names. */
function thresholds(panel: DashboardPanel, alerts: DashboardSource["alerts"]) {
  const drawn = (panel.alerts ?? []).map((name) => {
    const alert = alerts.find((candidate) => candidate.name === name);
    if (!alert) throw new Error(`panel "${panel.title}" draws the alert ${name}, which does not exist`);
    if (alert.unit !== panel.unit)
      throw new Error(`panel "${panel.title}" is in ${panel.unit}, the alert ${name} in ${alert.unit}`);
    return alert;
  });
  return {
    mode: "absolute",
    steps: [
      { color: "green", value: null },
      ...drawn
        .map(({ threshold, severity }) => ({ color: colours[severity], value: threshold }))
        .sort((left, right) => left.value - right.value),
    ],
  };
}
