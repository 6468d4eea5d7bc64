import { companyStep } from "../engine/company";
import { isHeldByWord, reasonsIn } from "../engine/people-words";
import type { ReleaseState } from "../engine/state";
import { trafficShare } from "../engine/traffic-share";
import type { Command } from "../journal/journal";
import { neededBy } from "./order";
import type { TrainMember } from "./train";
import type { MemberEnd, TrainState } from "./train-state";

/** One release of a train as its own journal has it. */
export interface Standing {
  readonly member: TrainMember;
  readonly begun: boolean;
  /** Absent while it has no journal. */
  readonly state?: ReleaseState;
  /** Once the train has written down how it ended. */
  readonly over?: MemberEnd;
  /** Whether this process walks it now. */
  readonly runs: boolean;
}

/**
 * All of its traffic is on the new side and the runbook's checks after the switch have passed: from here on the runbook
 * only watches. What needs it can begin, and as long as it has not finished it can still go back.
 */
export function serves({ state, over }: Standing): boolean {
  if (over !== undefined) return over.outcome === "finished";
  if (state === undefined || state.rollback !== undefined || state.stopped !== undefined) return false;
  if (state.ended !== undefined) return state.ended.outcome === "finished";
  if (state.held !== undefined && state.held.step !== companyStep) return false;
  return (state.phase === "watch" || state.phase === "finish") && state.servedPercent === 100;
}

/** Whether two states of one release are the same to the others of its train: most of what is written is not. */
export function standsAsBefore(before: ReleaseState | undefined, state: ReleaseState): boolean {
  if (before === undefined) return false;
  if (state.rollback !== undefined && before.done !== state.done) return false;
  return told.every((fact) => before[fact] === state[fact]);
}

const told = [
  "phase",
  "held",
  "rollback",
  "stopped",
  "ended",
  "servedPercent",
  "trafficMoved",
  "commands",
] as const satisfies readonly (keyof ReleaseState)[];

/** It does not become live, or does not stay so. */
export function fails({ state, over }: Standing): boolean {
  const outcome = over?.outcome ?? state?.ended?.outcome;
  if (outcome !== undefined) return outcome !== "finished";
  return state?.rollback !== undefined || state?.stopped !== undefined;
}

/** None of its traffic is on the new side, and none will be. */
export function isOff({ begun, state, over }: Standing): boolean {
  if (!begun || over !== undefined) return true;
  if (state === undefined) return false;
  if (state.ended !== undefined || state.stopped !== undefined) return true;
  return state.rollback !== undefined && isBack(state);
}

/** What moves traffic back, or deploys what was before, is done. */
function isBack({ plan, done }: ReleaseState): boolean {
  return plan.rollback.every(
    ({ id, phase, does }) => phase !== "rollback" || does.as !== "action" || done.has(id),
  );
}

/** Whether a release that must go before another one does is still in its way. */
export function isInTheWay(standing: Standing): boolean {
  const { state, runs } = standing;
  if (isOff(standing)) return false;
  // Whoever begins is told before the first step.
  if (state === undefined) return false;
  if (!state.trafficMoved) return runs;
  return !isStuck(state);
}

/** On its way back it waits for a person, with the reason in its journal. */
function isStuck({ rollback, held }: ReleaseState): boolean {
  return rollback !== undefined && held?.needsPerson === true;
}

/** Why a release goes back, in words. */
function whyItFails({ member, state, over }: Standing): string {
  const why = over?.why ?? state?.rollback?.why ?? state?.stopped?.why ?? state?.ended?.why;
  const outcome =
    over?.outcome ?? state?.ended?.outcome ?? (state?.rollback ? "rolledBack" : state?.stopped?.outcome);
  return `${member.system} ${member.manifest.version} ${outcomeWords[outcome ?? "refused"]}: ${why ?? "nobody knows why"}`;
}

const outcomeWords = {
  finished: "is live",
  rolledBack: "is rolled back",
  refused: "was refused",
  aborted: "was aborted",
  notBegun: "did not begin",
} as const satisfies Record<MemberEnd["outcome"], string>;

/** A failed release that this one needs. */
function failedBefore(standings: readonly Standing[], { member }: Standing): Standing | undefined {
  const needed = neededBy(
    standings.map((one) => one.member),
    member.system,
  );
  return standings.find((one) => needed.has(one.member.system) && fails(one));
}

export type Next = { readonly skip: string; readonly why: string } | { readonly begin: string };

/**
 * What the train does next, if anything: one release moves at a time, so that what changes can be told from what it
 * changes; the next one begins when all before it serve, or are over.
 */
export function nextOf(standings: readonly Standing[], { back, hold }: TrainState): Next | undefined {
  for (const standing of standings) {
    if (standing.begun || standing.over !== undefined) continue;
    const { system } = standing.member;
    if (back !== undefined)
      return { skip: system, why: `${back.command} of the train by ${back.by}: ${back.reason ?? ""}` };
    const failed = failedBefore(standings, standing);
    if (failed !== undefined) return { skip: system, why: whyItFails(failed) };
  }
  if (hold !== undefined) return undefined;
  const first = standings.find((standing) => !serves(standing) && !isOver(standing));
  return first === undefined || first.begun ? undefined : { begin: first.member.system };
}

