import { judgeEach } from "../../decide";
import { objectName } from "../../kubernetes/objects";
import { quantityOf } from "../../kubernetes/quantity";
import { inNamespace, judgeWorkNamespaces } from "../../kubernetes/stack-objects";
import { kubernetes } from "../../kubernetes/types";
import { mapAt, objectsAt } from "../../read";
import type { DeclaredResource } from "../../resource";
import { stackRule } from "../../rule";
import type { StackView } from "../../stack-view";
import { type Finding, violation } from "../../verdict";

/** What is counted, and what must stay at none: a way in that is not the gateway. */
const bounded = ["pods", "requests.cpu", "requests.memory", "limits.memory"] as const;
const none = ["services.loadbalancers", "services.nodeports"] as const;

export const namespaceBounded = stackRule({
  name: "namespace-bounded",
  topic: "kubernetes",
  displayName: "One system cannot take the cluster from the others",
  description:
    "Every namespace with work has a quota of pods, CPU and memory, no load balancers or node ports, and defaults for containers.",
  severity: "high",
  ids: ["RET-143", "STO-057"],
  remediationSteps: `Declare a ResourceQuota with ${[...bounded, ...none].join(", ")} and a LimitRange with defaults.`,
  presence: kubernetes.namespace,
  evaluate(stack) {
    return judgeWorkNamespaces(stack, (namespace) => [
      ...judgeQuota(stack, namespace),
      ...judgeDefaults(stack, namespace),
    ]);
  },
});

function judgeQuota(stack: StackView, namespace: DeclaredResource): readonly Finding[] {
  const [quota] = inNamespace(stack, objectName(namespace), kubernetes.quota);
  if (!quota) return [violation(namespace.urn, "no ResourceQuota is declared in it")];
  return judgeEach(
    [...bounded, ...none],
    () => quota.urn,
    (what) => {
      const amount = quantityOf(mapAt(quota, "spec.hard")[what]);
      const path = `spec.hard["${what}"]`;
      if (amount === undefined) return [violation(quota.urn, `${path} must be a quantity`)];
      const mustBeNone = (none as readonly string[]).includes(what);
      return mustBeNone && amount !== 0 ? [violation(quota.urn, `${path} must be 0, found ${amount}`)] : [];
    },
  );
}

function judgeDefaults(stack: StackView, namespace: DeclaredResource): readonly Finding[] {
  const ranges = inNamespace(stack, objectName(namespace), kubernetes.limits);
  const given = ranges.some((range) =>
    objectsAt(range, "spec.limits").some(
      (limit) =>
        limit.type === "Container" &&
        quantityOf((limit.default as { memory?: unknown } | undefined)?.memory) !== undefined &&
        quantityOf((limit.defaultRequest as { cpu?: unknown } | undefined)?.cpu) !== undefined &&
        quantityOf((limit.defaultRequest as { memory?: unknown } | undefined)?.memory) !== undefined,
    ),
  );
  if (given) return [];
  return [violation(namespace.urn, "no LimitRange gives its containers a default request and limit")];
}
