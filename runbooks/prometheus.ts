import type { Source, SystemName } from "./model";

/**
 * The words for what Prometheus watches: which metrics exist and who exports them, which alerts read them, who hears
 * of an alert, which dashboards show them. A system's contract is data in these words. infra/monitoring renders it to
 * Azure's rule groups, to a rules file for promtool, to Alertmanager's routes and to Grafana's JSON; tests hold each
 * expression against the metric contract.
 */

export const alertSeverities = ["critical", "warning", "info"] as const;
/** `critical` wakes somebody, `warning` is looked at today, `info` waits for the next day. */
export type AlertSeverity = (typeof alertSeverities)[number];

/**
 * What a value is a number of. `ratio` is a share from 0 to 1, `percent` one from 0 to 100; `boolean` is 0 or 1; `count` is
 * a number of things (requests, pods, orders); `timestamp` is seconds since 1970.
 */
export type MetricUnit =
  | "ratio"
  | "percent"
  | "boolean"
  | "count"
  | "countPerSecond"
  | "countPerMinute"
  | "seconds"
  | "milliseconds"
  | "days"
  | "timestamp"
  | "bytes"
  | "bytesPerSecond"
  | "currency"
  | "currencyPerCount";

interface AlertBase extends Source {
  readonly kind: "prometheus";
  /** Unique within the system, CamelCase as Prometheus names alerts; the runbook's spelling where it has one. */
  readonly name: string;
  /** One line, shown first. May hold Prometheus' templates (`{{ $labels.pod }}`). */
  readonly summary: string;
  /** What it means and what to do. May hold templates (`{{ $value | humanizePercentage }}`). */
  readonly description: string;
  readonly severity: AlertSeverity;
  /** PromQL that yields what is measured, without the comparison: the rendering appends operator and threshold. */
  readonly expression: string;
  readonly operator: ">" | ">=" | "<" | "<=" | "==" | "!=";
  /** In `unit`. */
  readonly threshold: number;
  readonly unit: MetricUnit;
  /** How long it must hold before the alert fires. */
  readonly forMinutes: number;
  /**
   * Selector whose absence fires the alert too, e.g. `up{job="retail-backend"}`: a comparison with a series that no
   * longer exists is neither true nor false and would stay silent.
   */
  readonly orAbsent?: string;
  /**
   * Series the alert is muted by, as a vector without labels, e.g. what says that a component is scaled to 0 on
   * purpose: the alert fires only while it yields nothing.
   */
  readonly unless?: string;
}

/** Share of events or quantile of durations: below a minimum sample it says nothing, so it does not fire (conflicts 2). */
export interface SampledAlert extends AlertBase {
  readonly measures: "eventRatio" | "quantile";
  readonly minimumSample: {
    /** PromQL: number of events in the window that `expression` reads, aggregated by the same labels. */
    readonly expression: string;
    readonly atLeast: number;
  };
}

/** A level, an amount or a state, which is meaningful at every single sample. */
export interface LevelAlert extends AlertBase {
  /** `level`: a gauge or share of a capacity; `amount`: events within a time; `state`: up or down, present or not. */
  readonly measures: "level" | "amount" | "state";
  readonly minimumSample?: undefined;
}

export type PrometheusAlert = SampledAlert | LevelAlert;

/** Who writes series. Every series also carries the labels of `targetLabels` for its kind. */
export type MetricExporter = Source & {
  /** Unique in the system; an application's is its component's name. */
  readonly name: string;
  /** Value of the label `job`. One job for both colours of a component (conflicts 60). */
  readonly job: string;
} & (
    | {
        /** A component of the system itself, scraped on every pod of both colours. */
        readonly kind: "application";
        readonly port: number;
        readonly path: string;
      }
    | {
        /** A program of its own that the stack deploys next to the system, one replica. */
        readonly kind: "exporter";
        readonly exporter: ExporterProgram;
        readonly port: number;
        readonly path: string;
        /** Arguments, without secrets. */
        readonly arguments?: readonly string[];
        /** Environment variable to the variable of the system's secrets (`appSetting`) whose value it gets. */
        readonly secretEnvironment?: Readonly<Record<string, string>>;
        /** URL parameters of the scrape, e.g. a probe's `module` and `target`. */
        readonly parameters?: Readonly<Record<string, readonly string[]>>;
      }
    | {
        /** A target that Azure's add-on scrapes in every cluster. */
        readonly kind: "addon";
        readonly target: AddonTarget;
      }
  );

/** Programs that may be deployed as an exporter; the stack's settings give each one's image by digest. */
export type ExporterProgram = "mongodb" | "redis" | "postgres" | "elasticsearch" | "blackbox";

