import assert from "node:assert/strict";
import type { EngineParts } from "../../../release/engine/parts";
import type { JournalRecord } from "../../../release/journal/entry";
import type { Entry } from "../../../runbooks/vocabulary";
import {
  bad,
  check,
  minute,
  no,
  number,
  planOf,
  type Says,
  unseen,
  type Walked,
  walk,
  yes,
} from "./support/watching";
import { Killed } from "./support/world";

/** A verdict stands in the journal when it changes, and as long as something is counted that a restart must not forget. */

const written = (one: Walked, gate: string) =>
  one.entriesOf("verdict").filter((entry) => entry.gate === gate);

describe("verdicts in the journal", () => {
  it("are written by a number on whose breach nothing follows when it begins and when a person has to weigh it, however long that lasts", async () => {
    const zones = { pass: { operator: "<", limit: 0.01 }, rollback: [] };
    const one = await walk(planOf([number({ zones })]), { "error-rate": bad(0.03) });
    assert.equal(one.end, "still runs");
    assert.ok(one.looks("error-rate").length > 600);
    assert.deepEqual(
      written(one, "error-rate").map(({ state }) => (state as { toWeigh?: unknown }).toWeigh !== undefined),
      [false, true],
    );
  });

  it("are written at each look while a breach may still lead to a rollback", async () => {
    const one = await walk(planOf([number({})]), {
      "error-rate": (at, ...rest) => bad(at < 60 ? 0.1 : 0.03)(at, ...rest),
    });
    // Two looks of the breach, the one that ends it, the one from which on a person has to weigh it, and none of the hours
    // outside the limit that follow.
    assert.equal(written(one, "error-rate").length, 4);
  });

  it("are written by a check until its no counts, and when nothing was seen of that for so long that it is forgotten", async () => {
    const gate = check("health", { attempts: 3 });
    const long = await walk(planOf([gate]), { health: () => no });
    assert.deepEqual(
      written(long, "health").map(({ verdict }) => verdict),
      ["hold", "hold", "hold"],
    );
    const blind = await walk(planOf([gate]), { health: (at) => (at < 5 * minute ? no : unseen) });
    const last = written(blind, "health").at(-1)!;
    assert.equal((last.state as { outside: unknown }).outside, null);
    assert.ok(last.seconds < 10 * minute, `${last.seconds} s`);
  });

  it("hold for a person again when a check says no once more after a resume", async () => {
    const one = await walk(
      planOf([check("health", { attempts: 2 })]),
      { health: (at) => (at < 60 || at > 2 * 3600 ? yes : no) },
      { commands: [[600, "resume"]] },
    );
    const holds = one.entriesOf("held");
    assert.deepEqual(
      holds.map(({ needsPerson }) => needsPerson),
      [true, true],
    );
    assert.ok(holds[1]!.seconds - 600 <= 60, `${holds[1]!.seconds} s`);
  });

  for (const [what, gate, says] of [
    [
      "a limit for a rollback",
      number({
        zones: {
          pass: { operator: "<", limit: 0.01 },
          rollback: [{ operator: ">", limit: 0.05, sustainedSeconds: 600 }],
        },
      }),
      bad(0.1),
    ],
    [
      "the longest hold",
      number({ zones: { pass: { operator: "<", limit: 0.01 }, rollback: [], holdAtMostSeconds: 600 } }),
      bad(0.03),
    ],
    [
      "failures in a row",
      check("error-rate", { attempts: 5, sustainedSeconds: 600, onBreach: "rollback" }),
      () => no,
    ],
  ] satisfies readonly (readonly [string, Entry, Says])[]) {
    it(`keep the count of ${what} for the process that takes the release up`, async () => {
      let records: readonly JournalRecord[] = [];
      let count = 0;
      const alter = (parts: EngineParts): EngineParts => ({
        ...parts,
        journal: {
          read: () => parts.journal.read(),
          append: async (entry) => {
            const record = await parts.journal.append(entry);
            if (entry.kind === "verdict" && entry.gate === "error-rate" && ++count === 15) {
              records = await parts.journal.read();
              throw new Killed();
            }
            return record;
          },
        },
      });
      await assert.rejects(walk(planOf([gate]), { "error-rate": says }, { alter }), Killed);
      // 14 looks of half a minute are seven minutes of the ten.
      const one = await walk(planOf([gate]), { "error-rate": says }, { records, later: 8 * minute });
      const [rollback] = one.entriesOf("rollback");
      assert.equal(one.end, "rolledBack");
      const takenAt = Date.parse("2026-03-03T10:08:00Z");
      const seconds = (Date.parse(rollback!.seenAt) - takenAt) / 1000;
      assert.ok(seconds <= 4 * minute, `${seconds} s`);
    });
  }
});
