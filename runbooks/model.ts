/**
 * The words in which a runbook is written down as data. A number of a runbook stands in a contract, next to the ids
 * of the statements it comes from, and nowhere else: infra reads it for alert rules and resources, policies for
 * prerequisites, the release engine for gates.
 */

export const systemNames = [
  "kirana-inventory",
  "tesoro-xp",
  "kirana-store",
  "retail-agentic",
  "case-management",
] as const;
export type SystemName = (typeof systemNames)[number];

export const environments = ["dev", "staging", "production"] as const;
export type Environment = (typeof environments)[number];

/** Id of a statement in catalogue.yaml, e.g. `KIR-042`. */
export type StatementId = `${"KIR" | "TES" | "STO" | "RET" | "CAS"}-${number}`;

/** What every entry of a contract says about where it comes from. */
export interface Source {
  /** Statements of catalogue.yaml that this entry implements. */
  readonly ids: readonly StatementId[];
  /** Items of conflicts.md that decided the value. */
  readonly conflicts?: readonly number[];
}

/** Azure Monitor severity: 0 critical, 1 error, 2 warning, 3 informational, 4 verbose. */
export type Severity = 0 | 1 | 2 | 3 | 4;

/** Who hears of an alert. `pagerDuty` wakes somebody; `slack` and `mail` do not. */
export type NotificationChannel = "pagerDuty" | "slack" | "mail";

interface AlertBase extends Source {
  /** Unique within the system, kebab-case; the alert rule's name derives from it. */
  readonly name: string;
  readonly description: string;
  readonly severity: Severity;
  readonly channels: readonly NotificationChannel[];
  /** Compared with `operator`; unit in `unit`. */
  readonly threshold: number;
  readonly unit: string;
  readonly operator: "GreaterThan" | "GreaterThanOrEqual" | "LessThan";
  /** Minutes of data one evaluation looks at. */
  readonly windowMinutes: number;
  readonly evaluationEveryMinutes: number;
}

/** A rule on a platform metric of one resource. */
export interface MetricAlert extends AlertBase {
  readonly kind: "metric";
  readonly target: "cosmosAccount" | "plan" | "functionApp" | "webApp" | "sqlDatabase";
  /** Metric name as Azure Monitor spells it. */
  readonly metric: string;
  readonly metricNamespace: string;
  readonly aggregation: "Average" | "Total" | "Maximum" | "Count";
  readonly dimensions?: readonly { readonly name: string; readonly values: readonly string[] }[];
}

/**
 * A rule on a log query. A query that yields one number per evaluation names its column in `measureColumn`;
 * without it the number of rows is compared.
 */
export interface LogAlert extends AlertBase {
  readonly kind: "log";
  /** KQL over workspace tables (`AppRequests`, `AppMetrics`, …). */
  readonly query: string;
  readonly measureColumn?: string;
  /** Minutes the query itself looks back when that is longer than the window (e.g. "since the start of the day"). */
  readonly overrideQueryMinutes?: number;
}

/** A synthetic probe from several places, and the rule that fires when `failedLocations` of them fail. */
export interface AvailabilityAlert extends Source {
  readonly kind: "availability";
  readonly name: string;
  readonly description: string;
  readonly severity: Severity;
  readonly channels: readonly NotificationChannel[];
  readonly probe: "api" | "app";
  readonly path: string;
  readonly expectedStatus: number;
  /** Text that the body must hold; absent: the status alone decides. */
  readonly expectedContent?: string;
  readonly everySeconds: 300 | 600 | 900;
  readonly timeoutSeconds: number;
  readonly failedLocations: number;
  /**
   * Fewer days left on the certificate fail the test too, wherever it is asked from. Absent: it has to be valid now, which is
   * what users meet (docs/adr/0168).
   */
  readonly certificateMinimumDays?: number;
}

export type Alert = MetricAlert | LogAlert | AvailabilityAlert;

/** A secret that the runbook expects in the vault. */
export interface VaultSecret extends Source {
  /** Name in Key Vault: letters, digits and hyphens. */
  readonly name: string;
  /**
   * `resource`: written by the stack from a resource's own key; `owner`: a value that only the owner has, read from
   * stack configuration as a secret; `random`: generated once and kept in state.
   */
  readonly origin: "resource" | "owner" | "random";
  /** App setting that refers to it; absent: only the release or a person reads it. */
  readonly appSetting?: string;
  readonly description: string;
}

/** A limit that a live gate of the release reads; `alert` names the rule that watches it outside a release. */
export interface GateLimit extends Source {
  readonly name: string;
  readonly alert: string;
}
