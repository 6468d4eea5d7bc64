import { comparableId } from "../../azure/arm-id";
import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { listAt, mapAt, requiredNumber, requiredText } from "../../read";
import type { DeclaredResource, Properties } from "../../resource";
import { stackRule } from "../../rule";
import type { SystemView } from "../../stack-view";
import { systems } from "../../systems";
import { type Finding, judged, notApplicable, violation } from "../../verdict";

/** Percent of the budget; a notification above it comes when the money is spent. */
const spent = 100;
/** The others come while nothing is spent. */
const operators: ReadonlySet<unknown> = new Set(["GreaterThan", "GreaterThanOrEqualTo"]);

export const budgetNotifies = stackRule({
  name: "budget-notifies",
  topic: "governance",
  displayName: "Somebody hears before the budget is spent",
  description:
    "The system's resource group has a cost budget with an enabled notification to somebody before it is used up.",
  severity: "medium",
  ids: ["KIR-101", "KIR-121"],
  remediationSteps:
    "Declare a consumption.Budget with notifications that name contactEmails or contactGroups.",
  evaluate(stack) {
    const carried = systems.flatMap((system) => stack.system(system) ?? []);
    if (carried.length === 0) return notApplicable("the stack carries no system");
    return judged(
      judgeEach(
        carried,
        (system) => system.urn,
        (system) => {
          const budgets = system.ofType(azure.budget);
          if (budgets.length === 0) return [violation(system.urn, "no budget is declared")];
          return judgeEach(
            budgets,
            (budget) => budget.urn,
            (budget) => [...judgeScope(budget, system), ...judgeBudget(budget)],
          );
        },
      ),
    );
  },
});

/** A budget on another group would say nothing of this system's money. */
function judgeScope(budget: DeclaredResource, system: SystemView): readonly Finding[] {
  const scope = comparableId(requiredText(budget, "scope"));
  const own = system
    .ofType(azure.resourceGroup)
    .some((group) => scope === `/resourcegroups/${requiredText(group, "resourceGroupName")}`.toLowerCase());
  return own ? [] : [violation(budget.urn, "scope must be the system's resource group")];
}

function judgeBudget(budget: DeclaredResource): readonly Finding[] {
  const findings: Finding[] = [];
  if (requiredNumber(budget, "amount") <= 0) findings.push(violation(budget.urn, "amount must be above 0"));
  const notifications = Object.values({ ...mapAt(budget, "notifications") }) as readonly Properties[];
  const inTime = notifications.filter(
    (notification) =>
      notification.enabled === true &&
      // At 0 it would come on the first day of every month, and be read on none.
      Number(notification.threshold) > 0 &&
      Number(notification.threshold) < spent &&
      operators.has(notification.operator) &&
      isSentToSomebody(notification),
  );
  if (inTime.length === 0) {
    findings.push(
      violation(budget.urn, `notifications must hold an enabled one below ${spent}% that names somebody`),
    );
  }
  return findings;
}

function isSentToSomebody(notification: Properties): boolean {
  return ["contactEmails", "contactGroups", "contactRoles"].some((list) =>
    listAt(notification, list).some((entry) => typeof entry === "string" && entry.trim() !== ""),
  );
}
