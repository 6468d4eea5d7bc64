import { appSystems } from "../../app-systems";
import { actionGroupIdsOf, alertRuleFor } from "../../azure/alert-rules";
import { armIdOf } from "../../azure/arm-id";
import { channelsOf } from "../../azure/receivers";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { systemsRule } from "../../system-rule";
import { violation } from "../../verdict";

export const alertChannels = systemsRule({
  name: "alert-channels",
  topic: "monitoring",
  displayName: "Alerts reach who must hear of them",
  description:
    "Every alert of the contract calls action groups of the stack that reach the contract's channels.",
  severity: "critical",
  ids: ["KIR-041", "KIR-046", "KIR-049", "KIR-145", "TES-103"],
  remediationSteps:
    "Give the alert rule an action group whose receivers cover the channels; receivers are named after their service (slack, pagerDuty).",
  systems: appSystems,
  findings(system, { system: { contract } }, stack) {
    const groups = stack.ofType(azure.actionGroup);
    return judgeEach(
      contract.alerts,
      (alert) => alertRuleFor(system, alert)?.urn ?? system.urn,
      (alert) => {
        const rule = alertRuleFor(system, alert);
        // That it is missing is for alert-for-each-gate to say.
        if (!rule) return [];
        const called = new Set(actionGroupIdsOf(rule));
        const reached = new Set(
          groups.filter((group) => called.has(armIdOf(group))).flatMap((group) => [...channelsOf(group)]),
        );
        return alert.channels
          .filter((channel) => !reached.has(channel))
          .map((channel) => violation(rule.urn, `no action group of the alert reaches ${channel}`));
      },
    );
  },
});
