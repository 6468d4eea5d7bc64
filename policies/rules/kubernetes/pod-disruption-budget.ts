import { judgeEach } from "../../decide";
import { switchedComponent } from "../../kubernetes/cluster-systems";
import { namespaceOf, objectName, selects } from "../../kubernetes/objects";
import { podPath, workloads } from "../../kubernetes/pods";
import { inNamespace } from "../../kubernetes/stack-objects";
import { kubernetes } from "../../kubernetes/types";
import { describe, mapAt, optional } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, judged, notApplicable, violation } from "../../verdict";

export const podDisruptionBudget = stackRule({
  name: "pod-disruption-budget",
  topic: "kubernetes",
  displayName: "Maintenance of nodes leaves enough pods",
  description:
    "Every colour of a component and every data store has a disruption budget that lets some pods go, and not all at once.",
  severity: "high",
  ids: ["RET-103", "STO-114", "CAS-056"],
  remediationSteps: "Declare a PodDisruptionBudget with maxUnavailable that selects the workload's pods.",
  evaluate(stack) {
    const guarded = stack
      .ofType(...workloads)
      .filter(
        (workload) => workload.type === kubernetes.statefulSet || switchedComponent(objectName(workload)),
      );
    if (guarded.length === 0) return notApplicable("the stack has no workload of more than one pod");
    return judged(
      judgeEach(
        guarded,
        (workload) => workload.urn,
        (workload) => judgeBudget(stack, workload),
      ),
    );
  },
});

function judgeBudget(stack: StackView, workload: DeclaredResource): readonly Finding[] {
  const labels = mapAt(workload, podPath(workload, "metadata.labels"));
  const budgets = inNamespace(stack, namespaceOf(workload), kubernetes.disruptionBudget).filter((budget) =>
    selects(budget, "spec.selector", labels),
  );
  // The eviction interface refuses every eviction of a pod with two budgets.
  if (budgets.length !== 1)
    return [violation(workload.urn, `${budgets.length} disruption budgets select its pods, not 1`)];
  const budget = budgets[0]!;
  return judgeEach(
    [budget],
    () => budget.urn,
    () => {
      const most = optional(budget, "spec.maxUnavailable");
      const share = /^(\d+)%$/.exec(String(most))?.[1];
      const some =
        share === undefined
          ? typeof most === "number" && Number.isInteger(most) && most >= 1
          : Number(share) >= 1 && Number(share) < 100;
      if (some && optional(budget, "spec.minAvailable") === undefined) return [];
      const found = describe(most);
      return [
        violation(
          budget.urn,
          `spec.maxUnavailable must be at least 1 or a share below 100%, without minAvailable, found ${found}`,
        ),
      ];
    },
  );
}
