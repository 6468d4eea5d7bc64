import { type Colour, colours, type GatewayTarget, type SelectorTarget } from "../../../runbooks/target";
import type { KubernetesClient } from "../../clients/kubernetes";
import type { ClusterTarget } from "../../clients/world";
import { type Json, listAt, mapAt } from "../../targets/json";
import { selectorTo } from "../../targets/selector";
import { describeTarget } from "../../targets/sides";
import type { StrategyParts } from "../options";
import { waitFor } from "../waiting";
import { type ClusterView, carriesLabels, endpointsOf, isReadyPod, viewOf } from "./cluster-view";

/**
 * Waits until those who carry the traffic out have taken up what the API server holds: only then users have it
 * (docs/adr/0165).
 *
 * @throws UserError, retriable, with who has not
 */
export async function untilServed(
  target: ClusterTarget,
  cluster: KubernetesClient,
  { clock, patience }: StrategyParts,
): Promise<void> {
  await waitFor(
    `what ${describeTarget(target)} says is not what users get`,
    async () => {
      const view = await viewOf(target, cluster);
      return notServed(target, view) ?? view;
    },
    { clock, seconds: patience.servedSeconds, lookMilliseconds: patience.lookMilliseconds },
  );
}

/** Why users have something else yet than an object says; undefined when its controllers have taken it up. Pure. */
export function notServed(target: ClusterTarget, view: ClusterView): string | undefined {
  return target.kind === "gateway" ? notAccepted(target, view.object) : notSelected(target, view);
}

/**
 * A Gateway's controller says by a route's status which generation of it is accepted. Backends that do not resolve are not
 * asked for here: one without weight harms nobody, and one with weight must have endpoints before it gets any.
 */
function notAccepted(target: GatewayTarget, route: Json): string | undefined {
  const { name, namespace } = target.gateway;
  const gateway = `Gateway ${namespace}/${name}`;
  const { generation = 0 } = mapAt(route, "metadata");
  const parents = listAt(route, "status", "parents").filter((parent) => {
    const found = mapAt(parent, "parentRef");
    return found.name === name && (found.namespace ?? target.namespace) === namespace;
  });
  const conditions = parents
    .flatMap((parent) => listAt(parent, "conditions"))
    .map((condition) => mapAt(condition))
    .filter(({ type }) => type === "Accepted");
  // A controller that is no more may have left its own word behind.
  const current = conditions.filter(
    ({ observedGeneration }) => Number(observedGeneration) >= Number(generation),
  );
  if (current.some(({ status }) => status === "True")) return undefined;
  const [refused] = current;
  if (refused !== undefined)
    return `${gateway} does not accept it: ${String(refused.reason)}, ${String(refused.message)}`;
  return `${gateway} has not taken up generation ${String(generation)} of it yet`;
}

/** The endpoints of a Service follow its selector by a controller of their own. Pods that are not known are not judged. */
function notSelected(target: SelectorTarget, view: ClusterView): string | undefined {
  const live = colours.find((colour) => view.sighting.traffic[colour] === 100) as Colour;
  const isWanted = carriesLabels(selectorTo(target, live));
  const pods = new Map(view.pods.map((pod): [unknown, Json] => [mapAt(pod, "metadata").name, pod]));
  const behind = endpointsOf(view, target.service)
    .map((endpoint) => pods.get(mapAt(endpoint, "targetRef").name))
    .filter((pod) => pod !== undefined);
  const others = behind.filter((pod) => !isWanted(pod)).length;
  if (others > 0) return `its endpoints are ${others} pods still that are not ${live}'s`;
  const isMissing = behind.length === 0 && view.pods.some((pod) => isWanted(pod) && isReadyPod(pod));
  return isMissing ? `its endpoints are none of the pods of ${live} yet` : undefined;
}
