import { strict as assert } from "node:assert";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { runCliProcess, startCli } from "../support/cli";
import { configureProject, makeProjectFolder, repository } from "../support/project";
import { lockHolder } from "../support/stack-lock";
import { until } from "../support/until";

/** What an update had made of a cluster's objects when pulumi was killed is taken up by the next one. */
describe("switchyard up of a system on the cluster, killed", () => {
  let stateDir: string;
  let project: string;

  before(() => {
    project = makeProjectFolder();
    const parent = join(repository, ".build", "states");
    mkdirSync(parent, { recursive: true });
    stateDir = mkdtempSync(join(parent, "s-"));
  });
  after(async () => {
    await run("cloud", "stop");
    rmSync(stateDir, { recursive: true, force: true });
    rmSync(project, { recursive: true, force: true });
  });

  const run = (...argv: readonly string[]) =>
    runCliProcess(argv, stateDir, { SWITCHYARD_PROJECT_DIR: project });
  const use = (...systems: readonly string[]) => configureProject(project, { "switchyard:systems": systems });

  it("goes on by itself with the objects that exist, and leaves nothing to change", async () => {
    use("platform");
    const first = await run("up");
    assert.equal(first.code, 0, first.stderr);
    const { stdout: exports } = await run("env");
    const services = () => {
      const list = "kubectl get services -n case-management -o name";
      return spawnSync("bash", ["-c", `${exports}\n${list}`], { encoding: "utf8" }).stdout.match(
        /^service\//gm,
      );
    };
    use("platform", "case-management");
    const killed = startCli(["up"], stateDir, { SWITCHYARD_PROJECT_DIR: project });
    await until(
      "some of its objects exist, and others are being made",
      () => (services()?.length ?? 0) > 1 && makesClusterObjects(stateDir),
      180_000,
    );
    const pid = await until("the stack is locked", () => lockHolder(stateDir));
    process.kill(pid, "SIGKILL");
    assert.equal((await killed.ended).code, 1);

    const next = await run("up");
    assert.equal(next.code, 0, next.stderr);
    assert.match(next.stderr, new RegExp(`Cleared the lock .*process ${pid} `));
    assert.match(next.stderr, /^Was creating .*, will be looked at again: urn:.*\$kubernetes:/m);
    assert.match((await run("up")).stdout, /^dev: 0 changes, \d+ unchanged$/m);
  });
});

/** Whether the state, as it is saved, has objects of the cluster that are being created. */
function makesClusterObjects(stateDir: string): boolean {
  const file = join(stateDir, "backend", ".pulumi", "stacks", "switchyard", "dev.json");
  const { checkpoint } = JSON.parse(readFileSync(file, "utf8")) as {
    checkpoint: {
      latest: { pending_operations?: readonly { type: string; resource: { urn: string } }[] };
    };
  };
  const pending = checkpoint.latest.pending_operations ?? [];
  return pending.some(({ type, resource }) => type === "creating" && resource.urn.includes("$kubernetes:"));
}
