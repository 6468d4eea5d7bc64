import assert from "node:assert/strict";
import { attempt } from "../../../release/engine/attempts";
import type { Diary } from "../../../release/engine/diary";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { UserError } from "../../../release/user-error";

const step = { id: "switch", timeoutSeconds: 300 };
const retriable = new UserError("busy", { retriable: true });

describe("a try of a step", () => {
  let clock: VirtualClock;
  let failed: unknown[];
  beforeEach(() => {
    clock = new VirtualClock();
    failed = [];
  });

  function tried(act: (limit: AbortSignal) => Promise<unknown>) {
    const diary = { write: async (entry: unknown) => failed.push(entry) } as unknown as Diary;
    return clock.until(attempt(step, act, { clock, diary, signal: new AbortController().signal }));
  }

  it("that never answers is a failed one, and the step is over", async () => {
    const outcome = await tried(() => new Promise(() => {}));
    assert.deepEqual(outcome, { why: "no answer within 300 s; tried 1 times in 300 s" });
    assert.deepEqual(failed, [
      { kind: "failed", step: "switch", why: "no answer within 300 s", retriable: true, attempt: 1 },
    ]);
    assert.equal(clock.monotonic(), 360_000);
  });

  it("that heeds its limit ends with the time of the step", async () => {
    const outcome = await tried((limit) => clock.sleep(3_600_000, limit));
    assert.match("why" in outcome ? outcome.why : "", /^no answer within 300 s/);
    assert.equal(clock.monotonic(), 300_000);
  });

  it("has what the tries before it left of the time", async () => {
    let tries = 0;
    await tried(async (limit) => {
      tries++;
      await clock.sleep(tries === 1 ? 200_000 : 3_600_000, limit);
      throw limit.aborted ? limit.reason : retriable;
    });
    assert.equal(tries, 2);
    assert.equal(clock.monotonic(), 300_000);
  });

  it("that was told to end and has a call under way is done when that says so", async () => {
    const outcome = await tried(() => clock.sleep(330_000));
    assert.deepEqual(outcome, { seen: undefined, milliseconds: 330_000 });
  });
});
