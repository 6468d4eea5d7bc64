import { armIdOf, comparableId } from "../../azure/arm-id";
import { channelsOf } from "../../azure/receivers";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { describe, listAt, objectsAt, required, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import type { StackView } from "../../stack-view";
import { systemRule } from "../../system-rule";
import { tesoro } from "../../systems";
import { type Finding, judged, violation } from "../../verdict";

const { channels, ids } = tesoro.contract.serviceHealth;

export const serviceHealthAlert = systemRule({
  name: "service-health-alert",
  topic: "monitoring",
  system: tesoro,
  displayName: "An incident of Azure itself is told",
  description: `An alert on Azure's incidents is on, covers the whole subscription and reaches ${channels.join(" and ")}.`,
  severity: "high",
  ids,
  remediationSteps:
    "Declare an ActivityLogAlert of category ServiceHealth with the subscription as its scope and the action groups of the channels.",
  evaluate(view, stack) {
    // That there is none is for system-complete to say.
    return judged(
      judgeEach(
        view.ofType(azure.activityLogAlert),
        ({ urn }) => urn,
        (alert) => judgeAlert(alert, stack),
      ),
    );
  },
});

function judgeAlert(alert: DeclaredResource, stack: StackView): readonly Finding[] {
  const findings: Finding[] = [];
  const enabled = required(alert, "enabled");
  if (enabled !== true)
    findings.push(violation(alert.urn, `enabled must be true, found ${describe(enabled)}`));
  required(alert, "condition.allOf");
  const conditions = objectsAt(alert, "condition.allOf");
  const says = (field: string, value: string) =>
    conditions.some((condition) => condition.field === field && condition.equals === value);
  if (!says("category", "ServiceHealth"))
    findings.push(violation(alert.urn, "condition.allOf must name the category ServiceHealth"));
  // A second condition narrows it: only that of incidents is the runbook's.
  const others = conditions.filter(
    ({ field }) => field !== "category" && field !== "properties.incidentType",
  );
  if (others.length > 0) findings.push(violation(alert.urn, "condition.allOf must not narrow it further"));
  const scopes = listAt(alert, "scopes");
  if (!scopes.some((scope) => /^\/subscriptions\/[^/]+\/?$/i.test(String(scope))))
    findings.push(violation(alert.urn, "scopes must be the subscription"));
  return [...findings, ...judgeGroups(alert, stack)];
}

function judgeGroups(alert: DeclaredResource, stack: StackView): readonly Finding[] {
  const groups = new Map(stack.ofType(azure.actionGroup).map((group) => [armIdOf(group), group]));
  const reached = new Set(
    objectsAt(alert, "actions.actionGroups").flatMap((_group, index) => {
      const id = requiredText(alert, `actions.actionGroups.${index}.actionGroupId`);
      const group = groups.get(comparableId(id));
      return group ? [...channelsOf(group)] : [];
    }),
  );
  return channels
    .filter((channel) => !reached.has(channel))
    .map((channel) => violation(alert.urn, `actions.actionGroups must reach ${channel}`));
}
