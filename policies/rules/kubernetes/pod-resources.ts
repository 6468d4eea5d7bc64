import { judgeEach } from "../../decide";
import { containersOf, podMakers } from "../../kubernetes/pods";
import { quantityOf } from "../../kubernetes/quantity";
import { describe, required } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

/** Without a limit of CPU a container slows its neighbours down; without one of memory the node ends somebody else. */
const wanted = ["requests.cpu", "requests.memory", "limits.memory"] as const;

export const podResources = resourceRule({
  name: "pod-resources",
  topic: "kubernetes",
  displayName: "A container asks for what it needs and is bounded",
  description:
    "Every container requests CPU and memory and has a limit of memory; no limit lies below its request.",
  severity: "high",
  ids: ["RET-143", "RET-125", "RET-126", "CAS-067", "CAS-068"],
  remediationSteps: "Declare resources.requests and resources.limits on the container.",
  types: podMakers,
  evaluate: (maker) =>
    judged(
      judgeEach(
        containersOf(maker).flatMap((container) => wanted.map((amount) => [container, amount] as const)),
        () => maker.urn,
        ([container, amount]) => judgeAmount(maker, `${container}.resources`, amount),
      ),
    ),
});

function judgeAmount(
  maker: DeclaredResource,
  path: string,
  amount: (typeof wanted)[number],
): readonly Finding[] {
  const value = required(maker, `${path}.${amount}`);
  const quantity = quantityOf(value);
  if (quantity === undefined || quantity <= 0)
    return [violation(maker.urn, `${path}.${amount} must be a quantity above 0, found ${describe(value)}`)];
  if (amount !== "limits.memory") return [];
  const request = quantityOf(required(maker, `${path}.requests.memory`));
  if (request === undefined || request <= quantity) return [];
  return [violation(maker.urn, `${path}.limits.memory must not lie below requests.memory`)];
}
