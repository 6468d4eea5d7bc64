import assert from "node:assert/strict";
import { asking } from "../../../release/strategies/slots/app-service";
import { UserError } from "../../../release/user-error";

/** As Azure's SDK waits: for ever, unless its signal is aborted. */
const hangs = (abortSignal: AbortSignal) =>
  new Promise<never>((_resolve, reject) => {
    abortSignal.addEventListener("abort", () => reject(new Error("The operation was aborted.")));
  });

describe("a call of Azure's SDK that is never answered", () => {
  it("ends at its limit, and may be tried again", () =>
    assert.rejects(asking("the ramp rules", hangs, { seconds: 0.05 }), (error) => {
      assert.ok(error instanceof UserError && error.retriable);
      assert.equal(error.message, "the ramp rules: Azure has not answered within 0.05 s");
      return true;
    }));

  it("ends with the try that it is made in", async () => {
    const limit = new AbortController();
    const asked = asking("the swap", hangs, { seconds: 600, outer: limit.signal });
    const over = new UserError("no answer within 300 s", { retriable: true });
    limit.abort(over);
    await assert.rejects(asked, (error) => error === over);
  });
});
