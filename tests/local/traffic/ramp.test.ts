import assert from "node:assert/strict";
import fc from "fast-check";
import type { RampRule, Site } from "../../../local/traffic/azure/sites";
import { drawSide, slotNamed } from "../../../local/traffic/sites/ramp";

const siteWith = (...rampRules: RampRule[]): Site => ({
  id: "/site",
  name: "shop",
  role: "shop",
  kind: "webApp",
  running: true,
  defaultHost: "shop.azurewebsites.net",
  hosts: ["shop.azurewebsites.net"],
  rampRules,
});
const rule = (percent: number): RampRule => ({
  name: "new",
  host: "shop-staging.azurewebsites.net",
  percent,
});
const slot = { ...siteWith(), slot: "staging" };
const slotByName = (name: string) => (name === "staging" ? slot : undefined);

describe("ramp rules of a site", () => {
  it("send the share that they say, and give the cookie of the side that was drawn", () => {
    fc.assert(
      fc.property(
        fc.integer({ min: 0, max: 100 }),
        fc.double({ min: 0, max: 0.999, noNaN: true }),
        (percent, point) => {
          const drawn = drawSide(siteWith(rule(percent)), undefined, "", () => point);
          assert.equal(drawn.name, point * 100 < percent ? "new" : "self");
          assert.equal(
            drawn.cookie?.startsWith(`x-ms-routing-name=${drawn.name};`),
            percent > 0 ? true : undefined,
          );
        },
      ),
    );
  });

  it("without rules nobody gets a cookie", () => {
    assert.deepEqual(
      drawSide(siteWith(), undefined, "", () => 0),
      { name: "self" },
    );
  });

  it("a client with a cookie stays, also when the rule is gone; the query chooses by hand", () => {
    const gone = drawSide(siteWith(), "a=b; x-ms-routing-name=staging", "", () => 0.9);
    assert.equal(gone.name, "staging");
    assert.equal(slotNamed(siteWith(), gone.name, slotByName), slot);
    assert.equal(
      drawSide(siteWith(rule(100)), "x-ms-routing-name=staging", "x-ms-routing-name=self", () => 0).name,
      "self",
    );
  });

  it("a rule means the slot of its host, whatever its own name; a name of nothing means production", () => {
    assert.equal(slotNamed(siteWith(rule(5)), "new", slotByName), slot);
    assert.equal(slotNamed(siteWith(), "other", slotByName), undefined);
    assert.equal(slotNamed(siteWith(), "self", slotByName), undefined);
  });
});
