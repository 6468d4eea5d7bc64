import { sideOf, sidesIn } from "../../azure/sites";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { stackRule } from "../../rule";
import { kirana } from "../../systems";
import { judged, notApplicable, violation } from "../../verdict";

export const slotExists = stackRule({
  name: "slot-exists",
  topic: "web",
  displayName: "New versions have a slot to go to",
  description: "Every site of the system has the deployment slot that the release swaps.",
  severity: "critical",
  ids: ["KIR-002", "KIR-065"],
  conflicts: [23],
  remediationSteps: "Declare a WebAppSlot with the contract's slot name beside the site.",
  evaluate(stack) {
    const system = stack.system(kirana);
    if (!system) return notApplicable(`the stack does not carry ${kirana.name}`);
    const { slot } = system.contract.functionApp;
    return judged(
      judgeEach(
        system.ofType(azure.site),
        (site) => site.urn,
        (site) => {
          const wanted = `${sideOf(site)}/${slot}`;
          if (sidesIn(system).some((side) => sideOf(side) === wanted)) return [];
          return [violation(site.urn, `slot ${slot} is not declared`)];
        },
      ),
    );
  },
});
