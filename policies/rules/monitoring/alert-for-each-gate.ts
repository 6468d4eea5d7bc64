import { appSystems } from "../../app-systems";
import { alertRuleFor, differences } from "../../azure/alert-rules";
import { judgeEach } from "../../decide";
import { systemsRule } from "../../system-rule";
import { violation } from "../../verdict";

export const alertForEachGate = systemsRule({
  name: "alert-for-each-gate",
  topic: "monitoring",
  displayName: "Every limit of the release is watched outside a release too",
  description:
    "Every alert of the contract, and so the alert of every gate, is declared with the contract's figures.",
  severity: "critical",
  ids: [
    "KIR-041",
    "KIR-042",
    "KIR-043",
    "KIR-044",
    "KIR-045",
    "TES-072",
    "TES-103",
    "TES-110",
    "TES-111",
    "TES-112",
  ],
  conflicts: [1, 2, 3, 25, 28],
  remediationSteps:
    "Render the alert rule from the contract's entry: threshold, window, frequency, severity, query or metric, scope.",
  systems: appSystems,
  findings(system, { system: { contract } }) {
    return judgeEach(
      contract.alerts,
      () => system.urn,
      (alert) => {
        const rule = alertRuleFor(system, alert);
        if (!rule) {
          const gates = contract.gateLimits.filter((gate) => gate.alert === alert.name);
          const watches =
            gates.length > 0 ? ` (it watches the gate ${gates.map((gate) => gate.name).join("; ")})` : "";
          return [violation(system.urn, `no alert rule is declared for ${alert.name}${watches}`)];
        }
        return judgeEach(
          [rule],
          () => rule.urn,
          () =>
            differences(rule, alert, system).map(({ path, wanted, found }) =>
              violation(rule.urn, `${path} must be ${wanted} as ${alert.name} says, found ${found}`),
            ),
        );
      },
    );
  },
});
