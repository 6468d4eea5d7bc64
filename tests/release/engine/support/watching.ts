import type { EngineParts, Gate } from "../../../../release/engine/parts";
import { run } from "../../../../release/engine/run";
import { stateOf } from "../../../../release/engine/state";
import type { GateContext, Sample } from "../../../../release/gates/gate-provider";
import type { JournalEntry, JournalRecord } from "../../../../release/journal/entry";
import type { Command } from "../../../../release/journal/journal";
import type { Plan, PlanStep } from "../../../../release/plan/plan";
import { VirtualClock } from "../../../../release/simulation/virtual-clock";
import type { Entry } from "../../../../runbooks/vocabulary";
import { errorRate, FakeTrack, healthy, MemoryJournal, partsOf, start, plan as usual } from "./world";

/** Releases with gates that are watched for an hour, each of which says what a test wants and takes as long. */

export const minute = 60;

export const check = (name: string, change: object): Entry =>
  ({
    word: "checkGate",
    name,
    title: name,
    ids: [],
    on: ["dev"],
    during: ["watch"],
    check: { provider: "http", host: "web", method: "GET", path: "/", status: [200] },
    expectation: "200",
    timeoutSeconds: 60,
    attempts: 1,
    everySeconds: 30,
    onBreach: "hold",
    ...change,
  }) as unknown as Entry;

export const suite = (name: string, change: object = {}): Entry =>
  check(name, {
    check: {
      provider: "suite",
      suite: name,
      run: { as: "command", argv: [name] },
      atMostFailed: 0,
      atLeastPassed: 1,
    },
    timeoutSeconds: 30 * minute,
    everySeconds: undefined,
    ...change,
  });

export const number = (change: object): Entry => ({ ...errorRate, ...change }) as Entry;

/** All traffic at once, then gates that are watched for an hour. */
export function planOf(gates: readonly Entry[], steps: readonly PlanStep[] = usual.steps): Plan {
  return {
    ...usual,
    steps: steps.filter(({ phase }) => phase !== "ramp"),
    watched: gates.map(({ name }) => ({ entry: name, phases: ["watch"] })),
    entries: { ...usual.entries, ...Object.fromEntries(gates.map((gate) => [gate.name, gate])) },
  } as Plan;
}

/** What a gate says so many seconds after the watch began, and how long it takes to say it. */
export type Says = (seconds: number, gate: Gate, context: GateContext) => Sample | Promise<Sample>;

export const yes: Sample = { kind: "answer", holds: true, seen: "as it should be", question: "?" };
export const no: Sample = { kind: "answer", holds: false, seen: "not so", question: "?" };
export const unseen: Sample = { kind: "nothing", why: "nobody answers", question: "?" };

export interface Walked {
  readonly end: string;
  readonly why: string;
  /** Seconds of the watch at which each look of a gate began. */
  looks(gate: string): readonly number[];
  /** Seconds of the watch at which an entry was written, and the entry. */
  readonly entries: readonly { readonly at: number; readonly entry: JournalEntry }[];
  entriesOf<Kind extends JournalEntry["kind"]>(
    kind: Kind,
  ): readonly (Extract<JournalEntry, { kind: Kind }> & { readonly seconds: number })[];
}

/** Lets a release be walked until it ends, or for six hours. */
export async function walk(
  plan: Plan,
  says: Readonly<Record<string, Says>>,
  options: {
    readonly commands?: readonly (readonly [
      seconds: number,
      command: Command["command"],
      more?: Partial<Command>,
    ])[];
    readonly alter?: (parts: EngineParts) => EngineParts;
    /** Of a process before this one, which began so many seconds earlier. */
    readonly records?: readonly JournalRecord[];
    readonly later?: number;
  } = {},
): Promise<Walked> {
  const clock = new VirtualClock();
  const journal = new MemoryJournal(clock);
  const { records = [], later = 0 } = options;
  const track = new FakeTrack();
  if (records.length > 0) track.percent = stateOf(records).servedPercent;
  const world = { clock, journal, track, progress: [], sample: healthy, commands: [] };
  if (records.length === 0) await start(world, plan);
  else {
    journal.records.push(...records);
    await clock.until(clock.sleep(later * 1000));
    await journal.append({ kind: "takenOver", by: "b", epoch: 2, from: "a" });
  }
  const looks: (readonly [string, number])[] = [];
  let began = Number.NaN;
  const seconds = () => clock.monotonic() / 1000 - began;
  const given: Command[] = [];
  const parts: EngineParts = {
    ...partsOf(world),
    journal: {
      read: () => journal.read(),
      append: (entry) => {
        if (entry.kind === "phase" && entry.phase === "watch") began = clock.monotonic() / 1000;
        return journal.append(entry);
      },
    },
    tell: async () => ({ holds: true, why: "delivered" }),
    async look(gate, context) {
      looks.push([gate.name, seconds()]);
      return (await says[gate.name]?.(seconds(), gate, context)) ?? healthy(gate, clock);
    },
    async nextCommand(known, signal) {
      for (;;) {
        const [next] = given.filter(({ id }) => !known.has(id));
        if (next !== undefined) return next;
        await clock.sleep(1000, signal);
        for (const [at, command, more] of options.commands ?? []) {
          const id = `${command}-${at}`;
          if (seconds() >= at && !given.some((one) => one.id === id))
            given.push({ id, command, by: "ben@example.org", reason: "because", ...more } as Command);
        }
      }
    },
  };
  const stop = new AbortController();
  const late = new Error("six hours have passed");
  clock.at(6 * 3_600_000, () => stop.abort(late));
  let end = "";
  let why = "";
  try {
    const result = run((options.alter ?? ((one) => one))(parts), stop.signal);
    ({ end, why } = await clock.until(result));
  } catch (error) {
    if (!stop.signal.aborted) throw error;
    end = "still runs";
  }
  const entries = journal.records.map(({ entry, at }) => ({
    at: (Date.parse(at) - Date.parse("2026-03-03T10:00:00Z")) / 1000 - began,
    entry,
  }));
  return {
    end,
    why,
    entries,
    looks: (gate) => looks.flatMap(([name, at]) => (name === gate ? [at] : [])),
    entriesOf: (kind) =>
      entries.flatMap(({ at, entry }) =>
        entry.kind === kind
          ? [{ ...(entry as Extract<JournalEntry, { kind: typeof kind }>), seconds: at }]
          : [],
      ),
  };
}

const sleeping =
  (clockOf: () => GateContext["clock"], seconds: number, sample: Sample) => async (): Promise<Sample> => {
    await clockOf().sleep(seconds * 1000);
    return sample;
  };

/** A look that takes so long, whatever becomes of the release meanwhile. */
export const slow =
  (seconds: number, sample: Sample): Says =>
  (_, __, { clock }) =>
    sleeping(() => clock, seconds, sample)();

export const bad =
  (value: number): Says =>
  (_, __, { clock }) => ({
    kind: "value",
    value,
    at: clock.now(),
    count: 1000,
    question: "errors",
  });
