import type { GivenCommand, ReleaseState } from "./state";
import { answerHolds, followsNo } from "./waiting";

/** What people say to a release, and what becomes of its state by that (docs/adr/0145, docs/adr/0147). */

/** The state once somebody has said something. */
export function withCommand(before: ReleaseState, command: GivenCommand): ReleaseState {
  return withWord(withCounted(before, command), command);
}

/** With what it is counted for: a restore, a confirmation, what is let pass. */
function withCounted(before: ReleaseState, command: GivenCommand): ReleaseState {
  const commands = [...before.commands, command];
  const state = { ...before, heard: new Set(before.heard).add(command.id) };
  if (command.command === "rollback" && command.restore === true)
    return { ...state, commands, ...withRestoreAsked(state) };
  if (command.command === "confirm" && state.restoreAsked)
    return { ...state, commands, confirmations: [...state.confirmations, command] };
  if (command.command !== "promote") return { ...state, commands };
  const { step, gate, gates = [] } = state.held ?? state.left ?? {};
  const waived = new Map(state.waived);
  const weighed = new Map(state.weighed);
  for (const one of gate === undefined ? [] : [gate, ...gates]) {
    waived.set(one, { reason: command.reason ?? "", verdict: state.verdicts.get(one)?.verdict });
    weighed.set(one, command.at);
  }
  const leftOut = step === undefined ? state.leftOut : new Set(state.leftOut).add(step);
  return { ...state, commands, waived, weighed, leftOut };
}

/** Wanted for the first time, or again after somebody had left the data as they are, it is confirmed anew. */
function withRestoreAsked({ plan, leftOut, restoreAsked, asked }: ReleaseState): Partial<ReleaseState> {
  const isLeftOut = plan.restore.some(({ id }) => leftOut.has(id));
  if (restoreAsked && !isLeftOut) return {};
  const own = new Set(plan.restore.map(({ id }) => id));
  const entries = new Set(plan.restore.map(({ entry }) => entry));
  return {
    restoreAsked: true,
    confirmations: [],
    leftOut: new Set([...leftOut].filter((id) => !own.has(id))),
    asked: new Map([...asked].filter(([entry]) => !entries.has(entry))),
  };
}

/** Somebody's word holds from when it is written: a process that ends before `held` or `goesOn` loses none. */
function withWord(state: ReleaseState, given: GivenCommand): ReleaseState {
  const { command, at } = given;
  if (command === "promote") return { ...state, held: undefined };
  if (command === "resume") {
    const { gate } = state.held ?? state.left ?? {};
    return { ...state, held: undefined, ...(gate !== undefined && { againAt: at }) };
  }
  const said = isOnTheWayBack(state) ? undefined : wordThatHolds(state, given);
  if (said === undefined) return state;
  const { held } = state;
  if (held === undefined || !isHeldByWord(state))
    return { ...state, held: { kind: "held", why: said, needsPerson: true, at } };
  // Who answers answers both, and has to know of both.
  const why = withReason(held.why, said);
  return why === held.why ? state : { ...state, held: { kind: "held", why, needsPerson: true, at } };
}

const alsoHeld = "; also ";

/** What several people hold something for, each reason once. */
export function withReason(why: string, said: string): string {
  return [...reasonsIn(why), ...reasonsIn(said).filter((one) => !reasonsIn(why).includes(one))].join(
    alsoHeld,
  );
}

export function reasonsIn(why: string): readonly string[] {
  return why.split(alsoHeld);
}

/** Whether what was begun is taken back, or all traffic is: nobody holds that. */
export function isOnTheWayBack({
  rollback,
  stopped,
  reopened,
}: Pick<ReleaseState, "rollback" | "stopped" | "reopened">): boolean {
  return rollback !== undefined || stopped !== undefined || reopened !== undefined;
}

/**
 * What a person holds the release for: a `hold`; and an answer on which the contract holds, to a question for which nobody
 * waits any more.
 */
function wordThatHolds(
  { plan, done }: ReleaseState,
  { command, by, reason, entry: name, answer }: GivenCommand,
): string | undefined {
  if (command === "hold") return reason ?? `hold by ${by}`;
  const entry = name === undefined ? undefined : plan.entries[name];
  if (command !== "answer" || entry?.word !== "manual") return undefined;
  if (followsNo(entry) !== "hold") return undefined;
  const isOver = plan.steps.some((step) => step.entry === name && done.has(step.id));
  const { holds, why } = answerHolds(entry, answer);
  return isOver && !holds ? `${entry.role}: ${why}` : undefined;
}

/** Whether somebody's `hold` is what holds it: neither a gate's nor a step's, so that only a person's word ends it. */
export function isHeldByWord({ held }: Pick<ReleaseState, "held">): boolean {
  return held?.needsPerson === true && held.gate === undefined && held.step === undefined;
}
