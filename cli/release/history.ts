import { heldWithin } from "../../release/engine/durations";
import type { ReleaseState } from "../../release/engine/state";
import { durationWords } from "../../release/plan/words";
import { holdsFor } from "../../runbooks/holds-for";
import type { Contract, Entry } from "../../runbooks/vocabulary";

type Target = Extract<Entry, { word: "target" }>;
type Operator = NonNullable<Target["figure"]>["operator"];

export interface HistoryRow {
  readonly release: string;
  readonly from: string | null;
  readonly to: string;
  /** How many resources a release of infrastructure alone changed, or meant to; absent for every other. */
  readonly stackChanges?: number;
  readonly startedAt: string;
  readonly outcome: string;
  /** From its start to its end; of one that was taken back later, to when it had finished. */
  readonly seconds: number | null;
  /** When it had finished, of one that was taken back after that. */
  readonly finishedAt: string | null;
  readonly why: string | null;
  /** How much faster than life it was walked; 1 but in a rehearsal. */
  readonly speed: number;
}

/** Over the releases that moved traffic or changed their stack: finished ones and rolled back ones. Null: none yet. */
export interface HistoryFigures {
  readonly releases: number;
  readonly rollbackRatePercent: number | null;
  /**
   * From the moment at which the fault was seen until traffic, and data where they were restored, stood as before, mean over
   * the rollbacks. What is watched and written afterwards is no part of it.
   */
  readonly meanTimeToRecoverySeconds: number | null;
  /** Mean over the finished ones. */
  readonly releaseSeconds: number | null;
}

export interface HistoryTarget {
  readonly name: string;
  readonly title: string;
  /** What the runbook wants, in words. */
  readonly wanted: string;
  /** Seconds, or the figure; absent while no release has come to it. */
  readonly measured?: number;
  readonly met?: boolean;
}

export interface History {
  readonly releases: readonly HistoryRow[];
  readonly figures: HistoryFigures;
  readonly targets: readonly HistoryTarget[];
}

/**
 * What became of a system's releases, and how they stand to the targets of its runbook. Rehearsals in fast motion are
 * listed, and measured by nothing.
 *
 * @param states the newest first
 */
export function historyOf({ entries }: Contract, states: readonly ReleaseState[]): History {
  const real = states.filter(({ speed }) => speed === 1);
  const figures = figuresOf(real);
  return {
    releases: states.map(rowOf),
    figures,
    targets: entries.flatMap((entry) => (entry.word === "target" ? [targetOf(entry, real, figures)] : [])),
  };
}

function rowOf({ release, plan, startedAt, ended, reopened, rollback, speed }: ReleaseState): HistoryRow {
  const over = reopened?.finishedAt ?? ended?.at;
  return {
    release,
    from: plan.from.version ?? null,
    to: plan.manifest.version,
    ...(plan.stack !== undefined && { stackChanges: plan.stack.changes.length }),
    startedAt,
    outcome: ended?.outcome ?? "unfinished",
    seconds: over === undefined ? null : secondsBetween(startedAt, over),
    finishedAt: reopened?.finishedAt ?? null,
    why: reopened?.why ?? rollback?.why ?? ended?.why ?? null,
    speed,
  };
}

function figuresOf(states: readonly ReleaseState[]): HistoryFigures {
  const back = states.filter(({ ended }) => ended?.outcome === "rolledBack");
  const finished = states.filter(({ ended }) => ended?.outcome === "finished");
  const moved = back.length + finished.length;
  return {
    releases: states.length,
    rollbackRatePercent: moved === 0 ? null : Math.round((1000 * back.length) / moved) / 10,
    meanTimeToRecoverySeconds: mean(
      back.map((state) => secondsBetween(state.rollback!.seenAt, recoveredAt(state))),
    ),
    releaseSeconds: mean(finished.map(({ startedAt, ended }) => secondsBetween(startedAt, ended!.at))),
  };
}

