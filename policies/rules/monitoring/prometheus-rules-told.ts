import { armIdOf, comparableId } from "../../azure/arm-id";
import { declaredRules, tells, wantedRules } from "../../azure/prometheus-alerts";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { objectsAt, requiredText } from "../../read";
import { violation } from "../../verdict";

export const prometheusRulesTold = clusterRule({
  name: "prometheus-rules-told",
  topic: "monitoring",
  displayName: "Every alert reaches whom the runbook names for its severity",
  description:
    "The actions of each alert call action groups of the stack that reach all receivers of the contract's route for its severity.",
  severity: "critical",
  ids: [
    "STO-028",
    "STO-108",
    "STO-110",
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
    "RET-133",
    "RET-134",
    "RET-135",
    "CAS-012",
    "CAS-068",
    "CAS-075",
    "CAS-081",
    "CAS-082",
    "CAS-083",
    "CAS-084",
    "CAS-085",
    "CAS-086",
    "CAS-087",
    "CAS-098",
    "CAS-106",
  ],
  conflicts: [12, 13],
  remediationSteps:
    "Give the alert's actions the action groups of AlertReceivers; a receiver is named after its service or secret.",
  judge(system, view, stack) {
    const declared = declaredRules(view);
    const groups = new Map(stack.ofType(azure.actionGroup).map((group) => [armIdOf(group), group]));
    return judgeEach(
      wantedRules(system),
      ({ alert }) => declared.get(alert)?.group.urn ?? view.urn,
      ({ alert, receivers }) => {
        const rule = declared.get(alert);
        // That it is missing is for prometheus-rules-complete to say.
        if (!rule) return [];
        const { group, path } = rule;
        const called = objectsAt(group, `${path}.actions`).flatMap((_action, index) => {
          const id = comparableId(requiredText(group, `${path}.actions.${index}.actionGroupId`));
          return groups.get(id) ?? [];
        });
        return receivers
          .filter((receiver) => !called.some((actionGroup) => tells(actionGroup, receiver)))
          .map(({ channel }) => violation(group.urn, `${path}.actions (${alert}) must reach ${channel}`));
      },
    );
  },
});
