import assert from "node:assert/strict";
import type { EngineParts } from "../../../release/engine/parts";
import type { JournalRecord } from "../../../release/journal/entry";
import {
  bad,
  check,
  minute,
  no,
  planOf,
  type Says,
  slow,
  suite,
  type Walked,
  walk,
  yes,
} from "./support/watching";
import { errorRate, Killed } from "./support/world";

/** How the gates of a phase are looked at: each by itself. */

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
