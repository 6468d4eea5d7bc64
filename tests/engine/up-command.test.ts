import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { cloudStatus, stopCloud } from "../../local/cloud/daemon";
import type { Report } from "../../reports/model";
import { runCliProcess, startCli } from "../support/cli";
import { configureProject, makeProjectFolder, repository } from "../support/project";
import { lockHolder } from "../support/stack-lock";
import { until } from "../support/until";

/** `switchyard up` as a user runs it, from the first start to what is left after it was killed. */
describe("switchyard up", () => {
  let stateDir: string;
  /** One system is enough here: what is shown is the command. */
  let project: string;

  before(() => {
    project = makeProjectFolder();
  });
  after(() => rmSync(project, { recursive: true, force: true }));
  beforeEach(() => {
    const parent = join(repository, ".build", "states");
    mkdirSync(parent, { recursive: true });
    stateDir = mkdtempSync(join(parent, "s-"));
  });
  afterEach(async () => {
    await stopCloud({ stateDir });
    rmSync(stateDir, { recursive: true, force: true });
  });

  const run = (...argv: readonly string[]) =>
    runCliProcess(argv, stateDir, { SWITCHYARD_PROJECT_DIR: project });
  const resources = async () =>
    Object.values((await cloudStatus({ stateDir })).resources ?? {}).reduce((a, b) => a + b, 0);
  const runningWith = (text: string) =>
    processesWith(text).filter((line) => !/local\/cloud\/main/.test(line));

  it("brings dev up, and run again reports 0 changes", async () => {
    const first = await run("up");
    assert.equal(first.code, 0, first.stderr);
    assert.match(first.stdout, /^dev: \d+ created, 0 unchanged$/m);
    assert.match(first.stdout, /^policies: \d+ rules, \d+ verdicts, 0 failed, 0 undecided$/m);
    const second = await run("up");
    assert.equal(second.code, 0, second.stderr);
    assert.match(second.stdout, /^dev: 0 changes, \d+ unchanged$/m);
  });

  it("leaves a state on which check gives the verdicts of a preview, also with the cloud stopped", async () => {
    assert.equal((await run("check")).code, 1, "there is nothing to check yet");
    const up = await run("up");
    assert.equal(up.code, 0, up.stderr);
    const verdicts = async (command: string) => {
      const { code, stdout, stderr } = await run(command, "--format", "json");
      assert.equal(code, 0, stderr);
      const { policies } = JSON.parse(stdout) as Report;
      return policies.map(({ rule, level, verdict, urn }) => ({ rule, level, verdict, urn }));
    };
    const previewed = await verdicts("preview");
    await stopCloud({ stateDir });
    const checked = await verdicts("check");
    assert.ok(checked.length > 200, String(checked.length));
    assert.deepEqual(checked, previewed);
  });

  it("brings dev up again after it was destroyed, although the vault's name is kept as Azure keeps it", async () => {
    assert.equal((await run("up")).code, 0);
    const { stdout } = await run("env");
    const destroy = spawnSync("bash", ["-c", `${stdout}\npulumi destroy --stack dev --yes --skip-preview`], {
      cwd: project,
      encoding: "utf8",
    });
    assert.equal(destroy.status, 0, destroy.stderr);
    assert.ok(((await cloudStatus({ stateDir })).deleted ?? []).length > 0, "the vault is kept");
    const again = await run("up");
    assert.equal(again.code, 0, again.stderr);
    assert.match(again.stdout, /^dev: \d+ created, 0 unchanged$/m);
  });

  it("makes anew what a damaged state file of the cloud held", async () => {
    assert.equal((await run("up")).code, 0);
    await stopCloud({ stateDir });
    const vaults = join(stateDir, "cloud", "resources", "vaults");
    writeFileSync(join(vaults, readdirSync(vaults)[0]!), "{");
    const mended = await run("up");
    assert.equal(mended.code, 0, mended.stdout + mended.stderr);
    assert.match(mended.stderr, /could not be read/);
    assert.match(mended.stdout, /^dev: 1 created/m);
    assert.match((await run("up")).stdout, /^dev: 0 changes/m);
  });

  it("two at once: one waits for the other, and both end well", async () => {
    const both = await Promise.all([run("up"), run("up")]);
    for (const { code, stderr } of both) assert.equal(code, 0, stderr);
    const outputs = both.map(({ stdout }) => stdout).sort();
    assert.match(outputs.join("\n"), /^dev: 0 changes, \d+ unchanged$/m);
    assert.match(outputs.join("\n"), /^dev: \d+ created, 0 unchanged$/m);
  });

  /** Kills the engine of an update once there are more resources than so many; answers the process that it was. */
  const killInTheMiddle = async (present: number): Promise<number> => {
    const killed = startCli(["up"], stateDir, { SWITCHYARD_PROJECT_DIR: project });
    await until("some resources exist", async () => (await resources()) > present + 10);
    const pid = await until("the stack is locked", () => lockHolder(stateDir));
    process.kill(pid, "SIGKILL");
    assert.equal((await killed.ended).code, 1);
    assert.ok(lockHolder(stateDir) !== undefined, "the killed update has left its lock");
    return pid;
  };
  const converges = async (pid: number, said: RegExp) => {
    const next = await run("up");
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stderr, new RegExp(`Cleared the lock .*process ${pid} `));
    assert.match(next.stderr, said);
    const third = await run("up");
    assert.match(third.stdout, /^dev: 0 changes, \d+ unchanged$/m);
    await until("no process of the killed update is left", () => runningWith(stateDir).length === 0);
  };

  it("begins anew by itself after pulumi was killed in the first update, which saves nothing before its end", async () => {
    await converges(await killInTheMiddle(0), /local cloud and cluster begin anew/);
  });

  it("goes on by itself after pulumi was killed in a later update, with what that had created", async () => {
    assert.equal((await run("up")).code, 0);
    const before = await resources();
    configureProject(project, { "switchyard:systems": ["kirana-inventory", "tesoro-xp"] });
    try {
      const killed = await killInTheMiddle(before);
      // As a kill leaves it that comes while the backend writes this file in place.
      writeFileSync(join(stateDir, "backend", ".pulumi", "stacks", "switchyard", "dev.json.attrs"), "");
      await converges(killed, /^Was creating when the last update was ended, will be looked at again: urn:/m);
    } finally {
      configureProject(project, {});
    }
  });

  it("Ctrl-C in the middle keeps what is finished, leaves no process and no lock, and can be taken up again", async () => {
    const stopped = startCli(["up"], stateDir, { SWITCHYARD_PROJECT_DIR: project });
    await until("some resources exist", async () => (await resources()) > 10);
    stopped.child.kill("SIGINT");
    const { code, stderr } = await stopped.ended;
    assert.equal(code, 1);
    assert.match(stderr, /Run the same command again to go on\.\s*$/);
    assert.equal(lockHolder(stateDir), undefined);
    await until("no process is left", () => runningWith(stateDir).length === 0);
    const next = await run("up");
    assert.equal(next.code, 0, next.stderr);
  });

  it("after env plain pulumi previews dev with 0 changes", async () => {
    const stackFile = join(project, "Pulumi.dev.yaml");
    const before = readFileSync(stackFile, "utf8");
    const up = await run("up");
    assert.equal(up.code, 0, up.stderr);
    const { stdout } = await run("env");
    const script = `set -eu\n${stdout}\npulumi preview --stack dev --non-interactive --expect-no-changes`;
    const plain = spawnSync("bash", ["-c", script], {
      cwd: project,
      encoding: "utf8",
      env: { PATH: process.env.PATH, HOME: process.env.HOME, SWITCHYARD_STATE_DIR: stateDir },
    });
    assert.equal(plain.status, 0, `${plain.stdout}\n${plain.stderr}`);
    assert.equal(readFileSync(stackFile, "utf8"), before, "plain pulumi has changed Pulumi.dev.yaml");
  });

  it("names the stacks that exist when it is given another", async () => {
    const { code, stderr } = await runCliProcess(["up", "--stack", "prod"], stateDir);
    assert.equal(code, 1);
    assert.match(stderr, /There is no stack "prod".*\n.*dev, production, staging/);
  });
});

/** Command lines of processes whose environment names this state folder. */
function processesWith(text: string): string[] {
  const found: string[] = [];
  for (const pid of readdirSync("/proc").filter((name) => /^\d+$/.test(name))) {
    try {
      if (readFileSync(`/proc/${pid}/environ`, "utf8").includes(text)) {
        found.push(readFileSync(`/proc/${pid}/cmdline`, "utf8").replaceAll("\0", " "));
      }
    } catch {
      // It ended meanwhile, or belongs to somebody else.
    }
  }
  return found;
}
