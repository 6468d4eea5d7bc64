import type { TrackFacts } from "../../runbooks/release-facts";
import type { ReleaseState } from "./state";

/** A track whose new side was given traffic by steps that are done. */
export interface Given {
  readonly track: string;
  /** The last of those steps. */
  readonly by: string;
  readonly percent: number;
  /** What the new side has at least, wherever on the way on a process was killed. */
  readonly atLeast: number;
  /** Whether a step that is not done gives it more. */
  readonly isGivenMore: boolean;
}

/** By track, in the contract's order, what the new side was given last. */
export function givenTraffic({
  plan,
  done,
  begun,
}: Pick<ReleaseState, "plan" | "done" | "begun">): readonly Given[] {
  return plan.facts.tracks.flatMap((track) => {
    let given: Given | undefined;
    for (const step of plan.steps) {
      const percent = percentFor(track, plan, step);
      if (percent === undefined) continue;
      if (done.has(step.id))
        given = { track: track.name, by: step.id, percent, atLeast: percent, isGivenMore: false };
      else if (given !== undefined) {
        // In the middle of a swap the share of a slot is that of the other version; a way back leaves none of it.
        const isSwap = step.does.as !== "weight" && begun.includes(step.id);
        given = { ...given, isGivenMore: true, ...(isSwap && { atLeast: Number.MIN_VALUE }) };
      }
    }
    return given ?? [];
  });
}

/** Percent of a track's traffic that a step gives to the new side; undefined for one that moves none of it. */
function percentFor(
  { target, components }: TrackFacts,
  { entries }: ReleaseState["plan"],
  { does, entry: name }: ReleaseState["plan"]["steps"][number],
): number | undefined {
  const isSite = target.kind === "staticSite";
  if (does.as === "weight") return isSite ? undefined : does.percent;
  const entry = entries[name];
  if (does.as !== "action" || entry?.word !== "step") return undefined;
  if (entry.does.action === "traffic") return !isSite && entry.does.move === "switch" ? 100 : undefined;
  if (entry.does.action !== "deploy" || entry.does.to !== "inPlace") return undefined;
  const isOwn = entry.does.components.some((component) => components.includes(component));
  return isOwn && entry.does.version !== "previous" ? 100 : undefined;
}