/** When the last step was done that brings traffic or data back; of one that has none, when it had ended. */
function recoveredAt({ plan, done, ended }: ReleaseState): string {
  const steps = [...plan.rollback.filter(({ phase }) => phase === "rollback"), ...plan.restore];
  const times = steps.flatMap(({ id }) => done.get(id)?.at ?? []);
  return times.sort().at(-1) ?? ended!.at;
}

function targetOf(target: Target, states: readonly ReleaseState[], figures: HistoryFigures): HistoryTarget {
  const { name, title, figure, atMostSeconds, atLeastSeconds, span, holdsApart } = target;
  if (figure !== undefined) {
    const wanted = `${figure.of} ${figure.operator} ${figure.limit}`;
    const value = figure.of in figures ? figures[figure.of as keyof HistoryFigures] : null;
    if (value === null) return { name, title, wanted };
    return { name, title, wanted, measured: value, met: compare(value, figure.operator, figure.limit) };
  }
  const limits = [
    ...(atMostSeconds === undefined ? [] : [`at most ${durationWords(atMostSeconds)}`]),
    ...(atLeastSeconds === undefined ? [] : [`at least ${durationWords(atLeastSeconds)}`]),
  ];
  const apart = holdsApart ? ", holds of the ramp apart" : "";
  const wanted = `${limits.join(", ")} from ${span.from} to ${span.to}${apart}`;
  // By releases that it holds for: of a release of code, one of infrastructure says nothing.
  const held = states.filter(({ plan }) => holdsFor(target, plan.types));
  const [measured] = held.flatMap((state) => spanSeconds(state, target) ?? []);
  if (measured === undefined) return { name, title, wanted };
  const met = measured <= (atMostSeconds ?? measured) && measured >= (atLeastSeconds ?? measured);
  return { name, title, wanted, measured, met };
}

/**
 * From the beginning of one entry's first step, or the reason for the rollback, to the end of the other's last, where the
 * release came to both.
 */
function spanSeconds(state: ReleaseState, { span: { from, to }, holdsApart }: Target): number | undefined {
  const { plan, done } = state;
  const steps = [...plan.steps, ...plan.rollback];
  const doneOf = (entry: string) =>
    steps.flatMap(({ id, entry: name }) => (name === entry ? (done.get(id) ?? []) : []));
  const [first] = doneOf(from);
  const began = first === undefined ? reasonSeen(state, from) : Date.parse(first.at) - first.milliseconds;
  const last = doneOf(to).at(-1);
  if (began === undefined || last === undefined) return undefined;
  const whole = { from: began, to: Date.parse(last.at) };
  const held = holdsApart ? heldWithin(state, whole) : 0;
  return Math.round((whole.to - whole.from - held) / 1000);
}

/**
 * Milliseconds since 1970 at which a release had the reason for its rollback, where that is what a span begins with: the
 * first breach of the gate that wanted it, and of the message that tells of it what it tells.
 */
function reasonSeen({ plan, rollback, breachBegan }: ReleaseState, from: string): number | undefined {
  const entry = plan.entries[from];
  if (rollback === undefined) return undefined;
  if (entry?.word === "notify" && entry.at === "rollback") return Date.parse(rollback.seenAt);
  return rollback.gate === from ? Date.parse(breachBegan ?? rollback.seenAt) : undefined;
}

function compare(value: number, operator: Operator, limit: number): boolean {
  switch (operator) {
    case "<":
      return value < limit;
    case "<=":
      return value <= limit;
    case ">":
      return value > limit;
    case ">=":
      return value >= limit;
  }
}

function secondsBetween(from: string, to: string): number {
  return Math.round((Date.parse(to) - Date.parse(from)) / 1000);
}

function mean(values: readonly number[]): number | null {
  if (values.length === 0) return null;
  return Math.round(values.reduce((sum, value) => sum + value, 0) / values.length);
}
