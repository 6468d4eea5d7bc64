import assert from "node:assert/strict";
import { type SwapKnowledge, swappedByArm } from "../../../release/strategies/slots/swapped";

describe("whether a site was swapped, by what ARM knows of it", () => {
  const rows: readonly (readonly [string, SwapKnowledge, boolean | undefined])[] = [
    ["nothing was ever deployed or swapped", {}, false],
    [
      "deployed to the slot of a site that was never swapped",
      { startedAt: 10, production: 1, slot: 20 },
      false,
    ],
    [
      "deployed to the slot after the last swap",
      { startedAt: 10, swappedAt: 15, production: 1, slot: 20 },
      false,
    ],
    ["swapped after its deployment", { startedAt: 10, swappedAt: 30, production: 20, slot: 1 }, true],
    ["swapped, and nothing lies on the slot", { startedAt: 10, swappedAt: 30, production: 20 }, true],
    [
      "nothing is deployed yet, after a release before",
      { startedAt: 10, swappedAt: 5, production: 2, slot: 1 },
      false,
    ],
    [
      "nothing is deployed yet, on a site that was never swapped",
      { startedAt: 10, production: 2, slot: 1 },
      false,
    ],
    [
      "swapped by hand before anything was deployed",
      { startedAt: 10, swappedAt: 15, production: 2 },
      undefined,
    ],
    ["swapped there and back", { startedAt: 10, swappedAt: 40, production: 1, slot: 20 }, undefined],
    [
      "swapped there and back by a release that knows it",
      { startedAt: 10, wentBack: true, swappedAt: 40, production: 1, slot: 20 },
      false,
    ],
    [
      "swapped by somebody after the way back",
      { startedAt: 10, wentBack: true, swappedAt: 50, production: 20, slot: 1 },
      true,
    ],
    ["deployed straight to production", { startedAt: 10, production: 20, slot: 1 }, undefined],
    [
      "deployed straight to production after the swap",
      { startedAt: 10, swappedAt: 15, production: 20, slot: 12 },
      undefined,
    ],
    ["swapped, and no deployment is known", { startedAt: 10, swappedAt: 30 }, undefined],
  ];
  for (const [name, known, swapped] of rows) it(name, () => assert.equal(swappedByArm(known), swapped));
});
