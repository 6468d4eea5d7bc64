import assert from "node:assert/strict";
import {
  preflightLines,
  preflightOf,
  type SideSettings,
  type SwapPreflight,
} from "../../../release/strategies/slots/preflight";

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
