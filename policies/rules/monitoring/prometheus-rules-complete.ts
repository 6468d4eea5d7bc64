import { armTypeOf, comparableId } from "../../azure/arm-id";
import { minutesOf } from "../../azure/duration";
import {
  type DeclaredRule,
  declaredRules,
  isOn,
  type WantedRule,
  wantedRules,
} from "../../azure/prometheus-alerts";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { describe, listAt, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { type Finding, violation } from "../../verdict";

/** The shortest that Azure has: an alert "for 1 minute" would be none with a longer one. */
const evaluationMinutes = 1;

export const prometheusRulesComplete = clusterRule({
  name: "prometheus-rules-complete",
  topic: "monitoring",
  displayName: "Every alert of the runbook is evaluated as it is written",
  description:
    "The rule groups of a system hold the contract's alerts and no other: condition, threshold, duration, severity.",
  severity: "critical",
  ids: [
    "STO-108",
    "STO-110",
    "STO-155",
    "STO-156",
    "STO-157",
    "STO-158",
    "STO-159",
    "STO-160",
    "STO-161",
    "STO-162",
    "STO-163",
    "STO-164",
    "STO-165",
    "STO-166",
    "STO-167",
    "STO-168",
    "STO-169",
    "STO-170",
    "STO-175",
    "STO-222",
    "STO-229",
    "RET-123",
    "RET-124",
    "RET-127",
    "RET-128",
    "RET-136",
    "RET-137",
    "RET-138",
    "CAS-012",
    "CAS-023",
    "CAS-068",
    "CAS-075",
    "CAS-078",
    "CAS-079",
    "CAS-080",
    "CAS-081",
    "CAS-082",
    "CAS-083",
    "CAS-084",
    "CAS-085",
    "CAS-086",
    "CAS-087",
  ],
  conflicts: [1, 2, 3, 47],
  remediationSteps:
    "Let PrometheusRuleGroups render the contract's alerts; change an alert in runbooks/ only.",
  judge(system, view) {
    const declared = declaredRules(view);
    const wanted = wantedRules(system);
    const names = new Set(wanted.map(({ alert }) => alert));
    const surplus = [...declared]
      .filter(([alert]) => !names.has(alert))
      .map(([alert, { group }]) => violation(group.urn, `the alert ${alert} is not in the contract`));
    const groups = judgeEach(view.ofType(azure.prometheusRules), (group) => group.urn, judgeGroup);
    const rules = judgeEach(
      wanted,
      ({ alert }) => declared.get(alert)?.group.urn ?? view.urn,
      (rule) => {
        const found = declared.get(rule.alert);
        return found
          ? judgeRule(rule, found)
          : [violation(view.urn, `the alert ${rule.alert} is not declared`)];
      },
    );
    return [...surplus, ...groups, ...rules];
  },
});

function judgeGroup(group: DeclaredResource): readonly Finding[] {
  const findings: Finding[] = [];
  if (!isOn(group)) findings.push(violation(group.urn, "enabled must be true"));
  const minutes = minutesOf(requiredText(group, "interval"));
  if (minutes !== evaluationMinutes)
    findings.push(violation(group.urn, `interval must be ${evaluationMinutes} minute`));
  required(group, "scopes.0");
  const foreign = listAt(group, "scopes").filter(
    (scope) => armTypeOf(comparableId(String(scope))) !== "microsoft.monitor/accounts",
  );
  if (foreign.length > 0) findings.push(violation(group.urn, "scopes must be a Prometheus workspace"));
  requiredText(group, "clusterName");
  return findings;
}

function judgeRule(wanted: WantedRule, { group, path }: DeclaredRule): readonly Finding[] {
  const differs = (property: string, what: string, found: string) =>
    violation(group.urn, `${path}.${property} must be ${what} as ${wanted.alert} says, found ${found}`);
  return judgeEach(
    ["enabled", "severity", "for", "expression"] as const,
    () => group.urn,
    (property) => {
      const found = required(group, `${path}.${property}`);
      switch (property) {
        case "enabled":
          return found === true ? [] : [differs(property, "true", describe(found))];
        case "severity":
          return found === wanted.severity ? [] : [differs(property, `${wanted.severity}`, describe(found))];
        case "for":
          return minutesOf(String(found)) === wanted.forMinutes
            ? []
            : [differs(property, `${wanted.forMinutes} minutes`, describe(found))];
        case "expression":
          return oneLine(String(found)) === oneLine(wanted.expression)
            ? []
            : [differs(property, "the contract's condition", "another one")];
      }
      return [];
    },
  );
}

function oneLine(text: string): string {
  return text.replace(/\s+/g, " ").trim();
}