/** Nothing more moves in it; what people are still asked afterwards keeps nobody. */
function isOver(standing: Standing): boolean {
  return standing.begun ? isOff(standing) : standing.over !== undefined;
}

/** What must come before a release may give up its way back, in words. */
export function beforeFinishOf(
  system: string,
  standings: readonly Standing[],
  train: TrainState,
): string | undefined {
  if (train.back !== undefined) return "the train goes back";
  const needed = neededBy(
    standings.map(({ member }) => member),
    system,
  );
  for (const standing of standings) {
    const { member, over, state } = standing;
    if (member.system === system) continue;
    const name = `${member.system} ${member.manifest.version}`;
    if (needed.has(member.system)) {
      if ((over ?? state?.ended)?.outcome !== "finished") return `${name}, which it needs, has not finished`;
    } else if (!serves(standing) && !fails(standing))
      return `${name} does not serve yet, and all can still go back`;
  }
  return undefined;
}

/** Those that must have gone back before this one does: what needs it, or all behind it when the train goes back. */
export function beforeBackOf(
  system: string,
  standings: readonly Standing[],
  { back }: TrainState,
): readonly Standing[] {
  const place = standings.findIndex(({ member }) => member.system === system);
  const members = standings.map(({ member }) => member);
  return standings.filter(
    ({ member }, index) =>
      (back !== undefined && index > place) || neededBy(members, member.system).has(system),
  );
}

/** What the train has to say to a release that is under way, and has not said yet. */
export function wordFor(
  standing: Standing,
  standings: readonly Standing[],
  train: TrainState,
  now: Date,
): Command | undefined {
  const { begun, over, state } = standing;
  if (!begun || over !== undefined || state?.ended !== undefined) return undefined;
  if (state?.rollback !== undefined || state?.stopped !== undefined) return undefined;
  const word = backFor(standing, standings, train) ?? stayFor(standing, train);
  if (word === undefined || state?.commands.some(({ id }) => id === word.id)) return undefined;
  return { ...word, at: now.toISOString() };
}

type Word = Pick<Command, "id" | "command" | "by" | "reason">;

function backFor(
  standing: Standing,
  standings: readonly Standing[],
  { id, back }: TrainState,
): Word | undefined {
  const word = { id: `${id}-back`, command: "rollback" } as const;
  if (back !== undefined)
    return {
      ...word,
      by: back.by,
      reason: `${back.command} of train ${id}: ${back.reason ?? `by ${back.by}`}`,
    };
  const failed = failedBefore(standings, standing);
  return failed && { ...word, by: "switchyard", reason: `it needs what goes back: ${whyItFails(failed)}` };
}

const heldByTrain = "hold of the train";

/** A hold of the train stops what moves; what serves is only watched, and stays that. */
function stayFor(standing: Standing, { commands, hold, goesOn }: TrainState): Word | undefined {
  const said = (word: Word): Word => ({
    id: word.id,
    command: word.command,
    by: word.by,
    reason: word.reason,
  });
  if (hold !== undefined)
    return serves(standing) ? undefined : said({ ...hold, reason: hold.reason ?? heldByTrain });
  const { state } = standing;
  if (goesOn === undefined || state === undefined || !isHeldByWord(state)) return undefined;
  // What somebody holds the release itself for, and a gate that holds it since, are answered there.
  const ours = commands.flatMap(({ command, reason = heldByTrain }) =>
    command === "hold" ? reasonsIn(reason) : [],
  );
  const isOurs = reasonsIn(state.held!.why).every((reason) => ours.includes(reason));
  return isOurs ? said({ ...goesOn, command: "resume" }) : undefined;
}

/** How a train ended whose releases are all over. */
export function endOf(
  standings: readonly Standing[],
  { back }: TrainState,
): { outcome: Exclude<MemberEnd["outcome"], "notBegun">; why: string } {
  const ends = standings.map(({ over }) => over?.outcome);
  const why = standings.map(whyOver).join("; ");
  if (ends.every((outcome) => outcome === "finished")) return { outcome: "finished", why };
  if (ends.includes("rolledBack")) return { outcome: "rolledBack", why };
  if (back !== undefined || ends.includes("aborted")) return { outcome: "aborted", why };
  return { outcome: "refused", why };
}

function whyOver(standing: Standing): string {
  const { member, over } = standing;
  if (over?.outcome === "finished") return `${member.system} ${member.manifest.version} is live`;
  return whyItFails(standing);
}

/** How much traffic each has on its new side, for whoever is left alone with it. */
export function trafficOf(standings: readonly Standing[]): string {
  const places = standings.flatMap(({ member, state }) =>
    state === undefined ? [] : [`${member.system} with ${onNewSide(state)}`],
  );
  return places.length === 0 ? "nothing has begun" : `${places.join(", ")}, and nobody watches it`;
}

function onNewSide(state: ReleaseState): string {
  const { has, going } = trafficShare(state);
  return `${has} on the new side${going}`;
}
