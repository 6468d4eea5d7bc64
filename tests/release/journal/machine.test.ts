import assert from "node:assert/strict";
import fs from "node:fs";
import { mock } from "node:test";
import { thisMachine } from "../../../release/journal/machine";
import { throughSleep } from "../../../release/journal/real-clock";

describe("what tells time and processes of a machine", () => {
  it("counts the time in which the machine slept, once, and no trembling of its uptime", () => {
    let [measured, uptime] = [5_000, 700];
    const now = throughSleep(
      () => measured,
      () => uptime,
    );
    assert.equal(now(), 5_000);
    [measured, uptime] = [6_000, 701.4];
    assert.equal(now(), 6_000);
    [measured, uptime] = [7_000, 701.9];
    assert.equal(now(), 7_000);
    // An hour with the lid closed.
    [measured, uptime] = [8_000, 703 + 3_600];
    assert.equal(now(), 8_000 + 3_600_000);
    [measured, uptime] = [9_000, 704 + 3_600];
    assert.equal(now(), 9_000 + 3_600_000);
    [measured, uptime] = [10_000, 705 + 7_200];
    assert.equal(now(), 10_000 + 7_200_000);
  });

  it("takes no process for ended that it cannot look at", function () {
    const { self, hasEnded } = thisMachine();
    if (self === undefined) this.skip();
    assert.equal(hasEnded(self), false);
    assert.equal(hasEnded({ ...self, started: "1" }), true);
    const refused = (code: string) => () => {
      throw Object.assign(new Error(code), { code });
    };
    for (const [code, ended] of [
      ["EMFILE", false],
      ["EACCES", false],
      ["ENOENT", true],
      ["ESRCH", true],
    ] as const) {
      const reading = mock.method(fs, "readFileSync", refused(code));
      try {
        assert.equal(hasEnded(self), ended, code);
      } finally {
        reading.mock.restore();
      }
    }
  });
});
