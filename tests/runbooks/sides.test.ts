import assert from "node:assert/strict";
import fc from "fast-check";
import { canonicalJson } from "../../attestation/canonical-json";
import { declaredColours, releaseKey, releaseKeys } from "../../runbooks/sides";
import { block } from "../infra/kubernetes/support/shop";

describe("a side's release key", () => {
  it("is a sha256 that is the same in whatever order the block is written", () => {
    const key = releaseKey({ version: "1", images: { a: "x", b: "y" } });
    assert.match(key, /^sha256:[0-9a-f]{64}$/);
    assert.equal(releaseKey({ images: { b: "y", a: "x" }, version: "1" }), key);
  });

  it("differs when version, an image or a value of the side's own configuration differs", () => {
    const base = block("1.0.0");
    const others = [
      { ...base, version: "1.0.1" },
      { ...base, images: { "shop-api": "other" } },
      { ...base, config: { "shop-api": { MODE: "x" } } },
    ];
    assert.equal(new Set([base, ...others].map(releaseKey)).size, 4);
  });

  it("says the same of equal values only", () => {
    fc.assert(
      fc.property(fc.jsonValue(), fc.jsonValue(), (left, right) => {
        const parsed = JSON.parse(canonicalJson(left)) as unknown;
        assert.deepEqual(parsed, JSON.parse(JSON.stringify(left)));
        const same = JSON.stringify(left) === JSON.stringify(right);
        if (same) assert.equal(canonicalJson(left), canonicalJson(right));
      }),
      { numRuns: 100 },
    );
  });

  it("is given for declared colours alone", () => {
    const sides = { green: block("2.0.0") };
    assert.deepEqual(declaredColours(sides), ["green"]);
    assert.deepEqual(releaseKeys(sides), { green: releaseKey(sides.green) });
  });
});
