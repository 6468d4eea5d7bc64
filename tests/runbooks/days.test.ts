import assert from "node:assert/strict";
import { daysOf } from "../../runbooks/days";

describe("what a calendar names", () => {
  it("is a day, or a period by its first and last", () => {
    assert.deepEqual(daysOf("2026-12-25"), { first: "2026-12-25", last: "2026-12-25" });
    assert.deepEqual(daysOf("2026-12-21/2027-01-01"), { first: "2026-12-21", last: "2027-01-01" });
  });

  for (const text of [
    ...["", "25.12.", "2026-11-31", "2026-12-25T00:00:00Z", "2026-12-25/", "/2026-12-25"],
    ...["2026-12-25/2026-12-24", "2026-12-01/2026-12-02/2026-12-03", "2026-12-21/31", 20261225, undefined],
  ])
    it(`is not ${JSON.stringify(text)}`, () => assert.equal(daysOf(text), undefined));
});
