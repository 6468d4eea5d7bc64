import assert from "node:assert/strict";
import { dueFollowUps, openFollowUps, openPostMortems } from "../../../cli/release/earlier-releases";
import { historyOf } from "../../../cli/release/history";
import { type ReleaseState, stateOf } from "../../../release/engine/state";
import type { JournalEntry } from "../../../release/journal/entry";
import { MemoryStore } from "../../../release/journal/memory-store";
import type { Environment } from "../../../runbooks/model";
import type { Contract } from "../../../runbooks/vocabulary";
import { contractOf, planOf, questionOf } from "../../release/plan/support/questions";

const began = Date.parse("2026-03-03T10:00:00Z");

/** A store in which every entry is written a given number of seconds after the start. */
class Timeline {
  seconds = 0;
  readonly store = new MemoryStore({
    now: () => new Date(began + this.seconds * 1000),
    monotonic: () => 0,
  });

  async release(
    id: string,
    contract: Contract,
    entries: readonly (readonly [number, JournalEntry])[],
    speed = 1,
    environment: Environment = "dev",
  ): Promise<void> {
    const { system } = contract;
    const plan = planOf(questionOf(system, { contract, environment }));
    const lease = await this.store.acquire(system, id, "test");
    const journal = this.store.open(system, id, lease);
    const started: JournalEntry = {
      kind: "started",
      format: 1,
      release: id,
      by: "ana",
      speed,
      plan: JSON.parse(JSON.stringify(plan)),
    };
    const from = this.seconds;
    for (const [after, entry] of [[0, started] as const, ...entries]) {
      this.seconds = from + after;
      await journal.append(entry);
    }
    await lease.giveBack();
  }

  async states(system: string): Promise<readonly ReleaseState[]> {
    const ids = await this.store.releases(system);
    return Promise.all(ids.map(async (id) => stateOf(await this.store.open(system, id).read())));
  }
}

const done = (step: string, milliseconds = 0): JournalEntry => ({
  kind: "done",
  step,
  seen: null,
  milliseconds,
});
const ended = (outcome: "finished" | "rolledBack"): JournalEntry => ({ kind: "ended", outcome, why: "so" });
const rollback: JournalEntry = {
  kind: "rollback",
  why: "errors",
  by: "switchyard",
  seenAt: new Date(began + 1100 * 1000).toISOString(),
};

describe("history of a system", () => {
  const contract = contractOf("kirana-inventory");

  it("has rollback rate, time to recovery and durations against the runbook's targets", async () => {
    const one = new Timeline();
    await one.release("a-1", contract, [
      [10, { kind: "intent", step: "deploy-idle/publish-backend" }],
      [110, done("deploy-idle/publish-backend", 100_000)],
      [300, done("ramp/canary/10", 100_000)],
      [500, done("switch/api-health-after-swap")],
      [800, done("switch/app-loads")],
      [900, ended("finished")],
    ]);
    one.seconds = 1000;
    await one.release("a-2", contract, [
      [120, rollback],
      [180, ended("rolledBack")],
    ]);
    const { figures, targets, releases } = historyOf(contract, await one.states(contract.system));
    assert.deepEqual(figures, {
      releases: 2,
      rollbackRatePercent: 50,
      meanTimeToRecoverySeconds: 80,
      releaseSeconds: 900,
    });
    assert.deepEqual(
      releases.map(({ outcome, seconds }) => [outcome, seconds]),
      [
        ["finished", 900],
        ["rolledBack", 180],
      ],
    );
    const backend = targets.find(({ name }) => name === "backend-duration")!;
    assert.deepEqual([backend.measured, backend.met], [390, true], "the hold of the canary is counted apart");
    const total = targets.find(({ name }) => name === "total-duration")!;
    assert.deepEqual([total.measured, total.met], [790, true]);
    const frontend = targets.find(({ name }) => name === "frontend-duration")!;
    assert.equal(frontend.met, undefined, "no release came to it");
  });

  it("counts a recovery to the end of the way back, with the data where they are restored, and no watch after it", async () => {
    const one = new Timeline();
    const way = planOf(questionOf(contract.system, { contract, environment: "production" }));
    const back = way.rollback.filter(({ phase }) => phase === "rollback").map(({ id }) => id);
    const restored = way.restore.at(-1)!.id;
    assert.ok(back.length > 0 && way.rollback.length > back.length, "something is done after it");
    const watched = way.rollback.filter(({ phase }) => phase !== "rollback").map(({ id }) => id);
    const seen = (seconds: number) => ({
      ...rollback,
      seenAt: new Date(began + seconds * 1000).toISOString(),
    });
    await one.release(
      "a-1",
      contract,
      [
        [120, seen(100)],
        ...back.map((id) => [140, done(id)] as const),
        ...watched.map((id) => [740, done(id)] as const),
        [750, ended("rolledBack")],
      ],
      1,
      "production",
    );
    const mean = async () =>
      historyOf(contract, await one.states(contract.system)).figures.meanTimeToRecoverySeconds;
    assert.equal(await mean(), 40);
    one.seconds = 10_000;
    await one.release(
      "a-2",
      contract,
      [
        [120, seen(10_100)],
        ...back.map((id) => [140, done(id)] as const),
        [300, done(restored)],
        [900, ended("rolledBack")],
      ],
      1,
      "production",
    );
    assert.equal(await mean(), (40 + 200) / 2);
  });

  it("measures a rollback from the first breach of its gate, and from the reason that is told", async () => {
    const one = new Timeline();
    const at = (seconds: number) => new Date(began + seconds * 1000).toISOString();
    const since = (seconds: number) => ({
      since: at(seconds),
      datum: at(seconds),
      dataSeconds: 0,
      watchedSeconds: 0,
      blindSeconds: 0,
    });
    const gate = "error-rate";
    const verdict = {
      kind: "verdict",
      gate,
      phase: "watch",
      verdict: "rollback",
      since: at(400),
      why: "5 %",
      question: "",
      state: { beyond: [null, since(110)], outside: since(100), failures: 0, silences: 0 },
    } as unknown as JournalEntry;
    await one.release("a-1", contract, [
      [50, { kind: "phase", phase: "watch" }],
      [400, verdict],
      [401, { ...rollback, gate, seenAt: at(400) } as JournalEntry],
      [500, done("rollback/previous-version-answers")],
      [510, ended("rolledBack")],
    ]);
    const { targets } = historyOf(contract, await one.states(contract.system));
    const major = targets.find(({ name }) => name === "major-rollback-within")!;
    assert.deepEqual([major.measured, major.met], [400, true]);

    const cases = contractOf("case-management");
    const other = new Timeline();
    await other.release(
      "b-1",
      cases,
      [
        [400, { ...rollback, seenAt: at(390) } as JournalEntry],
        [500, done("rollback/traffic-back", 20_000)],
        [510, ended("rolledBack")],
      ],
      1,
      "production",
    );
    const told = historyOf(cases, await other.states(cases.system)).targets;
    const initiated = told.find(({ name }) => name === "rollback-initiated-in-five-minutes")!;
    assert.deepEqual([initiated.measured, initiated.met], [110, true]);
  });

  it("measures nothing by a rehearsal in fast motion", async () => {
    const one = new Timeline();
    await one.release("a-1", contract, [[30, ended("finished")]], 30);
    const { figures, releases } = historyOf(contract, await one.states(contract.system));
    assert.deepEqual([figures.releases, figures.releaseSeconds, releases[0]!.speed], [0, null, 30]);
  });
});

