import { strict as assert } from "node:assert";
import { devStackOfSuite } from "../support/dev-stack";
import { until } from "../support/until";

const systems = ["kirana-inventory", "tesoro-xp"] as const;
/** Holds and windows of half an hour in a minute. */
const fast = ["--speed", "30", "--users", "22"] as const;

interface Status {
  readonly outcome: string | null;
  readonly runner: string | null;
  readonly releases: readonly {
    system: string;
    begun: boolean;
    serves: boolean;
    outcome: string | null;
    place: string;
  }[];
}

/** Two systems in one command, as a user runs it: a kill between them, and all of it back. */
describe("switchyard release of several systems on a dev stack", () => {
  const dev = devStackOfSuite({ "switchyard:systems": [...systems] });

  const status = async (): Promise<Status> => {
    const { code, stdout, stderr } = await dev.run("release", "status", "train", "--format", "json");
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Status;
  };

  it("begins the second when the first serves; killed it is taken up, and goes back in reverse", async () => {
    const plan = await dev.run("release", "plan", ...systems, "--to", "example", "--format", "json");
    assert.equal(plan.code, 0, plan.stderr);
    const { digest, order } = JSON.parse(plan.stdout) as { digest: string; order: readonly string[] };
    assert.deepEqual(order, systems);
    assert.match(digest, /^sha256:/);
    const first = dev.start("release", "start", ...systems, "--to", "example", ...fast);
    await until("the second release", () => first.stderrSoFar().includes("tesoro-xp begins"), 240_000);
    assert.match(first.stderrSoFar(), /kirana-inventory: phase watch[\s\S]*tesoro-xp begins/);
    first.child.kill("SIGKILL");
    await first.ended;
    const left = await status();
    assert.equal(left.runner, null);
    assert.deepEqual(
      left.releases.map(({ begun }) => begun),
      [true, true],
    );
    const back = await dev.run("release", "rollback", "train", "--reason", "its process is gone");
    assert.equal(back.code, 0, back.stdout + back.stderr);
    assert.match(back.stderr, /tesoro-xp: (aborted|rolledBack)[\s\S]*kirana-inventory: rolledBack/);
    const { outcome, releases } = await status();
    assert.equal(outcome, "rolledBack");
    assert.equal(releases[0]!.outcome, "rolledBack");
    assert.match(releases[0]!.place, /rollback of train train-\S+: its process is gone/);
    const verified = await dev.run("release", "verify", "train");
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const history = await dev.run("release", "history", "train");
    assert.match(history.stdout, /^train-\S+ {2}rolledBack /);
  });
});
