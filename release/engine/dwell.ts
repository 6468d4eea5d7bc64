import type { PlanStep } from "../plan/plan";
import type { Obstacle } from "./gate-watch";
import type { Hold, Walk } from "./walk";

/** Where no gate is due at all, what somebody says is what is waited for; it wakes. */
const idleMilliseconds = 60_000;

/**
 * Lets time pass while the phase's gates are looked at, and longer for as long as one of them does not pass.
 * @param until of the monotonic clock
 */
export async function dwell(walk: Walk, step: PlanStep, until: number): Promise<void> {
  const { clock } = walk.parts;
  const began = clock.monotonic();
  await untilNothingHolds(walk, until);
  const dwelt = clock.monotonic() - began;
  await walk.done(step, { dwelt: dwelt / 1000 }, dwelt);
}

/**
 * Until the time is over and nothing is in the way: neither what the gates say nor what a look may say that is under way
 * then. What begins later is not waited for, or there would be no end of it.
 * @param until of the monotonic clock
 */
export async function untilNothingHolds(walk: Walk, until: number): Promise<void> {
  const { clock } = walk.parts;
  let overAt: number | undefined;
  for (;;) {
    walk.look();
    const now = clock.monotonic();
    if (now >= until) overAt ??= now;
    const over = overAt !== undefined && walk.hasSeen(overAt);
    const inTheWay = await holdOrGoOn(walk, over);
    if (over && !inTheWay && walk.diary.state.held === undefined) return;
    if (over) overAt = undefined;
    const { held } = walk.diary.state;
    if (held?.needsPerson && walk.diary.state.rollback === undefined) walk.endIfNothingMoves(held.why);
    const left = now >= until ? idleMilliseconds : until - clock.monotonic();
    await walk.sleep(Math.max(Math.min(walk.untilDue() ?? idleMilliseconds, left), 1));
  }
}

/**
 * A gate that a person must decide on holds at once, any other one when the time is over.
 * @returns whether any gate is in the way
 */
export async function holdOrGoOn(walk: Walk, over: boolean): Promise<boolean> {
  const obstacles = walk.obstacles();
  const urgent = obstacles.find(isUrgent);
  const [first] = obstacles;
  const { held } = walk.diary.state;
  const found = urgent ?? (over ? first : undefined);
  if (found !== undefined) {
    if (standsAfter(found, held))
      await walk.hold(holdOf(found, over ? obstacles : obstacles.filter(isUrgent)));
  } else if (first === undefined && held !== undefined && !held.needsPerson) {
    await walk.diary.write({ kind: "goesOn", by: "switchyard", why: "every gate passes" });
  }
  return first !== undefined;
}

/** What a person has to decide on is not hidden by what goes by itself, nor by one of those that the hold names already. */
function standsAfter(found: Obstacle, held: Walk["diary"]["state"]["held"]): boolean {
  if (held === undefined || !held.needsPerson) return held?.gate !== found.gate || found.needsPerson;
  return found.needsPerson && held.gate !== found.gate && held.gates?.includes(found.gate) !== true;
}

/** A hold names all that hold: whoever lets it pass lets those pass, and no other. */
function holdOf({ why, gate, needsPerson }: Obstacle, obstacles: readonly Obstacle[]): Hold {
  const others = obstacles.filter((one) => one.gate !== gate);
  if (others.length === 0) return { why, gate, needsPerson };
  const gates = others.map((one) => one.gate);
  return { why: [why, ...others.map((one) => one.why)].join("; also "), gate, gates, needsPerson };
}

function isUrgent({ needsPerson }: Obstacle): boolean {
  return needsPerson;
}

/**
 * In a ramp, and before the last step of a watch, people are asked what belongs to it, for hours: what one of them must
 * decide on does not wait until then.
 * @returns why it is on hold; undefined where no gate wants a person
 */
export async function holdForPerson(walk: Walk): Promise<string | undefined> {
  const { phase, rollback } = walk.diary.state;
  if ((phase !== "watch" && phase !== "ramp") || rollback !== undefined) return undefined;
  if (!walk.obstacles().some(({ needsPerson }) => needsPerson)) return undefined;
  await holdOrGoOn(walk, false);
  return walk.diary.state.held?.why;
}

/**
 * Milliseconds of the monotonic clock at which a phase has lasted so long; in a phase that was taken up again, the time
 * that it lasted before counts.
 */
export function phaseLasted(walk: Walk, seconds: number): number {
  const { phaseBegan, startedAt } = walk.diary.state;
  return lastedSince(walk, phaseBegan ?? startedAt, seconds);
}

/** Lets time pass until the phase has lasted so long, with its gates looked at. */
export function untilPhaseLasted(walk: Walk, seconds: number): Promise<void> {
  return lookUntil(walk, phaseLasted(walk, seconds));
}

/**
 * Lets time pass until the traffic has stood where it is for so long, with the phase's gates looked at: what was before is
 * kept for the way back until then.
 */
export function untilTrafficStood(walk: Walk, seconds: number): Promise<void> {
  return lookUntil(walk, trafficStood(walk, seconds));
}

/** Milliseconds of the monotonic clock at which the traffic has stood where it is for so long. */
export function trafficStood(walk: Walk, seconds: number): number {
  const { movedAt, startedAt } = walk.diary.state;
  return lastedSince(walk, movedAt ?? startedAt, seconds);
}

function lastedSince(walk: Walk, since: string, seconds: number): number {
  const { clock } = walk.parts;
  const lasted = clock.now().getTime() - Date.parse(since);
  return clock.monotonic() + (seconds * 1000) / clock.speed - Math.max(lasted, 0);
}

async function lookUntil(walk: Walk, until: number): Promise<void> {
  for (;;) {
    walk.look();
    await holdForPerson(walk);
    const left = until - walk.parts.clock.monotonic();
    if (left <= 0) return;
    await walk.sleep(Math.max(Math.min(left, walk.untilDue() ?? left), 1));
  }
}
