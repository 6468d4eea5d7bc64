import type {
  AlertRouting,
  AlertSeverity,
  MonitoringContract,
  PrometheusAlert,
} from "../../runbooks/prometheus";
import { alertSeverities, digestHourUtc } from "../../runbooks/prometheus";

/** A rule as Prometheus knows it; what Azure and promtool are told is made from this alone. */
export interface AlertRule {
  readonly alert: string;
  readonly expression: string;
  readonly forMinutes: number;
  readonly severity: AlertSeverity;
  /** Who is told: nobody (`silent`, its digest rule tells), or the receivers of its severity. */
  readonly delivery: "immediate" | "daily" | "silent";
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

/** Rules that are evaluated together, one after the other. */
export interface AlertRuleGroup {
  readonly name: string;
  readonly description: string;
  readonly intervalMinutes: number;
  readonly rules: readonly AlertRule[];
}

/** Azure takes no more rules in a group (Microsoft Learn, "Azure Monitor service limits", Prometheus rule groups). */
export const mostRulesPerGroup = 20;

/** The shortest that Azure has, so that an alert "for 1 minute" is one. */
const evaluationMinutes = 1;

type RuleSource = Pick<MonitoringContract, "system" | "alerts" | "routing">;

/**
 * A system's alerts as rules, by severity and in as many groups as Azure needs. Where a severity is told of once a day a
 * second rule per alert tells it: Azure's action groups cannot collect (docs/adr/0080).
 */
export function alertRuleGroups({ system, alerts, routing }: RuleSource): readonly AlertRuleGroup[] {
  return alertSeverities.flatMap((severity) => {
    const rules = alerts
      .filter((alert) => alert.severity === severity)
      .map((alert) => alertRule(system, alert, routing));
    const daily = routing.routes[severity].delivery === "daily";
    return [
      ...named(`${system}-${severity}`, `Alerts of ${system} with severity ${severity}`, rules),
      ...(daily
        ? named(`${system}-${severity}-digest`, `What ${system} tells once a day`, rules.map(digestRule))
        : []),
    ];
  });
}

function named(name: string, description: string, rules: readonly AlertRule[]): readonly AlertRuleGroup[] {
  return inGroups(rules).map((group, index) => ({
    name: index === 0 ? name : `${name}-${index + 1}`,
    description,
    intervalMinutes: evaluationMinutes,
    rules: group,
  }));
}

/** True during one hour of the day, so that it is told of once a day for as long as it lasts. */
function digestRule(rule: AlertRule): AlertRule {
  return {
    ...rule,
    alert: `${rule.alert}Digest`,
    expression: `(${rule.expression}) and on () (hour() == ${digestHourUtc})`,
    forMinutes: 0,
    labels: { ...rule.labels, delivery: "daily" },
    delivery: "daily",
  };
}

function inGroups(rules: readonly AlertRule[]): readonly (readonly AlertRule[])[] {
  const count = Math.ceil(rules.length / mostRulesPerGroup);
  return Array.from({ length: count }, (_, index) =>
    rules.slice(index * mostRulesPerGroup, (index + 1) * mostRulesPerGroup),
  );
}

function alertRule(system: string, alert: PrometheusAlert, routing: AlertRouting): AlertRule {
  const { severity } = alert;
  const delivery = routing.routes[severity].delivery === "daily" ? "silent" : "immediate";
  return {
    alert: alert.name,
    expression: alertExpression(alert),
    forMinutes: alert.forMinutes,
    severity,
    delivery,
    labels: { severity, system, delivery },
    annotations: {
      summary: alert.summary,
      description: alert.description,
      runbook: alert.ids.join(", "),
      ...response(routing.routes[severity].respondWithin),
    },
  };
}

function response(within: AlertRouting["routes"][AlertSeverity]["respondWithin"]): Record<string, string> {
  if (within === undefined) return {};
  return { respond_within: within === "nextBusinessDay" ? "next business day" : `${within.minutes} minutes` };
}

/**
 * The whole condition: what is measured against its threshold, with the minimum sample, muted by `unless`, and true as
 * well while the series is absent. A series too few or NaN makes the comparison yield nothing: no alert, no all-clear.
 */
export function alertExpression(alert: PrometheusAlert): string {
  const { expression, operator, threshold, minimumSample, orAbsent, unless } = alert;
  const sampled = minimumSample ? ` and (${minimumSample.expression}) >= ${minimumSample.atLeast}` : "";
  const muted = unless === undefined ? "" : ` unless on () (${unless})`;
  const compared = `(${expression}) ${operator} ${threshold}${sampled}${muted}`;
  return orAbsent === undefined ? compared : `(${compared}) or (absent(${orAbsent})${muted})`;
}
