import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { colourName, type SwitchedComponent } from "../../kubernetes/cluster-systems";
import { declaredColours, objectNamed } from "../../kubernetes/declared-sides";
import { podPath } from "../../kubernetes/pods";
import { quantityOf } from "../../kubernetes/quantity";
import { inNamespace } from "../../kubernetes/stack-objects";
import { kubernetes } from "../../kubernetes/types";
import { mapAt, optional, requiredNumber } from "../../read";
import type { SystemView } from "../../stack-view";
import { violation } from "../../verdict";

const colourCount = 2;

/** What a quota counts, and where a container says how much of it it is given. */
const counted = [
  { what: "pods", path: undefined },
  { what: "requests.cpu", path: "resources.requests.cpu" },
  { what: "requests.memory", path: "resources.requests.memory" },
  { what: "limits.memory", path: "resources.limits.memory" },
] as const;

export const quotaFitsBothSides = clusterRule({
  name: "quota-fits-both-sides",
  topic: "kubernetes",
  displayName: "A release finds room for the second colour",
  description: "A namespace's quota fits both colours of every component at their largest.",
  severity: "high",
  ids: ["RET-143"],
  conflicts: [5],
  remediationSteps: "Compute the quota from the components with quotaFor, both colours at full size.",
  judge({ components, namespace }, view) {
    const [quota] = inNamespace(view, namespace, kubernetes.quota);
    // That it is missing is for namespace-bounded to say.
    if (!quota) return [];
    return judgeEach(
      counted,
      () => quota.urn,
      ({ what, path }) => {
        const room = quantityOf(mapAt(quota, "spec.hard")[what]);
        if (room === undefined) return [];
        const needed = components.reduce((sum, component) => sum + neededBy(component, view, path), 0);
        if (room >= needed) return [];
        return [violation(quota.urn, `spec.hard["${what}"] must fit both colours, ${needed}, found ${room}`)];
      },
    );
  },
});

/** What both colours of a component take at their largest; a missing part is for side-whole and pod-resources to say. */
function neededBy({ name }: SwitchedComponent, view: SystemView, path: string | undefined): number {
  const sizes = declaredColours(view).map((colour) => {
    const deployment = objectNamed(view, kubernetes.deployment, colourName(name, colour));
    const autoscaler = objectNamed(view, kubernetes.autoscaler, colourName(name, colour));
    if (!deployment || !autoscaler) return 0;
    const pods = requiredNumber(autoscaler, "spec.maxReplicas");
    if (path === undefined) return pods;
    return pods * (quantityOf(optional(deployment, podPath(deployment, `spec.containers.0.${path}`))) ?? 0);
  });
  return colourCount * Math.max(0, ...sizes);
}
