import { strict as assert } from "node:assert";
import { mkdirSync, mkdtempSync, rmSync } from "node:fs";
import { join } from "node:path";
import { stopCloud } from "../../local/cloud/daemon";
import { runCliProcess, startCli } from "../support/cli";
import { makeProjectFolder, repository } from "../support/project";
import { until } from "../support/until";

const systems = ["kirana-inventory", "tesoro-xp"] as const;
/** Holds and windows of half an hour in a minute. */
const fast = ["--speed", "30", "--users", "20"] as const;

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
  let stateDir: string;
  let project: string;

  before(async () => {
    project = makeProjectFolder({ config: { "switchyard:systems": [...systems] } });
    const parent = join(repository, ".build", "states");
    mkdirSync(parent, { recursive: true });
    stateDir = mkdtempSync(join(parent, "s-"));
    const { code, stdout, stderr } = await run("up");
    assert.equal(code, 0, stdout + stderr);
  });
  after(async () => {
    await stopCloud({ stateDir });
    rmSync(stateDir, { recursive: true, force: true });
    rmSync(project, { recursive: true, force: true });
  });

  const environment = () => ({ SWITCHYARD_PROJECT_DIR: project });
  const run = (...argv: readonly string[]) => runCliProcess(argv, stateDir, environment());
  const status = async (): Promise<Status> => {
    const { code, stdout, stderr } = await run("release", "status", "train", "--format", "json");
    assert.equal(code, 0, stderr);
    return JSON.parse(stdout) as Status;
  };

  it("begins the second when the first serves; killed it is taken up, and goes back in reverse", async () => {
    const plan = await run("release", "plan", ...systems, "--to", "example", "--format", "json");
    assert.equal(plan.code, 0, plan.stderr);
    const { digest, order } = JSON.parse(plan.stdout) as { digest: string; order: readonly string[] };
    assert.deepEqual(order, systems);
    assert.match(digest, /^sha256:/);
    const first = startCli(
      ["release", "start", ...systems, "--to", "example", ...fast],
      stateDir,
      environment(),
    );
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
    const back = await run("release", "rollback", "train", "--reason", "its process is gone");
    assert.equal(back.code, 1, back.stdout + back.stderr);
    assert.match(back.stderr, /tesoro-xp: (aborted|rolledBack)[\s\S]*kirana-inventory: rolledBack/);
    const { outcome, releases } = await status();
    assert.equal(outcome, "rolledBack");
    assert.equal(releases[0]!.outcome, "rolledBack");
    assert.match(releases[0]!.place, /rollback of train train-\S+: its process is gone/);
    const verified = await run("release", "verify", "train");
    assert.equal(verified.code, 0, verified.stdout + verified.stderr);
    const history = await run("release", "history", "train");
    assert.match(history.stdout, /^train-\S+ {2}rolledBack /);
  });
});
