import {
  type AlertReceiver,
  type alertSeverities,
  digestHourUtc,
  type PrometheusAlert,
} from "../../runbooks/prometheus";
import type { ClusterSystem } from "../kubernetes/cluster-systems";
import { objectsAt, optional, optionalText } from "../read";
import type { DeclaredResource } from "../resource";
import type { SystemView } from "../stack-view";
import { azure } from "./types";

/** A rule of Prometheus as the contract wants it. */
export interface WantedRule {
  readonly alert: string;
  readonly expression: string;
  readonly forMinutes: number;
  /** Azure's number. */
  readonly severity: number;
  readonly receivers: readonly AlertReceiver[];
}

/** Azure Monitor has no word between an error, 1, and nothing in the contracts. */
const severities: Readonly<Record<(typeof alertSeverities)[number], number>> = {
  critical: 0,
  warning: 2,
  info: 3,
};

/**
 * The rules of a system. Where a severity is told of once a day, the alert itself calls nobody, and a second rule, true
 * for one hour, does: action groups cannot collect.
 */
export function wantedRules({ monitoring }: Pick<ClusterSystem, "monitoring">): readonly WantedRule[] {
  return monitoring.alerts.flatMap((alert) => {
    const route = monitoring.routing.routes[alert.severity];
    const rule: WantedRule = {
      alert: alert.name,
      expression: conditionOf(alert),
      forMinutes: alert.forMinutes,
      severity: severities[alert.severity],
      receivers: route.receivers,
    };
    if (route.delivery !== "daily") return [rule];
    const daily: WantedRule = {
      ...rule,
      alert: `${rule.alert}Digest`,
      expression: `(${rule.expression}) and on () (hour() == ${digestHourUtc})`,
      forMinutes: 0,
    };
    return [{ ...rule, receivers: [] }, daily];
  });
}

/** What is measured, its threshold, the minimum sample, what mutes it, and the absence of the series itself. */
function conditionOf(alert: PrometheusAlert): string {
  const { minimumSample: sample, orAbsent, unless } = alert;
  const muted = unless === undefined ? "" : ` unless on () (${unless})`;
  const compared = [
    `(${alert.expression}) ${alert.operator} ${alert.threshold}`,
    sample ? ` and (${sample.expression}) >= ${sample.atLeast}` : "",
    muted,
  ].join("");
  return orAbsent === undefined ? compared : `(${compared}) or (absent(${orAbsent})${muted})`;
}

/** A rule that is declared: its group, and its path in it. */
export interface DeclaredRule {
  readonly group: DeclaredResource;
  readonly path: string;
}

/** Declared rules by the name of their alert; one name twice keeps the last, which the other then differs from. */
export function declaredRules(view: SystemView): ReadonlyMap<string, DeclaredRule> {
  const rules = new Map<string, DeclaredRule>();
  for (const group of view.ofType(azure.prometheusRules)) {
    for (const index of objectsAt(group, "rules").keys()) {
      const path = `rules.${index}`;
      const alert = optionalText(group, `${path}.alert`);
      if (alert !== undefined) rules.set(alert, { group, path });
    }
  }
  return rules;
}

/** Whether an action group tells a receiver. Its address is secret: it is known by the name that it was given. */
export function tells(actionGroup: DeclaredResource, receiver: AlertReceiver): boolean {
  const named = (list: string, pattern: RegExp) =>
    objectsAt(actionGroup, list).some(({ name }) => pattern.test(String(name)));
  switch (receiver.channel) {
    case "mail":
      return objectsAt(actionGroup, "emailReceivers").some(
        ({ emailAddress }) => String(emailAddress ?? "") !== "",
      );
    case "pagerDuty":
      return named("webhookReceivers", /pager-?_?duty/i);
    case "slack":
      return named("logicAppReceivers", /slack/i) || named("webhookReceivers", /slack/i);
    case "webhook":
      return objectsAt(actionGroup, "webhookReceivers").some(({ name }) => name === receiver.secret);
  }
}

/** Whether a group of rules is evaluated at all. */
export function isOn(group: DeclaredResource): boolean {
  return optional(group, "enabled") === true;
}
