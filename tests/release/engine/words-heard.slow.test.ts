import assert from "node:assert/strict";
import type { Company } from "../../../release/engine/company";
import { standingOfConfirmation } from "../../../release/engine/confirmation";
import { promoteHelps } from "../../../release/engine/left-out";
import { type ReleaseState, stateOf } from "../../../release/engine/state";
import type { JournalEntry, JournalRecord } from "../../../release/journal/entry";
import type { Plan, PlanStep } from "../../../release/plan/plan";
import { calm } from "../../../release/simulation/scenario";
import { simulate } from "../../../release/simulation/simulate";
import { type Standing, wordFor } from "../../../release/train/standing";
import { type TrainState, trainStateOf } from "../../../release/train/train-state";
import type { Entry } from "../../../runbooks/vocabulary";
import { contractPlan } from "./support/plans";
import { check, no, number, planOf, unseen, walk, yes } from "./support/watching";
import { plan } from "./support/world";

/** What people say counts once, for what it was meant for, and is not lost on the way. */

const watched: Entry = {
  word: "manual",
  name: "dashboard-watched",
  title: "dashboard-watched",
  ids: [],
  on: ["dev"],
  during: ["watch"],
  role: "on-call",
  question: "Does the dashboard look as before?",
  answer: "yesNo",
  blocking: false,
  onBreach: "hold",
} as unknown as Entry;

const told = {
  word: "notify",
  name: "hold-told",
  title: "hold-told",
  at: "hold",
  channels: [{ channel: "slack" }],
} as unknown as Entry;

/** Asked when the watch begins, of which nobody waits for an answer. */
const asking = ((): Plan => {
  const last = plan.steps.at(-1)!;
  const step: PlanStep = { ...last, id: "watch/dashboard", entry: watched.name, does: { as: "question" } };
  const its = planOf([number({ name: "errors" })], [...plan.steps.slice(0, -1), step, last]);
  return { ...its, entries: { ...its.entries, [watched.name]: watched, [told.name]: told } };
})();

const errors = number({ name: "errors", title: "errors" });
const said = (seconds: number, answer: string) =>
  [seconds, "answer", { entry: watched.name, answer, reason: undefined }] as const;

/** A release of the plan with these entries in its journal, a minute apart. */
function stateWith(its: Plan, ...entries: readonly JournalEntry[]): ReleaseState {
  const started = {
    kind: "started",
    format: 1,
    release: "r-1",
    by: "ana",
    plan: its,
  } as unknown as JournalEntry;
  return stateOf(
    [started, ...entries].map((entry, sequence): JournalRecord => {
      const at = new Date(Date.parse("2026-03-03T10:00:00Z") + sequence * 60_000).toISOString();
      return { sequence, at, previous: "", hash: "", entry };
    }),
  );
}

const command = (name: string, more: object = {}): JournalEntry =>
  ({
    kind: "command",
    id: `${name}-${JSON.stringify(more)}`,
    command: name,
    by: "ben",
    ...more,
  }) as JournalEntry;
const intent = (step: string): JournalEntry => ({ kind: "intent", step });
const done = (step: string): JournalEntry => ({ kind: "done", step, seen: null, milliseconds: 1 });
const rollback: JournalEntry = { kind: "rollback", why: "errors", by: "ana", seenAt: "2026-03-03T10:00:00Z" };

describe("an answer to a question for which nobody waits", () => {
  it("holds the release where the contract holds on it, and is told", async () => {
    const messages: string[] = [];
    const one = await walk(
      asking,
      {},
      {
        commands: [said(600, "no")],
        alter: (parts) => ({
          ...parts,
          async tell({ name }, { reason }) {
            messages.push(`${name}: ${reason}`);
            return { holds: true, why: "delivered" };
          },
        }),
      },
    );
    const why = 'on-call: Does the dashboard look as before? – "no"';
    assert.equal(one.end, "still runs");
    assert.deepEqual(
      [one.entriesOf("held").map((held) => held.why), messages],
      [[why], [`hold-told: ${why}`]],
    );
  });

  it("holds it until somebody says otherwise, and not at all where it is what is wanted", async () => {
    const on = await walk(asking, {}, { commands: [said(600, "no"), [7200, "promote"]] });
    assert.equal(on.end, "finished");
    assert.ok(on.entriesOf("ended")[0]!.seconds >= 7200);
    const well = await walk(asking, {}, { commands: [said(600, "yes")] });
    assert.deepEqual([well.end, well.entriesOf("held")], ["finished", []]);
  });
});

