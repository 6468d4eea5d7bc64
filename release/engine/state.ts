import type { Phase } from "../../runbooks/vocabulary";
import type { GateState } from "../gates/gate-state";
import type { EntryOf, JournalRecord } from "../journal/entry";
import type { Plan } from "../plan/plan";
import { updatesStack } from "../plan/selection";
import { withCommand } from "./people-words";
import { percentAfter, stepsBack } from "./percent-after";

/** A verdict as it stands in the journal. */
export type StandingVerdict = EntryOf<"verdict"> & { readonly at: string };

/** What somebody said, and when it was written down. */
export type GivenCommand = EntryOf<"command"> & { readonly at: string };

/** Under this name stands in the journal what became of clients whom a cookie held on a slot. */
export const heldClientsEntry = "clients-held-by-cookie";

const givenPrefix = "traffic given by ";

/** Under this name a release is on hold for traffic that a step gave and that is not there any more. */
export function givenBy(step: string): string {
  return `${givenPrefix}${step}`;
}

export function isGivenBy(name: string): boolean {
  return name.startsWith(givenPrefix);
}

/** What a person let pass of a gate. */
export interface Waiver {
  readonly reason: string;
  /** What it said then; undefined for one that had said nothing in its minutes. */
  readonly verdict: StandingVerdict["verdict"] | undefined;
}

/** What a journal says about its release. Computed from the records alone, at any time and by anybody. */
export interface ReleaseState {
  readonly release: string;
  readonly plan: Plan;
  readonly startedBy: string;
  readonly startedAt: string;
  /** How much faster than life it is walked; 1 but in a rehearsal. */
  readonly speed: number;
  readonly phase?: Phase;
  readonly phaseBegan?: string;
  /** By step id: what was read back. */
  readonly done: ReadonlyMap<string, EntryOf<"done"> & { readonly at: string }>;
  /** Steps that began to act, in their order; those that are done as well. */
  readonly begun: readonly string[];
  /** By gate, the last verdict of the phase that it was given in. */
  readonly verdicts: ReadonlyMap<string, StandingVerdict>;
  readonly baselines: Readonly<Record<string, number>>;
  /** Why the traffic stays where it is, while it does. */
  readonly held?: EntryOf<"held"> & { readonly at: string };
  /** What it was on hold for when its process left; somebody's word on that comes after. */
  readonly left?: EntryOf<"held"> & { readonly at: string };
  /** Steps on the way back that cannot be done, and that a person left out. */
  readonly leftOut: ReadonlySet<string>;
  /**
   * Gates that a person let pass, until they say something else; of those that are watched, until the next phase or move
   * of traffic as well.
   */
  readonly waived: ReadonlyMap<string, Waiver>;
  /** When a person last let pass what a gate saw, by gate; it stands when the gate passes again. */
  readonly weighed: ReadonlyMap<string, string>;
  /** In their order; of a release that is taken back after its end, those since. */
  readonly commands: readonly GivenCommand[];
  /** Ids of all commands that are in the journal, or that it says are not heard any more. */
  readonly heard: ReadonlySet<string>;
  /** When somebody last answered the hold of a gate with `resume`: its minutes begin anew. */
  readonly againAt?: string;
  /** Roles that were asked, by entry. */
  readonly asked: ReadonlyMap<string, ReadonlySet<string>>;
  /** Messages that went out, or could not, by their entries. */
  readonly told: ReadonlySet<string>;
  /** Percent of the traffic that the candidate has, or is about to have. */
  readonly candidatePercent: number;
  /**
   * While a step that moves traffic is not done: percent that the candidate has meanwhile, two where a step before it broke
   * off. A weight counts as set from its intent on: its step is done once it was held.
   */
  readonly moving?: { readonly step: string; readonly least: number; readonly most: number };
  /** Whether the candidate got traffic at any time: from then on the way back is a rollback. */
  readonly trafficMoved: boolean;
  /** Percent of the traffic that the candidate has since the last step that moved any was done. */
  readonly servedPercent: number;
  /** When traffic moved last, or where none moves the stack was updated. */
  readonly movedAt?: string;
  readonly rollback?: EntryOf<"rollback"> & { readonly at: string };
  /** What became of those whom a ramp's cookie held on the slot when all traffic went back, in words. */
  readonly heldClients?: { readonly until: string; readonly free: boolean; readonly words: string };
  /** Since when what led to the rollback was seen by the gate that wanted it: before it had lasted for long enough. */
  readonly breachBegan?: string;
  /** That the data are restored, since somebody wanted it: what was confirmed before was meant for nothing, or for another time. */
  readonly confirmations: readonly GivenCommand[];
  /** Whether somebody wants the data restored as well; it can be said of a release that goes back already. */
  readonly restoreAsked: boolean;
  readonly stopped?: EntryOf<"stopped"> & { readonly at: string };
  readonly ended?: EntryOf<"ended"> & { readonly at: string };
  /** It had finished then, and somebody takes it back, or has. */
  readonly reopened?: EntryOf<"reopened"> & {
    readonly at: string;
    readonly finishedAt: string;
    /** What it had come to by then, which it has again when it stays live after all. */
    readonly before: Pick<ReleaseState, "phase" | "phaseBegan" | "told" | "verdicts">;
  };
  /** Who runs it now. */
  readonly runner: string;
}

