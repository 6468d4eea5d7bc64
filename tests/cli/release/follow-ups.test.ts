import assert from "node:assert/strict";
import { type DueFollowUp, dueFollowUps, openFollowUps } from "../../../cli/release/earlier-releases";
import { isAnswered, verdictsAfter, wantsLook } from "../../../cli/release/look-at-follow-ups";
import { followUpsText } from "../../../cli/release/show-follow-ups";
import type { Gate } from "../../../release/engine/parts";
import { type ReleaseState, stateOf } from "../../../release/engine/state";
import { systemClock } from "../../../release/engine/system-clock";
import type { GateContext } from "../../../release/gates/gate-provider";
import { MemoryStore } from "../../../release/journal/memory-store";
import type { Plan } from "../../../release/plan/plan";
import { contracts } from "../../../runbooks/contracts";
import type { SystemName } from "../../../runbooks/model";
import { contractOf, planOf, questionOf } from "../../release/plan/support/questions";
import { factsAt } from "../../release/support/gates";

const began = Date.parse("2026-03-03T10:00:00Z");
const hours = (count: number) => new Date(began + count * 3_600_000);

/** A plan for production, at whatever time of day. */
function inProduction(system: SystemName): Plan {
  const contract = contractOf(system);
  const entries = contract.entries.filter(({ word }) => word !== "window");
  return planOf(questionOf(system, { environment: "production", contract: { ...contract, entries } }));
}

/** A store with one release of a plan that has ended. */
async function ended(
  system: string,
  plan: Plan,
  outcome: "finished" | "rolledBack" | "refused" = "finished",
): Promise<MemoryStore> {
  const store = new MemoryStore({ now: () => new Date(began), monotonic: () => 0 });
  const lease = await store.acquire(system, "a-1", "test");
  const journal = store.open(system, "a-1", lease);
  await journal.append({
    kind: "started",
    format: 1,
    release: "a-1",
    by: "ana",
    plan: JSON.parse(JSON.stringify(plan)),
  });
  await journal.append({ kind: "ended", outcome, why: "it is over" });
  return store;
}

async function stateIn(store: MemoryStore, system: string): Promise<ReleaseState> {
  return stateOf(await store.open(system, "a-1").read());
}

