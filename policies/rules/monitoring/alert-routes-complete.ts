import { type AlertReceiver, alertSeverities } from "../../../runbooks/prometheus";
import { tells } from "../../azure/prometheus-alerts";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { optional, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { violation } from "../../verdict";

export const alertRoutesComplete = clusterRule({
  name: "alert-routes-complete",
  topic: "monitoring",
  displayName: "Every severity has its receivers, before an alert needs them",
  description:
    "For each receiver of a route that no alert takes yet there is an action group that is on, named after the receiver's secret.",
  severity: "high",
  ids: ["RET-135"],
  conflicts: [12, 13],
  remediationSteps:
    "Let AlertReceivers declare an action group for every receiver of the contract's routing.",
  judge: ({ monitoring }, view) => {
    const groups = view.ofType(azure.actionGroup);
    // Where there are alerts, prometheus-rules-told asks who hears of them.
    const silent = alertSeverities.filter(
      (severity) => !monitoring.alerts.some((alert) => alert.severity === severity),
    );
    return judgeEach(
      silent.flatMap((severity) =>
        monitoring.routing.routes[severity].receivers.map((receiver) => ({ severity, receiver })),
      ),
      () => view.urn,
      ({ severity, receiver }) => {
        const found = groups.filter((group) => isNamedAfter(group, receiver) && tells(group, receiver));
        const says = "secret" in receiver ? `${receiver.channel} (${receiver.secret})` : receiver.channel;
        if (found.length === 0)
          return [violation(view.urn, `no action group reaches ${says} for ${severity}`)];
        if (found.some((group) => optional(group, "enabled") !== false)) return [];
        return [violation(found[0]!.urn, `enabled must be true: it reaches ${says} for ${severity}`)];
      },
    );
  },
});

/** Two rooms of Slack have receivers of one name; the group's own name tells whose secret it sends to. */
function isNamedAfter(group: DeclaredResource, receiver: AlertReceiver): boolean {
  return !("secret" in receiver) || requiredText(group, "actionGroupName").includes(`-${receiver.secret}-`);
}
