import type { TrackFacts } from "../../runbooks/release-facts";
import { forOneTry } from "../strategies/strategy";
import { isStep } from "./actions";
import type { ReleaseState } from "./state";
import { untilDone } from "./until-done";
import type { Walk } from "./walk";

/** A track whose new side was given traffic by steps that are done. */
interface Given {
  readonly track: string;
  /** The last of those steps. */
  readonly by: string;
  readonly percent: number;
  /** What the new side has at least, wherever on the way on a process was killed. */
  readonly atLeast: number;
  /** Whether a step that is not done gives it more. */
  readonly isGivenMore: boolean;
}

interface Missing extends Given {
  readonly seenPercent: number;
}

/**
 * Looks whether the traffic is where the journal says it was sent, before a process goes on with a release that another one
 * left. A rollback whose store was away wrote what it did on its own machine: on any other it is seen by the traffic alone,
 * and is not undone by going on. What took it back, people find out: they are waited for.
 */
export async function requireTrafficSeen(walk: Walk): Promise<void> {
  const { diary } = walk;
  const given = givenTraffic(diary.state);
  if (given.length === 0) return;
  await walk.enter(diary.state.phase!);
  const subject = `traffic given by ${given.at(-1)!.by}`;
  for (;;) {
    walk.throwTurn();
    const missing = await walk.lookingOn(missingTraffic(walk, given));
    const isGivenAgain = missing.every(({ isGivenMore }) => isGivenMore);
    if (missing.length === 0 || (isGivenAgain && diary.state.leftOut.has(subject))) return;
    if (diary.state.held?.needsPerson) {
      await walk.safePoint();
      continue;
    }
    const why = `${missing.map(missingWords).join("; ")}. ${cause}: ${isGivenAgain ? toGoOn : toGiveAgain}`;
    await walk.hold({ why, step: subject, needsPerson: true });
    while (diary.state.held !== undefined) await walk.stay(why);
  }
}

const cause =
  "Something took it back of which this journal does not know, perhaps a rollback on a machine that did not reach the journals";
const toGoOn = "rollback takes all of it back, promote goes on to the new version";
const toGiveAgain =
  "rollback takes all of it back; no step is left that gives it again: whoever does that by hand says resume";

function missingWords({ track, seenPercent, percent }: Missing): string {
  return `The new side of ${track} has ${seenPercent} % of the traffic, and was given ${percent} %`;
}

async function missingTraffic(walk: Walk, given: readonly Given[]): Promise<readonly Missing[]> {
  let missing: readonly Missing[] = [];
  await untilDone(walk, "seeing where the traffic is", async (limit) => {
    const looks = given.map(async (one) => {
      const { candidatePercent } = await forOneTry(walk.parts.strategies.get(one.track)!, limit).observe();
      return candidatePercent < one.atLeast ? [{ ...one, seenPercent: candidatePercent }] : [];
    });
    missing = (await Promise.all(looks)).flat();
  });
  return missing;
}

/** By track, in the contract's order, what the new side was given last. */
function givenTraffic({ plan, done, begun }: ReleaseState): readonly Given[] {
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
  if (does.as !== "action" || !isStep(entry)) return undefined;
  if (entry.does.action === "traffic") return !isSite && entry.does.move === "switch" ? 100 : undefined;
  if (entry.does.action !== "deploy" || entry.does.to !== "inPlace") return undefined;
  const isOwn = entry.does.components.some((component) => components.includes(component));
  return isOwn && entry.does.version !== "previous" ? 100 : undefined;
}