type Changing = { -readonly [Key in keyof ReleaseState]: ReleaseState[Key] };

/**
 * @param records of one release, from the first one on
 * @throws Error when the first record does not start a release: the journal checks that before
 */
export function stateOf(records: readonly JournalRecord[]): ReleaseState {
  const [first] = records;
  if (first?.entry.kind !== "started") throw new Error("a journal begins with `started`");
  const { release, by, plan, speed = 1 } = first.entry;
  const state: Changing = {
    release,
    plan: plan as unknown as Plan,
    startedBy: by,
    startedAt: first.at,
    speed,
    done: new Map(),
    begun: [],
    verdicts: new Map(),
    baselines: {},
    waived: new Map(),
    weighed: new Map(),
    leftOut: new Set(),
    commands: [],
    heard: new Set(),
    confirmations: [],
    asked: new Map(),
    told: new Set(),
    candidatePercent: 0,
    servedPercent: 0,
    trafficMoved: false,
    restoreAsked: false,
    runner: by,
  };
  // Nobody has seen what is made here: its maps need not be copied for every record.
  return records.slice(1).reduce<ReleaseState>((before, record) => after(before, record, true), state);
}

/**
 * The state once one more record is written.
 * @param own whether the state before is the caller's alone, and may be changed. @default false
 */
export function after(state: ReleaseState, { at, entry }: JournalRecord, own = false): ReleaseState {
  switch (entry.kind) {
    case "phase":
      // What it was left for did not hold it any more.
      return {
        ...state,
        phase: entry.phase,
        phaseBegan: at,
        waived: waivedElsewhere(state),
        left: undefined,
      };
    case "intent":
      return withIntent(state, entry.step);
    case "done":
      return withDone(state, { ...entry, at }, own);
    case "verdict":
      return withVerdict(state, { ...entry, at }, own);
    case "baseline":
      return { ...state, baselines: { ...state.baselines, [entry.gate]: entry.value } };
    case "held":
      return { ...state, held: { ...entry, at }, left: undefined };
    case "goesOn":
      return { ...state, held: undefined };
    case "command":
      return withCommand(state, { ...entry, at });
    case "rollback":
      return withRollback(state, { ...entry, at });
    case "stopped":
      return { ...state, stopped: { ...entry, at }, held: undefined };
    case "takenOver":
      return {
        ...state,
        runner: entry.by,
        ...(isLookedAtAnew(state) && { held: undefined, left: state.held }),
      };
    case "ended":
      return withEnd(state, { ...entry, at });
    case "reopened":
      return withReopening(state, { ...entry, at });
    case "asked":
      return withAsked(state, entry);
    case "told":
      return { ...state, told: new Set(state.told).add(entry.entry) };
    case "recorded":
      return entry.entry === heldClientsEntry ? withHeldClients(state, entry.fields) : state;
    case "started":
    case "failed":
    case "incident":
    case "schedule":
      return state;
  }
}

