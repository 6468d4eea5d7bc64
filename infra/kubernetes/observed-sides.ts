import { declaredColours, releaseKey, type Sides } from "../../runbooks/sides";
import type { Colour, Observation, Target } from "../../runbooks/target";
import { observe } from "../track";

/** One place where a system's traffic is switched, and the name of the track that guards it. */
export interface TrafficSwitch {
  /** Name of the `Track` resource. */
  readonly track: string;
  readonly target: Target;
}

/** What is deployed at this moment, as far as the program branches on it. */
export interface ObservedSides {
  readonly switches: readonly TrafficSwitch[];
  readonly observations: Readonly<Record<string, Observation>>;
  /** Colours whose declared block is what is deployed. Their pods are not rendered anew. */
  readonly unchanged: ReadonlySet<Colour>;
}

/**
 * Asks what is live and which block each colour was made from. A colour is unchanged only when every switch of the
 * system sees the declared key: one that is deployed in part is rendered as a whole.
 *
 * @throws Error, which ends the run, when cluster or Azure does not answer.
 */
export async function observeSides(
  system: string,
  switches: readonly TrafficSwitch[],
  sides: Sides,
): Promise<ObservedSides> {
  const seen = await Promise.all(
    switches.map(async ({ track, target }) => [track, await observe({ system, track, target })] as const),
  );
  const unchanged = declaredColours(sides).filter((colour) =>
    seen.every(
      ([, observation]) => observation.known && observation.sides[colour] === releaseKey(sides[colour]!),
    ),
  );
  return { switches, observations: Object.fromEntries(seen), unchanged: new Set(unchanged) };
}
