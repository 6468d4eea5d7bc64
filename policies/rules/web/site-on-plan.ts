import { armIdOf, comparableId } from "../../azure/arm-id";
import { judgeEachSide } from "../../azure/sites";
import { azure } from "../../azure/types";
import { requiredText } from "../../read";
import { stackRule } from "../../rule";
import { violation } from "../../verdict";

export const siteOnPlan = stackRule({
  name: "site-on-plan",
  topic: "web",
  displayName: "A site runs on the stack's own plan",
  description:
    "Every site and slot names a plan of the stack; without one Azure takes a Consumption plan, and a foreign one is judged by nobody.",
  severity: "high",
  ids: ["KIR-002", "KIR-045", "KIR-065", "TES-025", "TES-029"],
  remediationSteps:
    "Declare serverFarmId as the id of the stack's AppServicePlan on the site and on the slot.",
  evaluate(stack) {
    return judgeEachSide(stack, (side) => {
      const wanted = comparableId(requiredText(side, "serverFarmId"));
      if (stack.ofType(azure.plan).some((plan) => armIdOf(plan) === wanted)) return [];
      return [violation(side.urn, "serverFarmId names no plan of the stack")];
    });
  },
});