describe("holds of several people", () => {
  const holds = [
    [600, "hold", { reason: "the database team" }],
    [700, "hold", { reason: "the network team" }],
  ] as const;

  it("stand together, and whoever answers sees both", async () => {
    const one = await walk(planOf([errors]), {}, { commands: holds });
    assert.equal(one.entriesOf("held").at(-1)!.why, "the database team; also the network team");
  });

  it("are one when the same is said twice", async () => {
    const commands = [...holds, [800, "hold", { reason: "the database team" }]] as const;
    const one = await walk(planOf([errors]), {}, { commands });
    assert.equal(one.entriesOf("held").length, 2);
  });

  it("do not hold what goes back", () => {
    const hold = command("hold", { reason: "wait" });
    const stopped: JournalEntry = { kind: "stopped", why: "no", outcome: "refused" };
    assert.equal(stateWith(plan, rollback, hold).held, undefined);
    assert.equal(stateWith(plan, stopped, hold).held, undefined);
  });
});

describe("a hold of the train and one of the release itself", () => {
  const ofTrain = {
    kind: "command",
    id: "t-1",
    command: "hold",
    by: "tom",
    reason: "lunch",
    at: "",
  } as const;
  const train = {
    id: "train-1",
    commands: [ofTrain],
    goesOn: { ...ofTrain, id: "t-2", command: "resume" },
  } as unknown as TrainState;
  const wordTo = (of: TrainState, ...entries: readonly JournalEntry[]) => {
    const state = stateWith(plan, ...entries);
    const standing: Standing = {
      member: { system: "kirana-store", after: [] } as never,
      begun: true,
      runs: true,
      state,
    };
    return wordFor(standing, [standing], of, new Date())?.command;
  };
  const said = command("hold", { id: "t-1", reason: "lunch" });

  it("the train answers its own", () => {
    assert.equal(wordTo(train, said), "resume");
  });

  it("also two of them, which stand together", () => {
    const second = { ...ofTrain, id: "t-3", reason: "the network team" };
    const commands = [ofTrain, second].map((one) => ({ ...one, kind: "command" as const }));
    const [started] = [{ kind: "started", release: "train-1", by: "ana", plan: { members: [] } }];
    const state = trainStateOf(
      [started, ...commands].map((entry, sequence) => ({
        sequence,
        at: "",
        previous: "",
        hash: "",
        entry,
      })) as never,
    );
    assert.equal(state.hold?.reason, "lunch; also the network team");
    const both = [ofTrain, { ...second, reason: state.hold?.reason }].map(
      ({ kind: _, command: name, ...more }) => command(name, more),
    );
    assert.equal(stateWith(plan, ...both).held?.why, "lunch; also the network team");
    const goesOn = { ...state, hold: undefined, goesOn: train.goesOn } as TrainState;
    assert.equal(wordTo(goesOn, ...both), "resume");
  });

  it("leaves what a person holds the release for to people", () => {
    assert.equal(wordTo(train, command("hold", { reason: "the database team" }), said), undefined);
    assert.equal(wordTo(train, said, command("hold", { reason: "the database team" })), undefined);
  });

  it("has no gate looked at again that holds the release since", () => {
    const gate: JournalEntry = { kind: "held", why: "errors", gate: "errors", needsPerson: true };
    assert.equal(wordTo(train, said, command("resume"), gate), undefined);
  });
});

