import assert from "node:assert/strict";
import type { EngineParts, Gate } from "../../../release/engine/parts";
import { run } from "../../../release/engine/run";
import type { GateContext, Sample } from "../../../release/gates/gate-provider";
import type { JournalEntry, JournalRecord } from "../../../release/journal/entry";
import type { Command } from "../../../release/journal/journal";
import type { Plan, PlanStep } from "../../../release/plan/plan";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import type { Entry } from "../../../runbooks/vocabulary";
import {
  errorRate,
  FakeTrack,
  healthy,
  Killed,
  MemoryJournal,
  partsOf,
  start,
  plan as usual,
} from "./support/world";

/** How the gates of a phase are looked at: each by itself, for as long as what they say matters. */

const minute = 60;

const check = (name: string, change: object): Entry =>
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

const suite = (name: string, change: object = {}): Entry =>
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

const number = (change: object): Entry => ({ ...errorRate, ...change }) as Entry;

/** All traffic at once, then gates that are watched for an hour. */
function planOf(gates: readonly Entry[], steps: readonly PlanStep[] = usual.steps): Plan {
  return {
    ...usual,
    steps: steps.filter(({ phase }) => phase !== "ramp"),
    watched: gates.map(({ name }) => ({ entry: name, phases: ["watch"] })),
    entries: { ...usual.entries, ...Object.fromEntries(gates.map((gate) => [gate.name, gate])) },
  } as Plan;
}

/** What a gate says so many seconds after the watch began, and how long it takes to say it. */
type Says = (seconds: number, gate: Gate, context: GateContext) => Sample | Promise<Sample>;

const yes: Sample = { kind: "answer", holds: true, seen: "as it should be", question: "?" };
const no: Sample = { kind: "answer", holds: false, seen: "not so", question: "?" };
const unseen: Sample = { kind: "nothing", why: "nobody answers", question: "?" };

