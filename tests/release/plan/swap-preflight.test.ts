import assert from "node:assert/strict";
import { explainPlan } from "../../../release/plan/explain-plan";
import type { ObservedTrack } from "../../../release/plan/observed";
import type { Plan } from "../../../release/plan/plan";
import { planDocument, planDocumentSchema } from "../../../release/plan/plan-document";
import {
  preflightLines,
  preflightOf,
  type SideSettings,
  type SwapPreflight,
} from "../../../release/plan/swap-preflight";
import { planOf, questionOf } from "./support/questions";

const nothing: SwapPreflight = { moves: [], restarts: [], sticks: [], breaks: [] };

describe("what a swap does to the settings", () => {
  const rows: readonly (readonly [string, SideSettings, Partial<SwapPreflight>])[] = [
    ["none", { production: {}, slot: {}, sticky: [] }, {}],
    ["the same on both sides", { production: { A: "1" }, slot: { A: "1" }, sticky: [] }, {}],
    ["another value", { production: { A: "1" }, slot: { A: "2" }, sticky: [] }, { moves: ["A"] }],
    ["new on the slot", { production: {}, slot: { A: "1" }, sticky: [] }, { moves: ["A"] }],
    ["in production alone", { production: { A: "1" }, slot: {}, sticky: [] }, { breaks: ["A"] }],
    ["sticky, the same", { production: { A: "1" }, slot: { A: "1" }, sticky: ["A"] }, { sticks: ["A"] }],
    [
      "sticky, another value",
      { production: { A: "1" }, slot: { A: "2" }, sticky: ["A"] },
      { restarts: ["A"] },
    ],
    ["sticky, in production alone", { production: { A: "1" }, slot: {}, sticky: ["A"] }, { restarts: ["A"] }],
    [
      "sticky, on the slot alone",
      { production: {}, slot: { A: "1" }, sticky: ["A"] },
      { restarts: ["A"], breaks: ["A"] },
    ],
    [
      "the version of the runtime, which Azure keeps by itself",
      {
        production: { FUNCTIONS_EXTENSION_VERSION: "~4" },
        slot: { FUNCTIONS_EXTENSION_VERSION: "~5" },
        sticky: [],
      },
      { restarts: ["FUNCTIONS_EXTENSION_VERSION"] },
    ],
    ["sticky, and on no side", { production: {}, slot: {}, sticky: ["A"] }, {}],
    [
      "several, by name",
      { production: { C: "1", B: "1" }, slot: { D: "1", A: "1" }, sticky: [] },
      { moves: ["A", "D"], breaks: ["B", "C"] },
    ],
  ];
  for (const [name, settings, does] of rows) {
    it(name, () => assert.deepEqual(preflightOf(settings), { ...nothing, ...does }));
  }

  it("is told by names, never by values", () => {
    const settings = { production: { GONE: "hidden" }, slot: { NEW: "hidden" }, sticky: [] };
    const lines = preflightLines(preflightOf(settings));
    assert.equal(lines.length, 2);
    assert.doesNotMatch(lines.join("\n"), /hidden/);
  });
});

describe("the plan of a release that swaps", () => {
  const moves = { ...nothing, moves: ["VERSION"], restarts: ["SIDE"], sticks: ["AzureWebJobsStorage"] };
  function planSeeing(swap: ObservedTrack["swap"]): Plan {
    const question = questionOf("tesoro-xp", { environment: "dev" });
    const app = { ...question.observed.app!, ...(swap !== undefined && { swap }) };
    return planOf({ ...question, observed: { ...question.observed, app } });
  }

  it("tells people and machines what it does to the settings, by the same digest as without", () => {
    const plan = planSeeing(moves);
    assert.match(
      explainPlan(plan),
      /Settings when app is swapped\n {2}- settings that go with the package: VERSION\n {2}- settings that stay and differ, .*\n? *.*: SIDE\n {2}- settings that stay and are the same: AzureWebJobsStorage\n/,
    );
    assert.deepEqual(planDocument(plan).swaps, { app: moves });
    assert.ok(planDocumentSchema.safeParse(planDocument(plan)).success);
    const without = planSeeing(undefined);
    assert.equal(plan.digest, without.digest);
    assert.doesNotMatch(explainPlan(without), /Settings when/);
  });

  it("warns where whoever plans may not see them", () => {
    const plan = planSeeing({ unseen: "403 AuthorizationFailed" });
    assert.equal(plan.swaps, undefined);
    assert.match(plan.warnings.join("\n"), /could not be seen \(403 AuthorizationFailed\)/);
  });
});