describe("a confirmation", () => {
  const its = contractPlan("tesoro-xp", "production");
  const step = its.restore.find(({ entry }) => {
    const named = its.entries[entry];
    return named?.word === "step" && named.does.action === "restore";
  })!;
  const restore = its.entries[step.entry] as Extract<Entry, { word: "step" }>;
  const asks = (reason: string) => command("rollback", { restore: true, reason });
  const confirms = command("confirm", { role: "engineering-manager", reason: "the export shows it" });
  const isConfirmed = async (...entries: readonly JournalEntry[]) => {
    const state = stateWith(its, ...entries);
    const people = { mayAct: async () => ({ holds: true, why: "" }) };
    const standing = await standingOfConfirmation(restore.does as never, {
      diary: { state } as never,
      parts: { people },
    });
    return "confirmation" in standing;
  };

  it("counts for the restore that was asked for before it", async () => {
    assert.equal(await isConfirmed(asks("one"), rollback, confirms), true);
    assert.equal(await isConfirmed(asks("one"), rollback, confirms, asks("two")), true);
    assert.equal(await isConfirmed(confirms, asks("one"), rollback), false);
  });

  it("is asked for anew when somebody wants the restore after all that was left out", async () => {
    const held: JournalEntry = { kind: "held", why: "waits", step: step.id, needsPerson: true };
    const asked: JournalEntry = {
      kind: "asked",
      entry: step.entry,
      role: "engineering-manager",
      question: "?",
    };
    const all = [
      asks("one"),
      rollback,
      asked,
      confirms,
      held,
      command("promote", { reason: "leave them" }),
      asks("two"),
    ];
    assert.equal(await isConfirmed(...all), false);
    assert.equal(stateWith(its, ...all).asked.has(step.entry), false);
  });
});

describe("a restore that is asked for when all is back", () => {
  it("is done before the release ends, also while that is written down and told", async () => {
    const its = contractPlan("tesoro-xp", "production", { migration: true });
    const last = its.rollback.find(({ phase, does }) => phase === "rolled-back" && does.as === "record")!;
    let asked = false;
    const { records: calmly, times } = await simulate(its, calm(), { leaps: true });
    const watch =
      times[calmly.findIndex(({ entry }) => entry.kind === "phase" && entry.phase === "watch")]! + 60;
    const back = { kind: "command", command: "rollback", atSeconds: watch } as const;
    const late = {
      id: "late",
      command: "rollback",
      by: "lea@example.org",
      at: "",
      reason: "data are wrong",
      restore: true,
    } as const;
    const one = await simulate(
      its,
      { ...calm(), faults: [back] },
      {
        leaps: true,
        alter: (parts) => ({
          ...parts,
          record: async (entry, fields) => {
            asked ||= entry.name === last.entry;
            // Until it was heard.
            await parts.clock.sleep(30_000);
            return parts.record(entry, fields);
          },
          async nextCommand(known, signal) {
            const over = new AbortController();
            const either = AbortSignal.any([signal, over.signal]);
            const isAsked = async () => {
              for (;;) {
                if (asked && !known.has(late.id)) return late;
                await parts.clock.sleep(1000, either);
              }
            };
            try {
              return await Promise.race([isAsked(), parts.nextCommand(known, either)]);
            } finally {
              over.abort(new Error("heard"));
            }
          },
        }),
      },
    );
    assert.deepEqual([one.end, one.violations], ["rolledBack", []], one.why);
    const restored = one.records.some(
      ({ entry }) => entry.kind === "intent" && entry.step.startsWith("restore/"),
    );
    assert.ok(asked && restored);
  });
});

