import assert from "node:assert/strict";
import { historyOf } from "../../../cli/release/history";
import type { ReleaseState } from "../../../release/engine/state";
import { demandedSeconds } from "../../../release/plan/selection";
import { contracts } from "../../../runbooks/contracts";
import type { Contract, Entry } from "../../../runbooks/vocabulary";

type Target = Extract<Entry, { word: "target" }>;

const began = Date.parse("2026-03-03T10:00:00Z");
const at = (seconds: number) => new Date(began + seconds * 1000).toISOString();

/** A release that came to both ends of a target's span, so many seconds apart. */
function spanning({ span: { from, to }, releases, allReleases }: Target, seconds: number): ReleaseState {
  const steps = [...new Set([from, to])].map((entry) => ({
    id: `phase/${entry}`,
    entry,
    does: { as: "gate" },
  }));
  const done = new Map(
    from === to
      ? [[`phase/${from}`, { at: at(seconds), milliseconds: seconds * 1000 }]]
      : [
          [`phase/${from}`, { at: at(0), milliseconds: 0 }],
          [`phase/${to}`, { at: at(seconds), milliseconds: 0 }],
        ],
  );
  return stateOf({ plan: planWith(steps, allReleases ?? releases ?? ["application", "normal"]), done });
}

/** A release that was taken back so many seconds after the fault was seen. */
function takenBack(seconds: number): ReleaseState {
  const rollback = { seenAt: at(0), why: "errors" };
  return stateOf({ rollback, ended: { outcome: "rolledBack", at: at(seconds), why: "errors" } });
}

function stateOf(change: object): ReleaseState {
  return {
    release: "a-1",
    startedAt: at(0),
    speed: 1,
    plan: planWith([], ["application", "normal"]),
    done: new Map(),
    ended: { outcome: "finished", at: at(1), why: "" },
    ...change,
  } as unknown as ReleaseState;
}

function planWith(steps: readonly object[], types: readonly string[]) {
  return { steps, rollback: [], restore: [], entries: {}, types, from: {}, manifest: { version: "1.0.1" } };
}

/** What keeps and what misses a figure that releases give; of the others no release says anything. */
function figureStates({ of, limit }: NonNullable<Target["figure"]>) {
  if (of === "rollbackRatePercent") return { met: stateOf({}), missed: takenBack(60) };
  if (of === "meanTimeToRecoverySeconds") return { met: takenBack(limit - 1), missed: takenBack(limit) };
  return undefined;
}

function reported(contract: Contract, { name }: Target, state: ReleaseState) {
  const { targets } = historyOf(contract, [state]);
  return targets.find((target) => target.name === name)!;
}

describe("targets of the five contracts, each measured", () => {
  for (const contract of contracts) {
    for (const target of contract.entries) {
      if (target.word !== "target") continue;
      it(`${contract.system} ${target.name}: is told with what was measured and whether it was kept`, () => {
        const { figure, atMostSeconds, atLeastSeconds } = target;
        if (figure !== undefined) {
          const states = figureStates(figure);
          assert.match(
            reported(contract, target, stateOf({})).wanted,
            new RegExp(`${figure.of} .* ${figure.limit}$`),
          );
          if (states === undefined) return;
          assert.equal(reported(contract, target, states.met).met, true);
          assert.equal(reported(contract, target, states.missed).met, false);
          return;
        }
        const entries = new Set(contract.entries.map(({ name }) => name));
        assert.ok(entries.has(target.span.from) && entries.has(target.span.to));
        for (const seconds of [atMostSeconds, atLeastSeconds].filter((limit) => limit !== undefined)) {
          const { measured, met } = reported(contract, target, spanning(target, seconds));
          assert.deepEqual([measured, met], [seconds, true]);
        }
        if (atMostSeconds !== undefined)
          assert.equal(reported(contract, target, spanning(target, atMostSeconds + 1)).met, false);
        if (atLeastSeconds !== undefined)
          assert.equal(reported(contract, target, spanning(target, atLeastSeconds - 1)).met, false);
        if (!target.blocking || atLeastSeconds === undefined) return;
        const demanded = target.during.map((phase) =>
          phase === "always" || phase === "incident" ? 0 : demandedSeconds([target], phase),
        );
        assert.deepEqual([...new Set(demanded)], [atLeastSeconds], "the phase lasts that long");
      });
    }
  }
});
