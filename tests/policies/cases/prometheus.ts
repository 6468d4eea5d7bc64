import type { RuleCases } from "../support/rule-cases";

const stack = "retail-agentic";
const group = "retail-agentic-rules-retail-agentic-critical";
const nobody = { keepOnly: [], gives: "notApplicable" } as const;

/** Rules on the alerts that Prometheus evaluates. */
export const prometheusCases: readonly RuleCases[] = [
  {
    rule: "prometheus-rules-complete",
    stack,
    broken: [
      { remove: [group] },
      { at: group, set: "enabled", to: false },
      { at: group, set: "interval", to: "PT5M" },
      { at: group, set: "scopes", to: ["/subscriptions/x/resourceGroups/y"] },
      { at: group, drop: "clusterName" },
      { at: group, set: "rules/0/enabled", to: false },
      { at: group, set: "rules/0/severity", to: 2 },
      { at: group, set: "rules/0/for", to: "PT30M" },
      { at: group, set: "rules/0/expression", to: "vector(0)" },
      { at: group, set: "rules/0/alert", to: "Renamed", alsoFails: [] },
    ],
    absent: { at: group, drop: "rules" },
    unknown: { at: group, path: "rules/0/expression" },
  },
  {
    rule: "prometheus-rules-told",
    stack,
    broken: [
      { at: group, set: "rules/0/actions", to: [] },
      { at: group, drop: "rules/1/actions" },
      {
        at: "retail-agentic-notify-slack-slack-webhook-alerts",
        set: "logicAppReceivers/0/name",
        to: "other",
      },
    ],
    absent: { remove: ["retail-agentic-notify-pagerduty-pagerduty-integration-key"] },
    unknown: { at: group, path: "rules/0/actions/0/actionGroupId" },
  },
  {
    rule: "prometheus-rules-told",
    stack: "case-management",
    broken: [
      {
        at: "case-management-notify-webhook-n8n-webhook",
        set: "webhookReceivers/0/name",
        to: "other",
      },
    ],
    absent: nobody,
    unknown: { at: "case-management-notify-webhook-n8n-webhook", path: "webhookReceivers" },
  },
];