/**
 * What a gate or a step waited for is looked at anew by the process that takes a release up; what a person holds stays held,
 * and so does what a migration did that went wrong while it ran: its next step would begin beside the first look.
 */
function isLookedAtAnew({ held, phase }: ReleaseState): boolean {
  if (held?.step !== undefined) return true;
  return held?.gate !== undefined && !(phase === "migrate" && held.needsPerson);
}

/** One that was to go back and stays live has been so since it finished: nothing of that way back counts any more. */
function withEnd(state: ReleaseState, ended: EntryOf<"ended"> & { readonly at: string }): ReleaseState {
  const { reopened } = state;
  if (reopened === undefined || ended.outcome !== "finished") return { ...state, ended, held: undefined };
  const back = new Set([...state.plan.rollback, ...state.plan.restore].map(({ id }) => id));
  return {
    ...state,
    ended: { ...ended, at: reopened.finishedAt },
    done: new Map([...state.done].filter(([id]) => !back.has(id))),
    begun: state.begun.filter((id) => !back.has(id)),
    candidatePercent: state.servedPercent,
    moving: undefined,
    phase: undefined,
    phaseBegan: undefined,
    ...reopened.before,
    reopened: undefined,
    rollback: undefined,
    breachBegan: undefined,
    restoreAsked: false,
    held: undefined,
  };
}

/**
 * Its way back begins with nothing of what was said before: what somebody let pass, answered or confirmed was meant for the
 * release as it stood then.
 */
function withReopening(
  state: ReleaseState,
  reopened: EntryOf<"reopened"> & { readonly at: string },
): ReleaseState {
  const { ended, held, left, againAt, heldClients, ...rest } = state;
  const { phase, phaseBegan, told, verdicts } = state;
  const before = {
    ...(phase !== undefined && { phase }),
    ...(phaseBegan !== undefined && { phaseBegan }),
    told,
    // The others may be written into as the journal goes on.
    verdicts: new Map(verdicts),
  };
  return {
    ...rest,
    plan: { ...state.plan, facts: reopened.facts as unknown as Plan["facts"] },
    reopened: { ...reopened, finishedAt: ended?.at ?? reopened.at, before },
    runner: reopened.runner,
    commands: [],
    confirmations: [],
    heard: new Set([...state.heard, ...reopened.passedOver]),
    asked: new Map(),
    waived: new Map(),
    weighed: new Map(),
    leftOut: new Set(),
    restoreAsked: reopened.restore === true,
  };
}

function withVerdict(state: ReleaseState, verdict: StandingVerdict, own: boolean): ReleaseState {
  const verdicts = changeable(state.verdicts, own).set(verdict.gate, verdict);
  // What a person let pass is what was seen then: what is seen otherwise is asked about anew.
  const waiver = state.waived.get(verdict.gate);
  if (waiver === undefined || verdict.verdict === waiver.verdict) return { ...state, verdicts };
  const waived = new Map(state.waived);
  waived.delete(verdict.gate);
  return { ...state, verdicts, waived };
}

/** Without those that are watched: in a new phase, and where traffic has moved, they are looked at anew. */
function waivedElsewhere({ waived, plan }: ReleaseState): ReleaseState["waived"] {
  if (waived.size === 0) return waived;
  return new Map([...waived].filter(([gate]) => plan.watched.every(({ entry }) => entry !== gate)));
}

function withRollback(state: ReleaseState, rollback: NonNullable<ReleaseState["rollback"]>): ReleaseState {
  const seen = rollback.gate === undefined ? undefined : gateStateOf(state, rollback.gate);
  const breaches = [...(seen?.beyond ?? []), seen?.outside].flatMap((breach) => breach?.since ?? []);
  const [breachBegan] = breaches.sort();
  return { ...state, rollback, held: undefined, ...(breachBegan !== undefined && { breachBegan }) };
}

