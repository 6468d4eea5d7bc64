import assert from "node:assert/strict";
import { rulesByName } from "../../policies/registry";
import { contracts } from "../../runbooks/contracts";
import { type Environment, environments, type StatementId, type SystemName } from "../../runbooks/model";
import type { Entry } from "../../runbooks/vocabulary";
import { fixtureOf, groundOf, mutationsOf, partsFor, type Way, withoutAlert } from "./support/mutations";

/** An entry that rules see to. */
type StackEntry = Extract<Entry, { readonly word: "declared" | "policy" | "alert" }>;

/**
 * Every statement that the stack must keep, broken in the stack that the program declares: for each rule that is for it,
 * one property that a case of the rule names. That rule objects, and nobody but the rules of the entry and those that the
 * case says object as well. Which properties, stacks and rules follows from contracts, cases and golden files alone.
 */
describe("a statement that is broken", () => {
  for (const { system, entries } of contracts) {
    describe(`of ${system}`, () => {
      for (const entry of entries.filter(isOfStack)) {
        const ids = [...entry.ids, ...(entry.supports ?? [])];
        it(`${ids.join(", ")} (${entry.name}) is refused by its rules and by no other`, () => {
          for (const id of ids) {
            const rules = entry.rules.filter((name) => rulesByName.get(name)?.ids.includes(id));
            assert.ok(rules.length > 0, `no rule of ${entry.name} is for ${id}`);
            const unbroken = rules.filter((rule) => !breaks(rule, id, entry, system));
            assert.deepEqual(unbroken, [], `no case of these rules breaks ${id} in a stack of ${system}`);
          }
        });
        const parts = ids
          .flatMap((id) => partsFor(id, system))
          .filter(({ rule }) => entry.rules.includes(rule));
        for (const { what, rule, mutate } of parts) {
          it(`${ids.join(", ")} (${entry.name}): the ${what} that is gone is missed`, () => {
            const mutation = mutate(groundOf(system, environmentsOf(entry)[0]!));
            assert.ok(mutation, `the program declares no ${what}`);
            assert.ok(mutation.failing.includes(rule), mutation.failing.join(", "));
          });
        }
        if (entry.word !== "alert") continue;
        it(`each alert of ${entry.name} that is gone is missed`, () => {
          const [environment] = environmentsOf(entry);
          for (const alert of entry.alerts) {
            const mutation = withoutAlert(alert, groundOf(system, environment!));
            assert.ok(mutation, `the program declares no alert ${alert}`);
            assert.ok(
              mutation.failing.some((rule) => entry.rules.includes(rule)),
              `no rule of ${entry.name} misses ${alert}: ${mutation.failing.join(", ") || "none objects"}`,
            );
          }
        });
      }
    });
  }
});

function isOfStack(entry: Entry): entry is StackEntry {
  return entry.word === "declared" || entry.word === "policy" || entry.word === "alert";
}

/** Whether a case of a rule, in a stack in which the entry holds, is refused by the entry's rules and by no other. */
function breaks(rule: string, id: StatementId, entry: StackEntry, system: SystemName): boolean {
  const declared = environmentsOf(entry).map((environment) => () => groundOf(system, environment));
  return [...declared, () => fixtureOf(system)].some((ground) =>
    waysFor(id, mutationsOf(rule, ground())).some((way) => {
      const { failing, companions } = way.make();
      const expected = new Set([rule, ...entry.rules, ...companions]);
      return failing.includes(rule) && failing.every((name) => expected.has(name));
    }),
  );
}

/** The cases about a statement itself; where there are none, those that are about no other one. */
function waysFor(id: StatementId, ways: readonly Way[]): readonly Way[] {
  const own = ways.filter(({ breaks }) => breaks?.includes(id));
  return own.length > 0 ? own : ways.filter(({ breaks }) => breaks === undefined);
}

/** Where an entry holds, the strictest first. */
function environmentsOf({ on }: StackEntry): readonly Environment[] {
  return [...environments].reverse().filter((environment) => on.includes(environment));
}
