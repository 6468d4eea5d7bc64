import { judgeEach } from "../../decide";
import { switchedComponent } from "../../kubernetes/cluster-systems";
import { namespaceOf, objectName, selects } from "../../kubernetes/objects";
import { podPath, workloads } from "../../kubernetes/pods";
import { inNamespace } from "../../kubernetes/stack-objects";
import { kubernetes } from "../../kubernetes/types";
import { describe, mapAt, optional, requiredNumber } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, judged, notApplicable, violation } from "../../verdict";

export const podDisruptionBudget = stackRule({
  name: "pod-disruption-budget",
  topic: "kubernetes",
  displayName: "Maintenance of nodes leaves enough pods",
  description:
    "Every colour of a component and every data store has a disruption budget that lets some pods go, and never all of the fewest that it has.",
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
      const pods = fewestPods(stack, workload);
      const gone = podsOf(most, pods);
      // Of one pod alone, as in dev, that one may go: otherwise no node could be emptied.
      const allowed = Math.max(1, pods - 1);
      const some = gone !== undefined && gone >= 1 && gone <= allowed;
      if (some && optional(budget, "spec.minAvailable") === undefined) return [];
      const found = describe(most);
      return [
        violation(
          budget.urn,
          `spec.maxUnavailable must be 1 to ${allowed} of ${pods}, or such a share, without minAvailable, found ${found}`,
        ),
      ];
    },
  );
}

/** Pods of a workload when it is smallest; that the autoscaler keeps them is for `autoscaler-minimum` to say. */
function fewestPods(stack: StackView, workload: DeclaredResource): number {
  if (workload.type === kubernetes.statefulSet)
    return optional(workload, "spec.replicas") === undefined ? 1 : requiredNumber(workload, "spec.replicas");
  return switchedComponent(objectName(workload))!.fewestReplicas[stack.environment];
}

/** How many of some pods a budget lets go; Kubernetes rounds a share up. Undefined for what is neither. */
function podsOf(most: unknown, pods: number): number | undefined {
  if (typeof most === "number") return Number.isInteger(most) ? most : undefined;
  const share = /^(\d+)%$/.exec(String(most))?.[1];
  return share === undefined ? undefined : Math.ceil((Number(share) * pods) / 100);
}
