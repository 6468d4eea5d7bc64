import assert from "node:assert/strict";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { partsUntil, type StrategyParts } from "../../../release/strategies/options";
import { waitFor } from "../../../release/strategies/waiting";
import { UserError } from "../../../release/user-error";

describe("a strategy of one try whose time is over", () => {
  const over = new UserError("no answer within 300 s", { retriable: true });
  const limit = new AbortController();
  const clock = new VirtualClock();
  let asked = 0;
  const guard = async () => {
    asked++;
  };
  const parts = partsUntil(limit.signal, { guard, clock } as unknown as StrategyParts);

  it("asks the lease before each write as long as it has time", async () => {
    await parts.guard();
    assert.equal(asked, 1);
  });

  it("waits no longer, whatever patience is left", async () => {
    clock.at(300_000, () => limit.abort(over));
    const waits = waitFor("it is not ready", async () => "not yet", {
      clock: parts.clock,
      seconds: 600,
      lookMilliseconds: 250,
    });
    await assert.rejects(clock.until(waits), (error) => error === over);
    assert.equal(clock.monotonic(), 300_000);
  });

  it("begins no write", () => assert.rejects(parts.guard(), (error) => error === over));
});