describe("promote", () => {
  it("lets no gate pass that held the release before a process took it up, and does not any more", () => {
    const gate: JournalEntry = { kind: "held", why: "errors", gate: "green-answers", needsPerson: true };
    const takenOver: JournalEntry = { kind: "takenOver", by: "b", epoch: 2, from: "a" };
    const words = command("promote", { reason: "go on" });
    const before = [{ kind: "phase", phase: "smoke" } as const, gate, takenOver];
    assert.deepEqual([...stateWith(plan, ...before, words).waived.keys()], ["green-answers"]);
    const gone = stateWith(plan, ...before, { kind: "phase", phase: "ramp" }, words);
    assert.deepEqual([...gone.waived.keys()], []);
    const again = stateWith(plan, ...before, { kind: "phase", phase: "ramp" }, command("resume"));
    assert.equal(again.againAt, undefined);
  });

  it("of traffic that was taken back elsewhere counts for once, and is offered where it does something", () => {
    const ten = [intent("ramp/ramp/10"), done("ramp/ramp/10")];
    const held: JournalEntry = {
      kind: "held",
      why: "gone",
      step: "traffic given by ramp/ramp/10",
      needsPerson: true,
    };
    const let1 = command("promote", { reason: "we know" });
    assert.equal(promoteHelps(stateWith(plan, ...ten, held)), true);
    const before = stateWith(plan, ...ten, held, let1);
    assert.equal(before.leftOut.has(held.step!), true);
    assert.equal(stateWith(plan, ...ten, held, let1, intent("ramp/ramp/50")).leftOut.has(held.step!), false);
    const all = ["ramp/ramp/50", "switch/switch"].flatMap((id) => [intent(id), done(id)]);
    const last: JournalEntry = { ...held, step: "traffic given by switch/switch" };
    assert.equal(promoteHelps(stateWith(plan, ...ten, ...all, last)), false);
  });
});

describe("a gate while a person holds the release", () => {
  it("has all of its time afterwards", async () => {
    const gate = { ...(plan.entries["green-answers"] as object), onBreach: "hold", attempts: 100 } as Entry;
    const its = planOf([errors]);
    let looks = 0;
    const one = await walk(
      { ...its, entries: { ...its.entries, "green-answers": gate } },
      // Nobody answers for five of its ten minutes, with an hour's hold between them.
      { "green-answers": () => (++looks > 30 ? yes : unseen) },
      {
        commands: [],
        alter: (parts) => {
          const at = parts.clock.monotonic();
          const words = [
            { id: "h", command: "hold", by: "ben", at: "", reason: "lunch", after: 100 },
            { id: "r", command: "resume", by: "ben", at: "", after: 3700 },
          ] as const;
          return {
            ...parts,
            waits: true,
            async nextCommand(known, signal) {
              for (;;) {
                const next = words.find(
                  ({ id, after }) => !known.has(id) && parts.clock.monotonic() - at >= after * 1000,
                );
                if (next !== undefined) return next;
                await parts.clock.sleep(1000, signal);
              }
            },
          };
        },
      },
    );
    assert.equal(one.end, "finished");
    assert.deepEqual(
      one.entriesOf("held").map(({ why }) => why),
      ["lunch"],
    );
  });

  it("is named once: another that passes by itself asks nobody anew", async () => {
    const one = await walk(
      planOf([check("first", { attempts: 1 }), check("second", { attempts: 1 })]),
      {
        // It comes and goes; the second says no throughout.
        first: (seconds) => (Math.floor(seconds / 600) % 2 === 1 ? no : yes),
        second: (seconds) => (seconds > 500 ? no : yes),
      },
      { commands: [] },
    );
    assert.equal(one.end, "still runs");
    const holds = one.entriesOf("held").map(({ gate, gates = [] }) => [gate, ...gates].join("+"));
    assert.ok(holds.length <= 2, holds.join(", "));
  });
});

describe("a release that has to wait for the others of its train before it finishes", () => {
  it("is on hold for a gate that wants a person meanwhile", async () => {
    let isOver = false;
    const company: Company = {
      beforeFinish: () => (isOver ? undefined : "others"),
      mayGoBack: async () => {},
    };
    const last = plan.steps.at(-1)!;
    const finish: PlanStep = {
      ...last,
      id: "finish/watch",
      phase: "finish",
      does: { as: "watch", seconds: 1 },
    };
    const one = await walk(
      planOf([check("probe", { attempts: 1 })], [...plan.steps, finish]),
      {
        probe: (seconds) => {
          isOver = seconds > 7200;
          return isOver || seconds < 4000 ? yes : no;
        },
      },
      { alter: (parts) => ({ ...parts, company }) },
    );
    assert.equal(one.end, "still runs");
    const held = one.entriesOf("held").find(({ gate }) => gate === "probe");
    assert.ok(held !== undefined && held.seconds < 4100);
    assert.equal(
      one.entriesOf("phase").some(({ phase }) => phase === "finish"),
      false,
    );
  });
});
