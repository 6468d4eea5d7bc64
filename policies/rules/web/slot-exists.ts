import { appSystems } from "../../app-systems";
import { sideOf, sidesIn } from "../../azure/sites";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { systemsRule } from "../../system-rule";
import { violation } from "../../verdict";

export const slotExists = systemsRule({
  name: "slot-exists",
  topic: "web",
  displayName: "New versions have a slot to go to",
  description: "Every site of the system has the deployment slot that the release swaps.",
  severity: "critical",
  ids: ["KIR-002", "KIR-065", "TES-038"],
  conflicts: [23],
  remediationSteps: "Declare a WebAppSlot with the contract's slot name beside the site.",
  systems: appSystems,
  findings: (system, { app: { slot } }) =>
    judgeEach(
      system.ofType(azure.site),
      (site) => site.urn,
      (site) => {
        const wanted = `${sideOf(site)}/${slot}`;
        if (sidesIn(system).some((side) => sideOf(side) === wanted)) return [];
        return [violation(site.urn, `slot ${slot} is not declared`)];
      },
    ),
});
