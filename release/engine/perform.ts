import type { DataContext } from "../data/data-adapter";
import type { PlanStep } from "../plan/plan";
import { onlyReadies } from "../plan/way-back";
import { minutesBeforePhase } from "../schedule/ahead";
import { type ActionContext, act, isStep } from "./actions";
import { approval, question } from "./ask";
import { attempt } from "./attempts";
import { dwell, holdOrGoOn, phaseLasted, trafficStood, untilNothingHolds, untilTrafficStood } from "./dwell";
import { fieldsOf } from "./fields";
import { goOnWithout } from "./go-on-without";
import { canBeLeftOut, onlyTidies } from "./left-out";
import type { EntryOfWord, Gate } from "./parts";
import { passGate } from "./pass-gate";
import { hasChanged } from "./state";
import { Refuse } from "./turns";
import { untilAnnounced } from "./until-announced";
import { untilDone } from "./until-done";
import type { Walk } from "./walk";

/**
 * Carries out one step and writes down that it is done.
 *
 * @param back on the way back, where nothing is refused: what fails waits for a person
 * @throws the turn that the release takes instead
 */
export async function perform(walk: Walk, step: PlanStep, back: boolean): Promise<void> {
  const entry = walk.plan.entries[step.entry]!;
  const { does } = step;
  switch (does.as) {
    case "gate":
      return passGate(walk, step, entry as Gate, back);
    case "evidence":
      return evidence(walk, step, entry as EntryOfWord<"evidence">);
    case "approval":
      return approval(walk, step, entry as EntryOfWord<"approval">);
    case "question":
      // Where nothing is carried out on the way back, what is told at its beginning goes out with the first question.
      if (step.tells.length > 0)
        walk.tellAll(({ name }) => step.tells.includes(name) && !walk.diary.state.told.has(name));
      return question(walk, step, entry as EntryOfWord<"manual">, does.afterSeconds ?? 0);
    case "message":
      // That all is well so long after is told when it is, and by a release that is not on hold.
      if (does.afterSeconds) await untilNothingHolds(walk, phaseLasted(walk, does.afterSeconds));
      return message(walk, step, entry as EntryOfWord<"notify">);
    case "record":
      return record(walk, step, entry as EntryOfWord<"record">);
    case "wait":
      return untilAnnounced(walk, step);
    case "watch":
      return dwell(walk, step, endOfWatch[does.since ?? "phase"](walk, does.seconds));
    case "weight":
      await action(walk, step, back);
      return dwell(walk, step, fromNow(walk, does.holdSeconds));
    case "action":
      return action(walk, step, back);
  }
}

/** What was told before is not told again: by the schedule of the release, or while what comes before it was done. */
async function message(walk: Walk, step: PlanStep, entry: EntryOfWord<"notify">): Promise<void> {
  const { plan, diary } = walk;
  const before = plan.scheduled?.told[entry.name];
  const left = entry.channels.filter((_, channel) => before?.channels.includes(channel) !== true);
  if (left.length === 0) return walk.done(step, { toldAt: before!.at }, 0);
  if (minutesBeforePhase(entry) !== undefined) {
    await walk.messagesOut();
    if (diary.state.told.has(entry.name)) return walk.done(step, { told: "before the phase" }, 0);
  }
  return walk.done(step, await walk.tell({ ...entry, channels: left }), 0);
}

/** Milliseconds of the monotonic clock. */
const endOfWatch = { phase: phaseLasted, traffic: trafficStood, steps: fromNow };

function fromNow({ parts: { clock } }: Walk, seconds: number): number {
  return clock.monotonic() + (seconds * 1000) / clock.speed;
}

async function evidence(walk: Walk, step: PlanStep, entry: EntryOfWord<"evidence">): Promise<void> {
  const { holds, why } = await walk.parts.evidence(entry, walk.plan);
  walk.parts.progress(`${entry.name}: ${holds ? "there" : "missing"} – ${why}`);
  if (!holds) throw new Refuse(`${step.title}: ${why}`);
  return walk.done(step, { why }, 0);
}