interface Walked {
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
async function walk(
  plan: Plan,
  says: Readonly<Record<string, Says>>,
  options: {
    readonly commands?: readonly (readonly [seconds: number, command: Command["command"]])[];
    readonly alter?: (parts: EngineParts) => EngineParts;
    /** Of a process before this one, which began so many seconds earlier. */
    readonly records?: readonly JournalRecord[];
    readonly later?: number;
  } = {},
): Promise<Walked> {
  const clock = new VirtualClock();
  const journal = new MemoryJournal(clock);
  const world = { clock, journal, track: new FakeTrack(), progress: [], sample: healthy, commands: [] };
  const { records = [], later = 0 } = options;
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
        for (const [at, command] of options.commands ?? []) {
          const id = `${command}-${at}`;
          if (seconds() >= at && !given.some((one) => one.id === id))
            given.push({ id, command, by: "ben@example.org", reason: "because" } as Command);
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
const slow =
  (seconds: number, sample: Sample): Says =>
  (_, __, { clock }) =>
    sleeping(() => clock, seconds, sample)();

const bad =
  (value: number): Says =>
  (_, __, { clock }) => ({
    kind: "value",
    value,
    at: clock.now(),
    count: 1000,
    question: "errors",
  });

describe("gates that are watched", () => {
  it("are looked at while the look of another one takes half an hour, and a trigger acts in its time", async () => {
    const one = await walk(planOf([suite("validate", { everySeconds: 1800 }), errorRate]), {
      validate: slow(25 * minute, yes),
      "error-rate": (seconds, ...rest) => (seconds < 300 ? bad(0.001) : bad(0.2))(seconds, ...rest),
    });
    const [rollback] = one.entriesOf("rollback");
    assert.equal(one.end, "rolledBack");
    assert.equal(rollback?.gate, "error-rate");
    assert.ok(rollback.seconds <= 300 + 60 + 30, `${rollback.seconds} s into the watch`);
    assert.deepEqual(one.looks("validate"), [0]);
  });

  it("have one look under way at a time, and the next one as soon as one took longer than its interval", async () => {
    const one = await walk(planOf([check("slow", {})]), { slow: slow(50, yes) });
    assert.deepEqual(one.looks("slow").slice(0, 4), [0, 50, 100, 150]);
  });

  it("are waited for at the end of a phase as far as they are being looked at then", async () => {
    const one = await walk(planOf([suite("validate", { everySeconds: 1500 }), check("health", {})]), {
      validate: (seconds, ...rest) => slow(20 * minute, seconds < 60 ? yes : no)(seconds, ...rest),
    });
    const [held] = one.entriesOf("held");
    // The third look begins at minute 50 and ends at 70; the watch lasts 60.
    assert.equal(one.end, "still runs");
    assert.deepEqual([held?.gate, held?.needsPerson], ["validate", true]);
  });

  it("do not hold for what was not answered yet when the time is over", async () => {
    const one = await walk(planOf([suite("validate", { minutes: { from: 50, due: 90 } })]), {
      validate: slow(30 * minute, yes),
    });
    assert.equal(one.end, "finished");
    assert.deepEqual(one.entriesOf("held"), []);
    assert.ok(one.entriesOf("done").at(-1)!.seconds >= 80 * minute);
  });

  it("are broken off when the release goes back, and say nothing any more", async () => {
    const signals = new Map<string, AbortSignal>();
    const one = await walk(planOf([suite("validate"), errorRate]), {
      validate: (seconds, gate, context) => {
        signals.set(gate.name, context.signal);
        return slow(10 * minute, no)(seconds, gate, context);
      },
      "error-rate": (seconds, gate, context) => {
        signals.set(gate.name, context.signal);
        return bad(0.2)(seconds, gate, context);
      },
    });
    assert.equal(one.end, "rolledBack");
    // Requests that measure a number are begun by a look and go on after it.
    assert.deepEqual(
      [...signals].map(([gate, { aborted }]) => [gate, aborted]),
      [
        ["validate", true],
        ["error-rate", false],
      ],
    );
    assert.ok(!one.entriesOf("verdict").some(({ gate }) => gate === "validate"));
  });

  it("end the process with what a look ended with that is a fault of ours, and with a lease that is lost", async () => {
    const plan = planOf([check("health", {}), errorRate]);
    const bug = () => Promise.reject(new TypeError("a bug"));
    await assert.rejects(walk(plan, { health: bug }), /a bug/);
    const alter = (parts: EngineParts): EngineParts => ({
      ...parts,
      journal: {
        read: () => parts.journal.read(),
        append: (entry) =>
          entry.kind === "verdict" && entry.gate === "health"
            ? Promise.reject(new Killed())
            : parts.journal.append(entry),
      },
    });
    await assert.rejects(walk(plan, {}, { alter }), Killed);
  });
});

describe("a gate that has minutes", () => {
  it("is done with its first pass where it leaves traces or is one look: a suite, a request that writes", async () => {
    const minutes = { from: 0, due: 15 };
    const upload = check("upload", {
      check: { provider: "http", host: "web", method: "POST", path: "/files", status: [201] },
      everySeconds: 10,
      minutes,
    });
    const one = await walk(
      planOf([
        suite("critical-path", { everySeconds: 10, minutes }),
        upload,
        check("mail", { everySeconds: undefined, minutes }),
      ]),
      { upload: (seconds) => (seconds < 20 ? unseen : yes) },
    );
    assert.equal(one.end, "finished");
    assert.deepEqual(
      ["critical-path", "upload", "mail"].map((name) => one.looks(name)),
      [[0], [0, 10, 20], [0]],
    );
  });

  it("is not run again while a person weighs its no, and is once somebody resumes", async () => {
    const one = await walk(
      planOf([suite("critical-path", { minutes: { from: 0, due: 15 } })]),
      { "critical-path": (seconds) => (seconds < 600 ? no : yes) },
      { commands: [[1200, "resume"]] },
    );
    assert.equal(one.end, "finished");
    assert.deepEqual(
      one.entriesOf("held").map(({ seconds, needsPerson }) => [seconds, needsPerson]),
      [[0, true]],
    );
    const [first, again, ...more] = one.looks("critical-path");
    assert.equal(first, 0);
    assert.ok(again! >= 1200 && again! <= 1260, String(again));
    assert.deepEqual(more, []);
  });

  it("is looked at until they are over when it is a question, and not after that", async () => {
    const one = await walk(planOf([check("pods", { everySeconds: 60, minutes: { from: 5, due: 20 } })]), {});
    const looks = one.looks("pods");
    assert.equal(looks[0], 300);
    assert.equal(looks.at(-1), 1200);
    assert.equal(looks.length, 16);
  });

  it("is looked at on when it did not pass at their end, and holds until it does", async () => {
    const one = await walk(planOf([check("pods", { minutes: { from: 0, due: 20 }, attempts: 1000 })]), {
      pods: (seconds) => (seconds < 600 ? yes : seconds < 4500 ? no : yes),
    });
    assert.equal(one.end, "finished");
    assert.deepEqual(
      one.entriesOf("held").map(({ seconds, needsPerson }) => [seconds, needsPerson]),
      [[3600, false]],
    );
    assert.equal(one.looks("pods").at(-1), 4500);
  });

  it("holds no later than in them by its limit once they were kept, and still goes back by its other one", async () => {
    const plan = planOf([number({ minutes: { from: 0, due: 20 } })]);
    const between = await walk(plan, {
      "error-rate": (seconds, ...rest) => bad(seconds < 1500 ? 0.001 : 0.02)(seconds, ...rest),
    });
    assert.deepEqual([between.end, between.entriesOf("held")], ["finished", []]);
    assert.ok(
      between.entriesOf("verdict").some(({ verdict }) => verdict === "hold"),
      "it is still written down",
    );
    const beyond = await walk(plan, {
      "error-rate": (seconds, ...rest) => bad(seconds < 3580 ? 0.001 : 0.2)(seconds, ...rest),
    });
    assert.equal(beyond.end, "rolledBack", "a breach that has begun is counted to its end");
    const early = await walk(plan, {
      "error-rate": (seconds, ...rest) => bad(seconds < 900 ? 0.001 : 0.02)(seconds, ...rest),
    });
    assert.equal(early.end, "still runs");
  });
});

describe("gates of a release that another process takes up", () => {
  /** The process before was killed in minute 15, and what it saw last stands in the journal; nobody ran it for half an hour. */
  async function takenUp(says: Says): Promise<Walked> {
    let records: readonly JournalRecord[] = [];
    const gates = [check("health", { attempts: 2, minutes: { from: 0, due: 20 } })];
    const alter = (parts: EngineParts): EngineParts => ({
      ...parts,
      journal: {
        read: () => parts.journal.read(),
        append: async (entry) => {
          const record = await parts.journal.append(entry);
          if (entry.kind === "held" && records.length === 0) {
            records = await parts.journal.read();
            throw new Killed();
          }
          return record;
        },
      },
    });
    await assert.rejects(walk(planOf(gates), { health: (at) => (at < 900 ? yes : no) }, { alter }), Killed);
    return walk(planOf(gates), { health: says }, { records, later: 45 * minute });
  }

  it("are looked at before a person is asked", async () => {
    const good = await takenUp(() => yes);
    assert.deepEqual([good.end, good.entriesOf("held").length], ["finished", 1]);
    const bad = await takenUp(() => no);
    assert.deepEqual([bad.end, bad.entriesOf("held").length], ["still runs", 2]);
  });
});

describe("a question that fails", () => {
  it("waits for nobody before it has failed as often and as long as counts", async () => {
    for (const change of [{ attempts: 3 }, { attempts: 1, sustainedSeconds: 180, onBreach: "rollback" }]) {
      const one = await walk(planOf([check("health", change)]), {
        health: (seconds) => (seconds >= 600 && seconds < 660 ? no : yes),
      });
      assert.deepEqual([one.end, one.entriesOf("held")], ["finished", []]);
    }
  });

  it("holds by itself at the end of a phase, and goes on when it passes", async () => {
    const one = await walk(planOf([check("health", { attempts: 3 })]), {
      health: (seconds) => (seconds >= 3590 && seconds < 3640 ? no : yes),
    });
    assert.equal(one.end, "finished");
    assert.deepEqual(
      one.entriesOf("held").map(({ needsPerson }) => needsPerson),
      [false],
    );
  });

  it("waits for a person once it counts, also when it passes again", async () => {
    const one = await walk(planOf([check("health", { attempts: 3 })]), {
      health: (seconds) => (seconds >= 600 && seconds < 700 ? no : yes),
    });
    assert.equal(one.end, "still runs");
    assert.deepEqual(
      one.entriesOf("held").map(({ seconds, needsPerson }) => [seconds, needsPerson]),
      [[660, true]],
    );
  });

  it("holds nothing when it is only shown, and neither does one that nobody answers", async () => {
    const shown = { onBreach: "report", attempts: 3, minutes: { from: 0, due: 5 } };
    const one = await walk(planOf([check("script", shown), check("board", shown)]), {
      script: () => unseen,
      board: () => no,
    });
    assert.deepEqual([one.end, one.entriesOf("held")], ["finished", []]);
    const at = { ...usual.steps[1]!, id: "smoke/script", entry: "script" };
    const placed = planOf(
      [check("script", { ...shown, minutes: undefined, during: ["smoke"] })],
      [at, ...usual.steps],
    );
    const two = await walk({ ...placed, watched: [] }, { script: () => unseen });
    assert.deepEqual([two.end, two.looks("script").length], ["finished", 3]);
  });
});

describe("a message that has its minute", () => {
  const told = {
    word: "notify",
    name: "live",
    title: "live",
    ids: [],
    on: ["dev"],
    during: ["watch"],
    at: "phaseStart",
    offsetMinutes: 45,
    audience: "the team",
    channels: [{ channel: "slack", secret: "s" }],
    template: "LIVE! All systems operational",
    fields: [],
  } as unknown as Entry;
  const [watch] = usual.steps.filter(({ does }) => does.as === "watch");
  const message = {
    ...watch!,
    id: "watch/live",
    entry: "live",
    does: { as: "message", afterSeconds: 2700 },
  } as PlanStep;
  const steps = usual.steps.flatMap((step) => (step === watch ? [message, step] : [step]));
  const plan = planOf([told, check("health", { attempts: 3 }), errorRate], steps);
  const withoutTold = { ...plan, watched: plan.watched.filter(({ entry }) => entry !== "live") };

  it("goes out in it when every gate passes, and otherwise once they do", async () => {
    const when = async (says: Readonly<Record<string, Says>>) =>
      (await walk(withoutTold, says)).entriesOf("told")[0]?.seconds;
    assert.equal(await when({}), 2700);
    const outside: Says = (seconds, ...rest) =>
      bad(seconds >= 2000 && seconds < 3000 ? 0.02 : 0.001)(seconds, ...rest);
    assert.equal(await when({ "error-rate": outside }), 3000);
    assert.equal(await when({ health: (seconds) => (seconds >= 2600 ? no : yes) }), undefined);
  });
});
