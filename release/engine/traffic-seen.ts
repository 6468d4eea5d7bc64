import { forOneTry } from "../strategies/strategy";
import { type Given, givenTraffic } from "./given-traffic";
import { givenBy } from "./state";
import { untilDone } from "./until-done";
import type { Walk } from "./walk";

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
  const subject = givenBy(given.at(-1)!.by);
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
