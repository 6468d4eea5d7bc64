import assert from "node:assert/strict";
import { parseQuestion, parseTrack } from "../../../release/targets/target-input";
import { gatewayTarget, keyOf, selectorTarget, slotsTarget } from "../support/targets";

const track = (changes: Record<string, unknown> = {}) => ({
  system: "shop",
  target: selectorTarget,
  initial: "blue",
  sides: { blue: keyOf("1") },
  ...changes,
});

function faults(value: unknown): readonly string[] {
  const parsed = parseTrack(value);
  assert.ok("faults" in parsed, "was taken");
  return parsed.faults.map(({ path, reason }) => `${path}: ${reason}`);
}

describe("what a track is given", () => {
  it("is taken for every kind of target", () => {
    const production = { initial: "production", sides: {} };
    const siteId = slotsTarget.siteId.replace("/sites/", "/staticSites/");
    for (const value of [
      track(),
      track({ target: { ...gatewayTarget, clusterId: "/subscriptions/x" } }),
      track({ target: slotsTarget, ...production }),
      track({ target: { kind: "staticSite", siteId }, ...production }),
      track({ journal: "https://journals.blob.core.windows.net/releases" }),
    ]) {
      assert.ok("value" in parseTrack(value), JSON.stringify(parseTrack(value)));
    }
  });

  it("names a side that is none of the target's: a colour that is neither", () => {
    assert.deepEqual(faults(track({ initial: "purple", sides: { red: keyOf("1") } })), [
      'initial: "purple" is not a side; allowed: blue, green',
      'sides.red: "red" is not a side; allowed: blue, green',
    ]);
    assert.match(faults(track({ target: slotsTarget })).join(), /allowed: production, staging/);
  });

  it("is refused with every fault at once, unknown keys too", () => {
    const target = { ...selectorTarget, ports: [], colour: "blue" };
    const found = faults(track({ target, extra: 1 }));
    assert.equal(found.length, 3, found.join("\n"));
  });

  it("is refused for an id of something else", () => {
    assert.match(
      faults(track({ target: { ...slotsTarget, siteId: "/subscriptions/x" } })).join(),
      /target.siteId/,
    );
  });

  it("is refused for a journal without TLS", () => {
    assert.match(faults(track({ journal: "http://journals.test/releases" })).join(), /journal/);
  });
});

describe("what observe is asked", () => {
  it("is taken with system, track and target, and refused otherwise", () => {
    assert.ok("value" in parseQuestion({ system: "shop", track: "t", target: slotsTarget }));
    assert.ok("faults" in parseQuestion({ system: "shop", target: slotsTarget }));
  });
});
