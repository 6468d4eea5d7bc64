import assert from "node:assert/strict";
import { asking, SiteBusy } from "../../../release/strategies/slots/app-service";
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

describe("a call that Azure refuses", () => {
  const refusal = (statusCode: number, message: string) => async () => {
    throw Object.assign(new Error("RestError"), { statusCode, details: { error: { message } } });
  };
  const failure = (statusCode: number, message: string) =>
    asking("the swap", refusal(statusCode, message)).catch((error: unknown) => error);

  for (const [status, why] of [
    [417, "Cannot swap site slots for site 'shop' because the 'staging' slot did not respond to http ping."],
    [409, "Cannot swap slots for site 'shop' because the warmup requests to 'staging' slot have timed out."],
    [400, "Cannot swap slots for site 'shop' because the worker process for 'staging' could not be started."],
  ] as const) {
    it(`a swap that was begun and undone (${status}) may be tried again, and is no other operation`, async () => {
      const error = await failure(status, why);
      assert.ok(error instanceof UserError && error.retriable && !(error instanceof SiteBusy), String(error));
      assert.equal(error.message, `Azure has not done the swap (${status}): ${why}`);
    });
  }

  it("another operation is waited for, and what is wrong stays wrong", async () => {
    const busy = "Cannot modify this site because another operation is in progress.";
    assert.ok((await failure(409, busy)) instanceof SiteBusy);
    const wrong = await failure(400, "The parameter is wrong.");
    assert.ok(wrong instanceof UserError && !wrong.retriable, String(wrong));
  });
});