/** Default targets of Azure Monitor's managed Prometheus. */
export type AddonTarget = "kube-state-metrics" | "cadvisor" | "node" | "kubelet";

/** Labels that scraping adds. `deployment` is the colour of a pod. */
export const targetLabels = {
  application: ["job", "instance", "namespace", "pod", "container", "deployment"],
  exporter: ["job", "instance", "namespace", "pod", "container"],
  addon: ["job", "instance", "cluster"],
} as const satisfies Record<MetricExporter["kind"], readonly string[]>;

/** Series that Prometheus itself writes for every target. */
export const scrapeMetrics = [
  { name: "up", type: "gauge", unit: "boolean" },
  { name: "scrape_duration_seconds", type: "gauge", unit: "seconds" },
  { name: "scrape_samples_scraped", type: "gauge", unit: "count" },
] as const;

/**
 * A metric that an exporter writes. A histogram is named without `_bucket`, `_sum`, `_count`; its unit is that of what is
 * observed. A counter is named with its `_total`, where it has one.
 */
export interface ExportedMetric extends Source {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram" | "summary";
  /** Labels of its own; those of `targetLabels` (and `le`, `quantile`) come on top. */
  readonly labels: readonly string[];
  readonly unit: MetricUnit;
  /** Where the unit depends on a label, as that of a resource's limit does: unit by the label's value. */
  readonly unitBy?: { readonly label: string; readonly units: Readonly<Record<string, MetricUnit>> };
  /** `name` of a MetricExporter of the same contract. */
  readonly exporter: string;
  readonly help?: string;
}

/** Who exports what: the whole list of series that a system's alerts, panels and gates may read. */
export interface MetricContract {
  readonly exporters: readonly MetricExporter[];
  readonly metrics: readonly ExportedMetric[];
}

/** Where a message goes. `secret` names a secret of the vault that holds the address or key. */
export type AlertReceiver =
  | { readonly channel: "pagerDuty"; readonly secret: string }
  | { readonly channel: "slack"; readonly room: string; readonly secret: string }
  | { readonly channel: "webhook"; readonly secret: string }
  /** To the addresses of the system's settings. */
  | { readonly channel: "mail" };

export interface AlertRoute extends Source {
  readonly receivers: readonly AlertReceiver[];
  /** Time until a person answers; `nextBusinessDay` where the runbook says so, absent where it says nothing. */
  readonly respondWithin?: { readonly minutes: number } | "nextBusinessDay";
  /** `daily`: told once a day, at `digestHourUtc`, while it holds; otherwise sent as it happens. */
  readonly delivery: "immediate" | "daily";
  /** While the alert goes on it is sent again after this time. */
  readonly repeatEveryHours: number;
}

/** Hour (UTC) of the daily mail: 8 or 9 in the morning in the time zone of the release windows (conflicts 6). */
export const digestHourUtc = 16;

/** Who hears of a system's alerts, by severity: the only place where that is written. */
export interface AlertRouting {
  readonly system: SystemName;
  readonly routes: Readonly<Record<AlertSeverity, AlertRoute>>;
}

export type PanelQuery =
  /** PromQL over the metric contract; `legend` may hold `{{label}}`. */
  | { readonly source: "prometheus"; readonly expression: string; readonly legend: string }
  /** KQL over the system's Log Analytics workspace, for systems that are not scraped. */
  | { readonly source: "logs"; readonly query: string; readonly legend: string };

export interface DashboardPanel extends Source {
  readonly title: string;
  readonly visualisation: "timeseries" | "stat" | "gauge" | "table";
  readonly unit: MetricUnit;
  readonly queries: readonly PanelQuery[];
  /** Names of alerts whose thresholds are drawn as lines; they measure in the panel's unit. */
  readonly alerts?: readonly string[];
}

/** A Grafana dashboard. It is found under `/d/<uid>`. */
export interface Dashboard extends Source {
  /** At most 40 letters, digits, hyphens and underscores, as Grafana allows. */
  readonly uid: string;
  readonly title: string;
  /** Beginning of the name of the Log Analytics workspace that panels ask. @default - the system's name */
  readonly logWorkspace?: string;
  readonly panels: readonly DashboardPanel[];
}

/** Everything of one system that monitoring is made from. */
export interface MonitoringContract {
  readonly system: SystemName;
  readonly metrics: MetricContract;
  readonly alerts: readonly PrometheusAlert[];
  readonly routing: AlertRouting;
  readonly dashboards: readonly Dashboard[];
}
