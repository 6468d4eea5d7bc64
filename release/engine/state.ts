import type { Phase } from "../../runbooks/vocabulary";
import type { GateState } from "../gates/gate-state";
import type { EntryOf, JournalRecord } from "../journal/entry";
import type { Plan } from "../plan/plan";

/** A verdict as it stands in the journal. */
export type StandingVerdict = EntryOf<"verdict"> & { readonly at: string };

/** What a journal says about its release. Computed from the records alone, at any time and by anybody. */
export interface ReleaseState {
  readonly release: string;
  readonly plan: Plan;
  readonly startedBy: string;
  readonly startedAt: string;
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
  /** Gates that a person let pass, with the reason, until they say something else. */
  readonly waived: ReadonlyMap<string, string>;
  readonly commands: readonly EntryOf<"command">[];
  readonly rollback?: EntryOf<"rollback"> & { readonly at: string };
  readonly ended?: EntryOf<"ended"> & { readonly at: string };
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
  const { release, by, plan } = first.entry;
  const state: Changing = {
    release,
    plan: plan as unknown as Plan,
    startedBy: by,
    startedAt: first.at,
    done: new Map(),
    begun: [],
    verdicts: new Map(),
    baselines: {},
    waived: new Map(),
    commands: [],
    runner: by,
  };
  return records.slice(1).reduce<ReleaseState>(after, state);
}

/** The state once one more record is written. */
export function after(state: ReleaseState, { at, entry }: JournalRecord): ReleaseState {
  switch (entry.kind) {
    case "phase":
      return { ...state, phase: entry.phase, phaseBegan: at };
    case "intent":
      return state.begun.includes(entry.step) ? state : { ...state, begun: [...state.begun, entry.step] };
    case "done":
      return { ...state, done: new Map(state.done).set(entry.step, { ...entry, at }) };
    case "verdict":
      return withVerdict(state, { ...entry, at });
    case "baseline":
      return { ...state, baselines: { ...state.baselines, [entry.gate]: entry.value } };
    case "held":
      return { ...state, held: { ...entry, at } };
    case "goesOn":
      return { ...state, held: undefined };
    case "command":
      return withCommand(state, entry);
    case "rollback":
      return { ...state, rollback: { ...entry, at }, held: undefined };
    case "takenOver":
      return { ...state, runner: entry.by };
    case "ended":
      return { ...state, ended: { ...entry, at }, held: undefined };
    case "started":
    case "failed":
    case "asked":
    case "told":
    case "recorded":
      return state;
  }
}

function withVerdict(state: ReleaseState, verdict: StandingVerdict): ReleaseState {
  const verdicts = new Map(state.verdicts).set(verdict.gate, verdict);
  // What a person let pass is what was seen then: once it passes, a new fault is asked about anew.
  if (verdict.verdict !== "pass" || !state.waived.has(verdict.gate)) return { ...state, verdicts };
  const waived = new Map(state.waived);
  waived.delete(verdict.gate);
  return { ...state, verdicts, waived };
}

function withCommand(state: ReleaseState, command: EntryOf<"command">): ReleaseState {
  const commands = [...state.commands, command];
  if (command.command !== "promote") return { ...state, commands };
  const waived = new Map(state.waived);
  for (const [gate, { verdict }] of state.verdicts) {
    if (verdict === "hold" || verdict === "inconclusive") waived.set(gate, command.reason ?? "");
  }
  return { ...state, commands, waived };
}

/** What a gate remembers of the phase that runs now. */
export function gateStateOf(state: ReleaseState, gate: string): GateState | undefined {
  const standing = state.verdicts.get(gate);
  return standing?.phase === state.phase ? (standing?.state as unknown as GateState) : undefined;
}

/** Whether the candidate got traffic at any time: from then on the way back is a rollback. */
export function trafficMoved({ plan, begun }: ReleaseState): boolean {
  return plan.steps.some(
    ({ id, phase }) => (phase === "ramp" || phase === "switch") && isTraffic(plan, id, begun),
  );
}

function isTraffic(plan: Plan, id: string, begun: readonly string[]): boolean {
  if (!begun.includes(id)) return false;
  const step = plan.steps.find((candidate) => candidate.id === id)!;
  if (step.does.as === "weight") return step.does.percent > 0;
  const entry = plan.entries[step.entry];
  return entry?.word === "step" && entry.does.action === "traffic" && entry.does.move !== "warmUp";
}