describe("what releases leave open", () => {
  it("are follow-ups that are due, until somebody has answered them", async () => {
    const contract = contractOf("kirana-inventory");
    const followUps = contract.entries.flatMap((entry) => (entry.word === "followUp" ? [entry] : []));
    const blocking: Contract = {
      ...contract,
      entries: contract.entries.map((entry) =>
        entry === followUps[0]
          ? { ...followUps[0], on: ["dev"] as const, releases: undefined, blocksNextRelease: true }
          : entry,
      ) as Contract["entries"],
    };
    const one = new Timeline();
    await one.release("a-1", blocking, [[60, ended("finished")]]);
    const { store } = one;
    const { name, dueHours } = followUps[0]!;
    const at = (hours: number) => new Date(began + hours * 3_600_000 + 120_000);
    assert.deepEqual(await dueFollowUps(store, contract.system, at(dueHours - 1)), []);
    const due = await dueFollowUps(store, contract.system, at(dueHours));
    assert.ok(due.some(({ entry }) => entry === name));
    assert.equal((await openFollowUps(store, contract.system, "a-2", at(dueHours))).length, 1);
    const answer = {
      id: "c-1",
      command: "answer",
      by: "ana",
      at: at(dueHours).toISOString(),
      entry: name,
    } as const;
    await store.send(contract.system, "a-1", { ...answer, answer: "yes" });
    assert.deepEqual(await openFollowUps(store, contract.system, "a-2", at(dueHours)), []);
  });

  it("is the post-mortem of an emergency, where the runbook demands one", async () => {
    const contract = contractOf("tesoro-xp");
    const one = new Timeline();
    await one.release("a-1", contract, [[60, ended("finished")]]);
    assert.deepEqual(await openPostMortems(one.store, contract, "a-2"), [], "it was no emergency");
    const plan = planOf(
      questionOf("tesoro-xp", {
        types: ["application", "emergency"],
        options: { reason: "orders are lost" },
      }),
    );
    const lease = await one.store.acquire("tesoro-xp", "a-3", "test");
    const journal = one.store.open("tesoro-xp", "a-3", lease);
    await journal.append({
      kind: "started",
      format: 1,
      release: "a-3",
      by: "ana",
      plan: JSON.parse(JSON.stringify(plan)),
    });
    await journal.append(ended("finished"));
    assert.deepEqual(await openPostMortems(one.store, contract, "a-4"), ["post-mortem of a-3"]);
    const answer = { id: "c-1", command: "answer", by: "ana", at: new Date(began).toISOString() } as const;
    await one.store.send("tesoro-xp", "a-3", { ...answer, entry: "post-mortem", answer: "done" });
    assert.deepEqual(await openPostMortems(one.store, contract, "a-4"), []);
  });
});
