import { PrometheusClient } from "../clients/prometheus";
import { type Json, listAt, mapAt } from "../targets/json";
import { type Asking, answer, looking, nothing } from "./asking";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import type { CheckGateOf } from "./provider-gate";

type AlertGate = CheckGateOf<"firedAlerts">;

const alertsVersion = "2019-05-05-preview";
/** A rule that was not evaluated for so long of real time says nothing about now. Groups are evaluated each minute. */
const longestUnevaluatedSeconds = 300;

/** Alerts of the system that fire: on dev those of the local Prometheus, elsewhere those that Azure knows. */
export function firedAlertsProvider({ surroundings }: Pick<Asking, "surroundings">): GateProvider<AlertGate> {
  return {
    look(gate, context) {
      const { severities, alerts } = gate.check;
      const which = alerts === undefined ? "" : ` among ${alerts.join(", ")}`;
      const question = `alerts of ${context.facts.system} that fire, ${severities.join(" or ")}${which}`;
      return looking(question, gate, context, async ({ signal }) => {
        if (surroundings.environment === "dev") {
          const client = new PrometheusClient(surroundings, undefined, signal);
          return inPrometheus(question, gate, context, await client.rules());
        }
        const { resourceGroupId } = context.facts;
        const subscription = resourceGroupId.split("/").slice(0, 3).join("/");
        const found = await surroundings
          .arm(signal)
          .collection(`${subscription}/providers/Microsoft.AlertsManagement/alerts`, alertsVersion, {
            monitorCondition: "Fired",
            timeRange: "30d",
            includeContext: "true",
          });
        if (found === undefined) return nothing(question, "the subscription has no list of alerts");
        return inAzure(question, gate, context, surroundings.environment, found);
      });
    },
  };
}

function inPrometheus(
  question: string,
  { check }: AlertGate,
  { facts, clock }: GateContext,
  groups: readonly Json[],
): Sample {
  const rules = groups
    .flatMap((group) => listAt(group, "rules"))
    .map((rule) => mapAt(rule))
    .filter((rule) => {
      const { system, severity } = mapAt(rule, "labels");
      return (
        rule.type === "alerting" &&
        system === facts.system &&
        check.severities.some((wanted) => wanted === severity) &&
        (check.alerts === undefined || check.alerts.includes(String(rule.name)))
      );
    });
  if (rules.length === 0) return nothing(question, "Prometheus has no such rules, so that none could fire");
  const names = new Set(rules.map(({ name }) => String(name)));
  const severe = check.alerts?.filter((name) => !names.has(name)) ?? [];
  if (severe.length > 0) return nothing(question, `Prometheus has no rule ${severe.join(", ")}`);
  const oldest = clock.now().getTime() - longestUnevaluatedSeconds * 1000;
  const blind = rules.filter(
    ({ health, lastEvaluation }) => health !== "ok" || !(Date.parse(String(lastEvaluation)) >= oldest),
  );
  const firing = rules.filter((rule) =>
    listAt(rule, "alerts").some((alert) => mapAt(alert).state === "firing"),
  );
  if (firing.length > 0)
    return firingAnswer(
      question,
      firing.map(({ name }) => String(name)),
    );
  if (blind.length > 0) {
    return nothing(
      question,
      `not evaluated: ${blind.map(({ name, lastError }) => `${name} ${lastError ?? ""}`.trim()).join(", ")}`,
    );
  }
  return answer(question, true, `none of ${names.size} fires`);
}

/** Azure's own severities: 0 critical, 1 error, 2 warning, 3 informational, 4 verbose. */
const severityWords: Readonly<Record<string, AlertGate["check"]["severities"][number]>> = {
  Sev0: "critical",
  Sev1: "critical",
  Sev2: "warning",
  Sev3: "info",
  Sev4: "info",
};

function inAzure(
  question: string,
  { check }: AlertGate,
  { facts }: GateContext,
  environment: string,
  found: readonly Json[],
): Sample {
  const firing = found.flatMap((alert) => {
    const { severity, monitorCondition, alertRule, targetResource } = mapAt(
      alert,
      "properties",
      "essentials",
    );
    const word = severityWords[String(severity)];
    // A severity that nobody knows is not taken for a harmless one.
    const severe = word === undefined || check.severities.includes(word);
    const labels = mapAt(alert, "properties", "context", "context", "labels");
    const own =
      below(alertRule, facts.resourceGroupId) ||
      below(targetResource, facts.resourceGroupId) ||
      (labels.system === facts.system &&
        // Staging's alerts may be in the same subscription; one that does not say whose it is counts.
        (labels.environment === undefined || labels.environment === environment));
    const name = String(labels.alertname ?? String(alertRule).split("/").at(-1));
    const asked = check.alerts === undefined || check.alerts.includes(name);
    return monitorCondition === "Fired" && severe && own && asked ? [name] : [];
  });
  return firing.length === 0 ? answer(question, true, "none fires") : firingAnswer(question, firing);
}

function below(id: unknown, group: string): boolean {
  return typeof id === "string" && id.toLowerCase().startsWith(`${group.toLowerCase()}/`);
}

function firingAnswer(question: string, names: readonly string[]): Sample {
  return answer(question, false, `fires: ${[...new Set(names)].join(", ")}`);
}
