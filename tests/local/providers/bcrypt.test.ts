import assert from "node:assert/strict";
import { bcryptHash } from "../../../local/providers/random/bcrypt";
import { blowfishTables } from "../../../local/providers/random/blowfish-tables";

describe("bcrypt", () => {
  it("starts from Blowfish's published constants", () => {
    const { subkeys, boxes } = blowfishTables();
    const hex = (word: number | undefined) => (word! >>> 0).toString(16);
    assert.deepEqual([hex(subkeys[0]), hex(subkeys[17])], ["243f6a88", "8979fb1b"]);
    assert.deepEqual([hex(boxes[0]), hex(boxes[1023])], ["d1310ba6", "3ac372e6"]);
  });

  // From the test vectors of the OpenBSD implementation, as jBCrypt and others carry them.
  const vectors: [string, string, number, string][] = [
    ["", "DCq7YPn5Rq63x1Lad4cll.", 6, "TV4S6ytwfsfvkgY8jIucDrjc8deX1s."],
    ["a", "m0CrhHm10qJ3lXRY.5zDGO", 6, "3rS2KdeeWLuGmsfGlMfOxih58VYVfxe"],
    ["U*U", "CCCCCCCCCCCCCCCCCCCCC.", 5, "E5YPO9kmyuRGyh0XouQYb4YMJKvyOeW"],
  ];
  for (const [password, salt, cost, hash] of vectors) {
    it(`hashes "${password}" as published`, () => {
      assert.equal(bcryptHash(password, salt, cost), `$2a$0${cost}$${salt}${hash}`);
    });
  }

  it("looks at no more than 72 bytes, as bcrypt does, and takes another salt each time", () => {
    const salt = "CCCCCCCCCCCCCCCCCCCCC.";
    assert.equal(bcryptHash(`${"x".repeat(72)}a`, salt, 4), bcryptHash(`${"x".repeat(72)}b`, salt, 4));
    assert.notEqual(bcryptHash("x", undefined, 4), bcryptHash("x", undefined, 4));
  });
});
