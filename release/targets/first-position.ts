import { type Colour, colours, type GatewayTarget, type SelectorTarget } from "../../runbooks/target";
import { UserError } from "../user-error";
import { describeTarget } from "./sides";
import { deployed, type Sighting } from "./sighting";

/**
 * The colour to which the object that carries the traffic points when it is made: the runbook's initial one, unless the
 * object was lost. Then the colour that serves takes the traffic again; one with ready pods, or when there are none, one
 * that wants some.
 *
 * @throws UserError when both serve, so that nothing tells which of them was live
 */
export function firstColour(
  system: string,
  target: SelectorTarget | GatewayTarget,
  initial: Colour,
  sighting: Sighting,
): Colour {
  for (const pods of ["readyReplicas", "replicas"] as const) {
    const serving = colours.filter((colour) =>
      deployed(sighting, colour).some((workload) => workload[pods] > 0),
    );
    if (serving.length === 1) return serving[0]!;
    if (serving.length > 1) throw undecided(system, target, sighting);
  }
  return initial;
}

function undecided(
  system: string,
  target: SelectorTarget | GatewayTarget,
  { workloads }: Sighting,
): UserError {
  const pods = workloads.map(({ name, replicas, readyReplicas }) => `${name} ${readyReplicas}/${replicas}`);
  return new UserError(
    `${describeTarget(target)} is gone, and both colours of ${system} have pods (${pods.join(", ")}): which of them was live cannot be told`,
    {
      mend:
        "take the pods of the other one away, then repeat: " +
        `kubectl -n ${target.namespace} scale deployment/NAME --replicas=0`,
    },
  );
}