async function record(walk: Walk, step: PlanStep, entry: EntryOfWord<"record">): Promise<void> {
  let fields: Readonly<Record<string, string>> = {};
  // What cannot be written down now is no reason to take back what is live: it waits.
  await untilDone(walk, step.id, async () => {
    fields = await walk.parts.record(entry, fieldsOf(walk.diary.state));
  });
  await walk.diary.write({ kind: "recorded", entry: step.entry, fields: { ...fields } });
  return walk.done(step, fields, 0);
}

async function action(walk: Walk, step: PlanStep, back: boolean): Promise<void> {
  const { clock, progress } = walk.parts;
  const entry = walk.plan.entries[step.entry];
  if (!isStep(entry)) throw new Error(`${step.id}: ${step.entry} is no step`);
  if (entry.does.action === "scale" && entry.does.afterMinutes !== undefined)
    await untilTrafficStood(walk, entry.does.afterMinutes * 60);
  // It may have waited for long: what somebody said meanwhile counts.
  if (!back) await walk.safePoint(step);
  await walk.diary.write({ kind: "intent", step: step.id });
  progress(step.action);
  if (step.tells.length > 0) walk.tellAll(({ name }) => step.tells.includes(name));
  for (;;) {
    const trying = attempt(step, (limit) => act(step, entry, contextOf(walk, limit)), {
      clock,
      diary: walk.diary,
      signal: walk.signal,
    });
    const outcome = await (back ? trying : watched(walk, step, trying));
    if ("seen" in outcome) {
      if (step.does.as !== "weight") await walk.done(step, outcome.seen, outcome.milliseconds);
      return;
    }
    if (!back && !onlyTidies(entry)) throw new Refuse(`${step.title}: ${outcome.why}`);
    if (onlyReadies(walk.plan.rollback, walk.plan.entries, step.id))
      return goOnWithout(walk, step, `not waited for: ${step.title}: ${outcome.why}`, { why: outcome.why });
    const isLeftOut = () => canBeLeftOut(entry) && walk.diary.state.leftOut.has(step.id);
    // It may have been left out when no process ran it: it was tried once more, and fails still.
    if (!isLeftOut()) {
      await walk.hold({ why: `${step.title}: ${outcome.why}`, step: step.id, needsPerson: true });
      while (walk.diary.state.held !== undefined) await walk.stay(outcome.why);
    }
    if (isLeftOut()) return leaveOut(walk, step, outcome.why);
  }
}

/**
 * Done while the gates of the phase are looked at. A migration goes on when one of them says no, as half of one would be
 * worse; nothing begins after it until a person has decided.
 */
function watched<T>(walk: Walk, { phase }: PlanStep, trying: Promise<T>): Promise<T> {
  if (phase === "migrate") return walk.lookingOn(trying, () => holdOrGoOn(walk, false));
  return hasChanged(walk.diary.state) ? walk.lookingOn(trying) : trying;
}

function leaveOut(walk: Walk, step: PlanStep, why: string): Promise<void> {
  const said = walk.diary.state.commands.findLast(({ command }) => command === "promote");
  return walk.done(step, { leftOut: why, by: said?.by, reason: said?.reason }, 0);
}

function contextOf(walk: Walk, limit: AbortSignal): ActionContext {
  const { plan, release } = walk.diary.state;
  const { clock, progress } = walk.parts;
  const data: DataContext = {
    facts: plan.facts,
    manifest: plan.manifest,
    release,
    candidate: plan.to.sides,
    clock,
    progress,
    signal: walk.signal,
    limit,
  };
  return {
    parts: walk.parts,
    diary: walk.diary,
    fields: fieldsOf(walk.diary.state),
    signal: AbortSignal.any([walk.signal, limit]),
    limit,
    data,
  };
}