function withIntent(state: ReleaseState, step: string): ReleaseState {
  const begun = state.begun.includes(step) ? state.begun : [...state.begun, step];
  const percent = percentAfter(state.plan, step);
  if (percent === undefined) return { ...state, begun };
  return {
    ...state,
    begun,
    // What somebody said to traffic that was gone counts until it is given again: it may be taken back once more.
    ...(percent > 0 && { leftOut: new Set([...state.leftOut].filter((name) => !isGivenBy(name))) }),
    // A process that takes the step up moves nothing that was not about to be moved when somebody let a gate pass.
    ...(!state.begun.includes(step) && { waived: waivedElsewhere(state) }),
    candidatePercent: percent,
    moving: movingBy(state, step),
    trafficMoved: state.trafficMoved || percent > 0,
  };
}

/** Tried once more, a step goes on from where it began. */
function movingBy({ plan, moving, candidatePercent }: ReleaseState, step: string): ReleaseState["moving"] {
  if (moving?.step === step) return moving;
  if (plan.steps.some(({ id, does }) => id === step && does.as === "weight")) return undefined;
  const { least, most } = moving ?? { least: candidatePercent, most: candidatePercent };
  return { step, least: Math.min(least, candidatePercent), most: Math.max(most, candidatePercent) };
}

function withDone(
  state: ReleaseState,
  done: EntryOf<"done"> & { readonly at: string },
  own: boolean,
): ReleaseState {
  const percent = percentAfter(state.plan, done.step);
  return {
    ...state,
    done: changeable(state.done, own).set(done.step, done),
    ...(percent !== undefined && { movedAt: done.at, servedPercent: percent, moving: undefined }),
    ...(isUpdate(state.plan, done.step) && { movedAt: done.at }),
  };
}

/** Of several slots the one whose clients are still held. */
function withHeldClients(
  state: ReleaseState,
  { until, free, words }: EntryOf<"recorded">["fields"],
): ReleaseState {
  if (state.heldClients?.free === false) return state;
  return { ...state, heldClients: { until: String(until), free: free === true, words: String(words) } };
}

function withAsked(state: ReleaseState, { entry, role }: EntryOf<"asked">): ReleaseState {
  const roles = new Set(state.asked.get(entry)).add(role);
  return { ...state, asked: new Map(state.asked).set(entry, roles) };
}

/** What a gate remembers of the phase that runs now. */
export function gateStateOf(state: ReleaseState, gate: string): GateState | undefined {
  const standing = state.verdicts.get(gate);
  return standing?.phase === state.phase ? (standing?.state as unknown as GateState) : undefined;
}

function changeable<Key, Value>(map: ReadonlyMap<Key, Value>, own: boolean): Map<Key, Value> {
  return own ? (map as Map<Key, Value>) : new Map(map);
}

/**
 * Whether something was changed that people get, so that the way on leads to the end or back: the candidate got traffic, or of
 * a release that deploys nothing the update of the stack began.
 */
export function hasChanged({
  plan,
  begun,
  trafficMoved,
}: Pick<ReleaseState, "plan" | "begun" | "trafficMoved">): boolean {
  return trafficMoved || (plan.stack !== undefined && begun.some((id) => isUpdate(plan, id)));
}

/** Whether a step that takes all traffic back is done. */
export function wentBack({ plan, done }: Pick<ReleaseState, "plan" | "done">): boolean {
  return stepsBack(plan).some((id) => done.has(id));
}

/** Whether a step is what a release that deploys nothing consists of. */
function isUpdate({ stack, steps, entries }: Plan, id: string): boolean {
  if (stack === undefined) return false;
  const step = steps.find((each) => each.id === id);
  return step !== undefined && updatesStack(entries[step.entry]);
}
