import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { colourName } from "../../kubernetes/cluster-systems";
import { declaredColours, objectNamed } from "../../kubernetes/declared-sides";
import { kubernetes } from "../../kubernetes/types";
import { describe, objectsAt, required, requiredNumber, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { type Finding, violation } from "../../verdict";

/** Most of a side's pods that may go, and in which time at the least. */
const slow = { percent: 10, seconds: 300 } as const;

export const autoscalerMinimum = clusterRule({
  name: "autoscaler-minimum",
  topic: "kubernetes",
  displayName: "A live colour is never smaller than its contract says",
  description:
    "Each colour's autoscaler scales its Deployment, keeps at least the contract's pods for the environment, grows at the contract's usage of CPU, and shrinks slowly, so that pods which a release adds before a switch are there after it.",
  severity: "critical",
  ids: ["STO-003", "STO-067", "STO-068", "STO-114", "RET-106", "RET-125", "CAS-067"],
  remediationSteps: `Declare minReplicas from the contract's fewestReplicas, its targetCpuPercent, and in behavior.scaleDown policies of at most ${slow.percent} % in ${slow.seconds} s.`,
  judge: ({ components, targetCpuPercent }, view) =>
    declaredColours(view).flatMap((colour) =>
      components.flatMap(({ name, fewestReplicas }) => {
        const deployment = colourName(name, colour);
        const autoscaler = objectNamed(view, kubernetes.autoscaler, deployment);
        // That it is missing is for side-whole to say.
        if (!autoscaler) return [];
        const wanted = { deployment, fewest: fewestReplicas[view.environment], targetCpuPercent };
        return judgeEach(
          [judgeTarget, judgeBounds, judgeUsage, judgeShrinking],
          () => autoscaler.urn,
          (judge) => judge(autoscaler, wanted),
        );
      }),
    ),
});

interface Wanted {
  readonly deployment: string;
  readonly fewest: number;
  readonly targetCpuPercent: number;
}

function judgeTarget(autoscaler: DeclaredResource, { deployment }: Wanted): readonly Finding[] {
  const target = "spec.scaleTargetRef";
  const kind = requiredText(autoscaler, `${target}.kind`);
  const name = requiredText(autoscaler, `${target}.name`);
  if (kind === "Deployment" && name === deployment) return [];
  return [violation(autoscaler.urn, `${target} must be the Deployment ${deployment}`)];
}

function judgeBounds(autoscaler: DeclaredResource, { fewest }: Wanted): readonly Finding[] {
  const minimum = requiredNumber(autoscaler, "spec.minReplicas");
  const maximum = requiredNumber(autoscaler, "spec.maxReplicas");
  return [
    ...(minimum < fewest
      ? [violation(autoscaler.urn, `spec.minReplicas must be at least ${fewest}, found ${minimum}`)]
      : []),
    ...(maximum < minimum
      ? [violation(autoscaler.urn, `spec.maxReplicas must be at least minReplicas, found ${maximum}`)]
      : []),
  ];
}

function judgeUsage(autoscaler: DeclaredResource, { targetCpuPercent }: Wanted): readonly Finding[] {
  const path = "spec.metrics";
  const index = objectsAt(autoscaler, path).findIndex(
    ({ type, resource }) => type === "Resource" && (resource as { name?: unknown })?.name === "cpu",
  );
  if (index < 0) return [violation(autoscaler.urn, `${path} must hold the resource cpu`)];
  const found = requiredNumber(autoscaler, `${path}.${index}.resource.target.averageUtilization`);
  if (found === targetCpuPercent) return [];
  return [
    violation(
      autoscaler.urn,
      `${path}.${index}.resource.target.averageUtilization must be ${targetCpuPercent}, found ${describe(found)}`,
    ),
  ];
}

function judgeShrinking(autoscaler: DeclaredResource): readonly Finding[] {
  const path = "spec.behavior.scaleDown.policies";
  required(autoscaler, `${path}.0`);
  return objectsAt(autoscaler, path).flatMap(({ type, value, periodSeconds }, index) => {
    if (type === "Percent" && Number(value) <= slow.percent && Number(periodSeconds) >= slow.seconds)
      return [];
    const wanted = `at most ${slow.percent} Percent in ${slow.seconds} s`;
    return [violation(autoscaler.urn, `${path}.${index} must take ${wanted}`)];
  });
}
