import { azure } from "../../azure/types";
import { judgeEach } from "../../decide";
import { listAt, mapAt, requiredNumber } from "../../read";
import type { DeclaredResource, Properties } from "../../resource";
import { systemRule } from "../../system-rule";
import { kirana } from "../../systems";
import { type Finding, judged, violation } from "../../verdict";

/** Percent of the budget; a notification above it comes when the money is spent. */
const spent = 100;

export const budgetNotifies = systemRule({
  name: "budget-notifies",
  topic: "governance",
  displayName: "Somebody hears before the budget is spent",
  description: "The system has a cost budget with an enabled notification to somebody before it is used up.",
  severity: "medium",
  ids: ["KIR-101", "KIR-121"],
  remediationSteps:
    "Declare a consumption.Budget with notifications that name contactEmails or contactGroups.",
  system: kirana,
  evaluate(system) {
    const budgets = system.ofType(azure.budget);
    if (budgets.length === 0) return judged([violation(system.urn, "no budget is declared")]);
    return judged(judgeEach(budgets, (budget) => budget.urn, judgeBudget));
  },
});

function judgeBudget(budget: DeclaredResource): readonly Finding[] {
  const findings: Finding[] = [];
  if (requiredNumber(budget, "amount") <= 0) findings.push(violation(budget.urn, "amount must be above 0"));
  const notifications = Object.values({ ...mapAt(budget, "notifications") }) as readonly Properties[];
  const inTime = notifications.filter(
    (notification) =>
      notification.enabled === true &&
      Number(notification.threshold) < spent &&
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
