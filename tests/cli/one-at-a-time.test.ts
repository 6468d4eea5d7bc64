import { strict as assert } from "node:assert";
import { existsSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { setImmediate as pastOneLook } from "node:timers/promises";
import { oneAtATime } from "../../cli/engine/one-at-a-time";
import { silentProgress } from "../../local/progress";
import { deadPid } from "../support/dead-pid";

describe("one up at a time on a state", () => {
  let folder: string;
  const lock = () => join(folder, "up-lock.json");
  const ask = (signal = new AbortController().signal) =>
    oneAtATime({
      workspace: { root: "", dist: "", policyPack: "", stateDir: folder },
      progress: silentProgress,
      signal,
    });

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-one-"));
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  it("the second is let in by the first, and no lock is left", async () => {
    const order: string[] = [];
    const first = await ask();
    const second = ask().then((release) => {
      order.push("second");
      return release;
    });
    await pastOneLook();
    order.push("first ends");
    await first();
    await (await second)();
    assert.deepEqual(order, ["first ends", "second"]);
    assert.equal(existsSync(lock()), false);
  });

  it("Ctrl-C ends the wait, with its reason, and leaves the first its lock", async () => {
    const first = await ask();
    const abort = new AbortController();
    const second = ask(abort.signal);
    await pastOneLook();
    const reason = new Error("Stopped by request.");
    abort.abort(reason);
    await assert.rejects(second, reason);
    assert.equal(existsSync(lock()), true);
    await first();
  });

  it("nobody waits for one that was killed", async () => {
    const owner = { pid: deadPid(), host: hostname() };
    writeFileSync(lock(), JSON.stringify({ token: "somebody", owners: [owner] }));
    await (await ask())();
  });
});
