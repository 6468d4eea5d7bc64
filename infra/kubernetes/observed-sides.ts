import { releaseKey, type Sides } from "../../runbooks/sides";
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
  /** Whether the declared block is what a component's colour is made from. Then its pods are not rendered anew. */
  readonly isUnchanged: (colour: Colour, component: string) => boolean;
}

type Seen = readonly (readonly [TrafficSwitch, Observation])[];

/**
 * Asks what is live and which block each colour was made from. A colour is unchanged when every switch of the system
 * sees the declared key. One that is there in part is rendered as a whole while it is idle: an update that changed its
 * block may have ended half-way. One that serves or is kept has a key that no update may change (`Track` refuses it), so
 * of that only what is lost is made anew, and nothing that serves is replaced by a repair (docs/adr/0093, 0119).
 *
 * @throws Error, which ends the run, when cluster or Azure does not answer.
 */
export async function observeSides(
  system: string,
  switches: readonly TrafficSwitch[],
  sides: Sides,
): Promise<ObservedSides> {
  const seen: Seen = await Promise.all(
    switches.map(async (each) => [each, await observe({ system, ...each })] as const),
  );
  const isUnchanged = (colour: Colour, component: string): boolean => {
    const block = sides[colour];
    if (block === undefined) return false;
    const key = releaseKey(block);
    const isWhole = (observation: Observation) => observation.known && observation.sides[colour] === key;
    if (seen.every(([, observation]) => isWhole(observation))) return true;
    if (!seen.some(([, observation]) => isServingOrKept(observation, colour))) return false;
    const own = seen.filter(([{ target }]) => "components" in target && component in target.components);
    return (
      own.length > 0 &&
      own.every(
        ([, observation]) =>
          isWhole(observation) || (observation.known && observation.parts?.[colour]?.[component] === key),
      )
    );
  };
  const observations = Object.fromEntries(
    seen.map(([{ track }, observation]) => [track, observation] as const),
  );
  return { switches, observations, isUnchanged };
}

/** Where traffic is carried, whatever is not idle serves or is kept for a rollback. */
function isServingOrKept({ known, exists, idle }: Observation, colour: Colour): boolean {
  return known && exists && idle !== colour;
}
