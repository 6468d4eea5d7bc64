import assert from "node:assert/strict";
import { turnWanted } from "../../../release/engine/commands";
import type { EntryOfWord } from "../../../release/engine/parts";
import type { ReleaseState } from "../../../release/engine/state";
import { RollBack } from "../../../release/engine/turns";
import { goodAnswer, otherAnswer } from "../../../release/simulation/answers";
import { contracts } from "../../../runbooks/contracts";
import { statements } from "../../runbooks/support/catalogue";
import { contractPlan } from "./support/plans";

type Question = EntryOfWord<"manual">;

const triggers = new Set(statements.filter(({ kind }) => kind === "rollback-trigger").map(({ id }) => id));
const asked = contracts.flatMap(({ system, entries }) =>
  entries
    .filter((entry): entry is Question => entry.word === "manual")
    .filter(({ ids, supports = [] }) => [...ids, ...supports].some((id) => triggers.has(id)))
    .map((entry) => ({ system, entry })),
);

/** A statement that the catalogue marks as a rollback's trigger, and that a person answers. */
describe("a question whose answer the runbook rolls back on", () => {
  it("is one of these", () => {
    assert.deepEqual(
      asked.map(({ system, entry }) => `${system} ${entry.name}`),
      [
        "kirana-inventory user-flow",
        "kirana-inventory critical-features",
        "kirana-inventory minor-features",
        "kirana-inventory data-intact",
        "kirana-store rollback-data-corruption",
        "kirana-store rollback-security-vulnerability",
        "retail-agentic critical-vulnerability",
      ],
    );
  });

  for (const { system, entry } of asked) {
    it(`${system}: ${entry.name} takes all traffic back, whenever it is answered, and on no other answer`, () => {
      const turn = turnAfter(otherAnswer(entry));
      assert.ok(turn instanceof RollBack, String(turn));
      assert.match(turn.why, new RegExp(entry.question.slice(0, 20)));
      assert.equal(turnAfter(goodAnswer(entry)), undefined);
    });

    /** The release watches the new side, and somebody answers. */
    function turnAfter(answer: unknown) {
      const given = { command: "answer", entry: entry.name, answer, by: "ana@example.org" };
      return turnWanted({
        plan: contractPlan(system, "production"),
        commands: [{ ...given, at: "2026-10-13T18:00:00Z" }],
        verdicts: new Map(),
        trafficMoved: true,
        phase: "watch",
      } as unknown as ReleaseState);
    }
  }
});
