import assert from "node:assert/strict";
import { dueFollowUps, openPostMortems } from "../../../cli/release/earlier-releases";
import { MemoryStore } from "../../../release/journal/memory-store";
import type { Plan } from "../../../release/plan/plan";
import { isPostMortem } from "../../../release/plan/selection";
import { contracts } from "../../../runbooks/contracts";
import type { Contract, Entry } from "../../../runbooks/vocabulary";
import { planOf, questionOf } from "../../release/plan/support/questions";

const began = Date.parse("2026-03-03T10:00:00Z");
const hours = (count: number) => new Date(began + count * 3_600_000);

/** A release of production that an entry holds for, whatever the time of day. */
function planWith({ system, entries }: Contract, entry: Entry): Plan {
  const emergency = entry.releases?.includes("emergency") ?? false;
  return planOf(
    questionOf(system, {
      contract: {
        ...contractOf(system),
        entries: entries.filter(({ word, name }) => word !== "window" || name === "emergency-path"),
      },
      environment: "production",
      types: ["application", emergency ? "emergency" : "normal"],
      ...(emergency && { options: { reason: "orders are lost" } }),
    }),
  );
}

const contractOf = (system: string) => contracts.find((contract) => contract.system === system)!;

async function ended(system: string, plan: Plan, outcome: "finished" | "rolledBack"): Promise<MemoryStore> {
  const store = new MemoryStore({ now: () => new Date(began), monotonic: () => 0 });
  const lease = await store.acquire(system, "a-1", "test");
  const journal = store.open(system, "a-1", lease);
  const written = JSON.parse(JSON.stringify(plan));
  await journal.append({ kind: "started", format: 1, release: "a-1", by: "ana", plan: written });
  await journal.append({ kind: "ended", outcome, why: "it is over" });
  return store;
}

describe("follow-ups of the five contracts, each due in its hour", () => {
  for (const contract of contracts) {
    for (const entry of contract.entries) {
      if (entry.word === "followUp") {
        it(`${contract.system} ${entry.name}: is due when the runbook says so, until it is answered`, async () => {
          const outcome = entry.during.includes("rolled-back") ? "rolledBack" : "finished";
          const store = await ended(contract.system, planWith(contract, entry), outcome);
          const find = async (at: Date) =>
            (await dueFollowUps(store, contract.system, at)).find((due) => due.entry === entry.name);
          const due = await find(hours(entry.dueHours));
          assert.deepEqual(
            [due?.owner, due?.blocksNextRelease, due?.dueAt],
            [entry.owner, entry.blocksNextRelease, hours(entry.dueHours).toISOString()],
          );
          if (entry.task.as === "question") assert.equal(due?.question, entry.task.question);
          else assert.deepEqual(due?.gates, entry.task.gates);
          // Of what went back it is owed from the end on.
          if (outcome === "finished" && entry.dueHours > 0)
            assert.equal(await find(hours(entry.dueHours - 0.01)), undefined);
          const answer = { id: "c-1", command: "answer", by: "ana", at: hours(1).toISOString() } as const;
          await store.send(contract.system, "a-1", {
            ...answer,
            entry: entry.name,
            answer: "so",
            reason: "as it is",
          });
          assert.equal(await find(hours(entry.dueHours)), undefined);
        });
      }
      if (isPostMortem(entry)) {
        it(`${contract.system} ${entry.name}: is asked after an emergency, and stops the next release until then`, async () => {
          const store = await ended(contract.system, planWith(contract, entry), "finished");
          const find = async () =>
            (await dueFollowUps(store, contract.system, hours(1))).find((due) => due.entry === "post-mortem");
          const due = await find();
          assert.equal(due?.owner, entry.role);
          for (const field of entry.fields) assert.ok(due?.question?.includes(field), field);
          assert.deepEqual(await openPostMortems(store, contract, "a-2"), ["post-mortem of a-1"]);
          const answer = { id: "c-1", command: "answer", by: "ana", at: hours(1).toISOString() } as const;
          await store.send(contract.system, "a-1", { ...answer, entry: "post-mortem", answer: "wiki/42" });
          assert.equal(await find(), undefined);
          assert.deepEqual(await openPostMortems(store, contract, "a-2"), []);
        });
      }
    }
  }
});
