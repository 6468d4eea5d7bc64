import assert from "node:assert/strict";
import { OnHold, Refused } from "../../../cli/exit";
import { type Conclusion, conclude } from "../../../cli/release/conclude";

const about: Omit<Conclusion, "wanted" | "result"> = {
  what: "release 1",
  name: "kirana-store",
  stack: "staging",
  systems: ["kirana-store"],
};

function said(conclusion: Conclusion): { readonly out: string; readonly error: unknown } {
  let out = "";
  try {
    const take = (text: string) => {
      out += text;
    };
    conclude({ out: take, say: () => {} }, conclusion);
    return { out, error: undefined };
  } catch (error) {
    return { out, error };
  }
}

describe("how a release has ended", () => {
  for (const [end, wanted, succeeds] of [
    ["finished", "live", true],
    ["rolledBack", "live", false],
    ["refused", "live", false],
    ["aborted", "live", false],
    ["finished", "back", false],
    ["rolledBack", "back", true],
    ["aborted", "back", true],
    ["refused", "back", true],
  ] as const) {
    it(`${end} is ${succeeds ? "what was wanted" : "a failure"} of a command that wants it ${wanted}`, () => {
      const { out, error } = said({ ...about, wanted, result: { end, why: "so it is" } });
      assert.match(out, /^(finished|rolled back|refused|aborted): so it is\n$/);
      assert.equal(error instanceof Refused, !succeeds);
    });
  }

  it("is told with where somebody learns why", () => {
    const { error } = said({ ...about, wanted: "back", result: { end: "finished", why: "" } });
    assert.equal(
      (error as Error).message,
      "error: release 1 is live, and did not go back; npx switchyard release explain kirana-store --stack staging says why",
    );
    const train = { ...about, what: "train 1", name: "train", stack: "dev", systems: ["a", "b"] };
    const both = said({ ...train, wanted: "live", result: { end: "rolledBack", why: "" } });
    assert.equal(
      (both.error as Error).message,
      "error: train 1 was rolled back; npx switchyard release explain SYSTEM says why, for a, b",
    );
  });

  it("is open while it waits, whatever was wanted", () => {
    for (const wanted of ["live", "back"] as const)
      assert.ok(said({ ...about, wanted, result: { end: "waiting", why: "" } }).error instanceof OnHold);
  });
});