describe("what follows a release, when it is due", () => {
  for (const { system, entries } of contracts) {
    it(`${system}: a plan for production holds every gate that a follow-up looks at again`, () => {
      const plan = inProduction(system);
      const wanted = entries.flatMap((entry) =>
        entry.word === "followUp" && entry.task.as === "gates" && entry.releases === undefined
          ? entry.task.gates
          : [],
      );
      assert.deepEqual(
        wanted.filter((name) => !/Gate$/.test(plan.entries[name]?.word ?? "")),
        [],
      );
    });
  }

  it("is the review of a week, with its gates, and goes on for the days that the runbook says", async () => {
    const store = await ended("kirana-store", inProduction("kirana-store"));
    const due = await dueFollowUps(store, "kirana-store", hours(24 * 7 + 1));
    const uptime = due.find(({ entry }) => entry === "success-uptime");
    assert.deepEqual(uptime?.gates, ["week-uptime"]);
    const dayOne = due.find(({ entry }) => entry === "day-1");
    assert.equal(dayOne?.until, hours(8).toISOString());
    const text = followUpsText("dev", [{ system: "kirana-store", ...dayOne! }], []);
    assert.match(text, /gates are looked at again\n {2}npx switchyard release followups kirana-store --look/);
  });

  it("is, of one that went back, its analysis from the end on and nothing else, which blocks the next one", async () => {
    const names = async (outcome: "finished" | "rolledBack" | "refused", at: Date) => {
      const store = await ended("kirana-store", inProduction("kirana-store"), outcome);
      const due = await dueFollowUps(store, "kirana-store", at);
      return {
        entries: due.map(({ entry }) => entry),
        open: await openFollowUps(store, "kirana-store", "a-2", at),
      };
    };
    const back = await names("rolledBack", hours(1));
    assert.deepEqual(back.entries.toSorted(), [
      "rollback-fix",
      "rollback-prevention",
      "rollback-reschedule",
      "rollback-root-cause",
    ]);
    assert.deepEqual(back.open.length, 2);
    const live = await names("finished", hours(24 * 40));
    assert.ok(live.entries.includes("week-customer-satisfaction"));
    assert.deepEqual(
      live.entries.filter((entry) => entry.startsWith("rollback-")),
      [],
    );
    assert.deepEqual(live.open, [
      "Technical success: zero data loss incidents (success-no-data-loss of a-1)",
    ]);
    assert.deepEqual((await names("refused", hours(24 * 40))).entries, []);
  });

  it("stays open with an answer that the runbook does not want to hear, until a better one or a reason", async () => {
    const store = await ended("kirana-store", inProduction("kirana-store"));
    let sent = 0;
    const answered = async (entry: string, answer: unknown, reason?: string) => {
      sent++;
      const given = {
        id: `c-${sent}`,
        command: "answer",
        by: "ana",
        at: hours(24 * 8 + sent).toISOString(),
      } as const;
      await store.send("kirana-store", "a-1", { ...given, entry, answer, ...(reason && { reason }) });
      const due = await dueFollowUps(store, "kirana-store", hours(24 * 8));
      return due.find((one) => one.entry === entry);
    };
    const stars = "week-customer-satisfaction";
    const missed = await answered(stars, 4.2);
    assert.equal(missed?.missed, "answered 4.2, wanted: greaterThan 4.5 (stars of 5)");
    const text = followUpsText("dev", [{ system: "kirana-store", ...missed! }], []);
    assert.match(text, /wanted: greaterThan 4\.5 .*--reason TEXT/);
    assert.equal(await answered(stars, 4.6), undefined);
    assert.ok((await answered("success-no-data-loss", 1))?.blocksNextRelease);
    assert.equal(await answered("success-no-data-loss", 1, "restored by 10:40, ticket 7"), undefined);
    assert.ok((await answered("release-debriefing", "no"))?.missed);
    assert.equal(await answered("release-debriefing", "done"), undefined);
  });

  it("is looked at as often as the runbook says, a little early at most", async () => {
    const store = await ended("kirana-store", inProduction("kirana-store"));
    const find = async (at: Date) =>
      (await dueFollowUps(store, "kirana-store", at)).find(({ entry }) => entry === "day-1")!;
    assert.ok(wantsLook(await find(hours(1)), hours(1)), "never looked at");
    const at = hours(1).toISOString();
    const look = { id: "c-1", command: "answer", by: "switchyard", at } as const;
    await store.send("kirana-store", "a-1", { ...look, entry: `day-1 at ${at}`, answer: [] });
    const minutes = (count: number) => hours(1 + count / 60);
    assert.equal((await find(minutes(10))).nextLookAt, minutes(30).toISOString());
    assert.equal(wantsLook(await find(minutes(20)), minutes(20)), false);
    assert.equal(wantsLook(await find(minutes(29)), minutes(29)), true);
  });

  it("is the post-mortem of an emergency, with what must stand in it, until it is answered", async () => {
    const question = questionOf("tesoro-xp", {
      environment: "production",
      types: ["application", "emergency"],
      options: { reason: "orders are lost" },
    });
    const store = await ended("tesoro-xp", planOf(question));
    const find = async () =>
      (await dueFollowUps(store, "tesoro-xp", hours(1))).find(({ entry }) => entry === "post-mortem");
    const due = await find();
    assert.deepEqual([due?.owner, due?.blocksNextRelease], ["engineering-manager", true]);
    assert.match(due?.question ?? "", /why it could not wait/);
    await store.send("tesoro-xp", "a-1", {
      id: "c-1",
      command: "answer",
      by: "ana",
      at: hours(1).toISOString(),
      entry: "post-mortem",
      answer: "wiki/42",
    });
    assert.equal(await find(), undefined);
  });
});

describe("gates of a follow-up", () => {
  const plan = inProduction("kirana-store");
  const gateOf = (name: string) => plan.entries[name] as Gate;
  const value =
    (number: number, count = 1_000_000) =>
    async () =>
      ({ kind: "value", value: number, count, at: new Date(), question: "uptime" }) as const;
  const verdicts = async (look: (gate: Gate, context: GateContext) => Promise<never>) => {
    const state = await stateIn(await ended("kirana-store", plan), "kirana-store");
    return verdictsAfter(state, [gateOf("week-uptime")], {
      environment: "production",
      facts: factsAt("http://127.0.0.1:1"),
      clock: systemClock(),
      signal: new AbortController().signal,
      look,
    });
  };
  const look = (sample: () => Promise<unknown>) => sample as never;

  it("say whether the week was as the runbook wants it, of the side that went live", async () => {
    const [good] = await verdicts(look(value(0.9999)));
    assert.deepEqual([good?.gate, good?.verdict, good?.statements], ["week-uptime", "pass", ["STO-193"]]);
    const [bad] = await verdicts(look(value(0.9)));
    assert.notEqual(bad?.verdict, "pass");
    const seen: GateContext[] = [];
    await verdicts((async (_: Gate, context: GateContext) => {
      seen.push(context);
      return { kind: "nothing", why: "nobody answers", question: "" };
    }) as never);
    assert.deepEqual(seen[0]?.candidate, plan.to.sides);
  });

  it("answer nothing when nothing is seen, nor before its time is over", async () => {
    const nothing = async () => ({ kind: "nothing", why: "no samples", question: "" });
    const none = await verdicts(look(nothing));
    assert.equal(none[0]?.verdict, "inconclusive");
    const followUp = { dueAt: hours(0).toISOString(), until: hours(8).toISOString() } as DueFollowUp;
    assert.equal(isAnswered(followUp, none, hours(9)), false);
    const good = await verdicts(look(value(0.9999)));
    assert.equal(isAnswered(followUp, good, hours(7)), false);
    assert.equal(isAnswered(followUp, good, hours(9)), true);
  });
});
