import { strict as assert } from "node:assert";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { clearFaults, cloudStatus, setFault } from "../../local/cloud/daemon";
import { type EngineRun, TestProject } from "../support/project";

const program = "tests/engine/programs/two-resources.js";

/** The stand-ins under the real engine, with the smallest program that has something to update and to replace. */
describe("stand-ins under the real engine", () => {
  let project: TestProject;

  before(async () => {
    project = await TestProject.create({ program });
  });
  after(() => project.remove());

  const must = (run: EngineRun): EngineRun => {
    assert.equal(run.exitCode, 0, `${run.stdout}\n${run.stderr}`);
    return run;
  };
  const resources = async () =>
    Object.values((await cloudStatus({ stateDir: project.stateDir })).resources ?? {}).reduce(
      (a, b) => a + b,
      0,
    );

  it("preview of an empty stack creates nothing", async () => {
    assert.deepEqual(must(await project.preview()).operations, { create: 3 });
    assert.equal(await resources(), 0);
  });

  it("up creates, and a second up changes nothing", async () => {
    assert.deepEqual(must(await project.up()).operations, { create: 3 });
    assert.equal(await resources(), 2);
    assert.deepEqual(must(await project.up("--expect-no-changes")).operations, { same: 3 });
  });

  it("a changed setting updates in place", async () => {
    project.configure({ "test:minimumTlsVersion": "TLS1_0" });
    const run = must(await project.up());
    assert.deepEqual(run.operations, { same: 2, update: 1 });
  });

  it("a changed name replaces, and the old one is gone", async () => {
    project.configure({ "test:minimumTlsVersion": "TLS1_0", "test:accountName": "otheraccount" });
    const run = must(await project.up());
    assert.equal(run.operations.replace ?? 0, 1, JSON.stringify(run.operations));
    assert.equal(await resources(), 2);
  });

  it("refresh sees nothing to change after an update, and a preview with refresh neither", async () => {
    assert.equal(
      must(await project.pulumi(["refresh", "--yes", "--skip-preview", "--expect-no-changes"])).exitCode,
      0,
    );
    must(await project.preview("--refresh", "--expect-no-changes"));
  });

  it("a throttled and a failing cloud are retried", async () => {
    const endpoint = project.cloud;
    assert.ok(endpoint);
    await setFault(endpoint, { match: { method: "PUT" }, kind: "throttle", times: 1, retryAfterSeconds: 1 });
    await setFault(endpoint, { match: { method: "PUT" }, kind: "error", times: 1 });
    project.configure({ "test:minimumTlsVersion": "TLS1_2", "test:accountName": "otheraccount" });
    assert.equal(must(await project.up()).operations.update, 1);
    await clearFaults(endpoint);
  });

  it("a wrong enum value is refused in preview with the property's path", async () => {
    project.configure({ "test:minimumTlsVersion": "TLS9", "test:accountName": "otheraccount" });
    const run = await project.preview();
    assert.notEqual(run.exitCode, 0);
    assert.match(run.stdout + run.stderr, /minimumTlsVersion/);
    project.configure({ "test:accountName": "otheraccount" });
  });

  const imported = async (type: string, name: string, id: string) =>
    must(await project.pulumi(["import", type, name, id, "--yes", "--skip-preview", "--protect=false"]))
      .stdout;
  const urnAndIdOf = async (type: string) => {
    const state = JSON.parse((await project.pulumi(["stack", "export", "--stack", "dev"])).stdout) as {
      deployment: { resources: { type: string; id: string; urn: string }[] };
    };
    const resource = state.deployment.resources.find((r) => r.type === type);
    assert.ok(resource, type);
    return resource;
  };
  const forget = async (urn: string) =>
    must(await project.pulumi(["state", "delete", urn, "--stack", "dev", "--yes"]));

  it("a resource that was forgotten is imported by its id, and its code is shown", async () => {
    const type = "azure-native:storage:StorageAccount";
    const { urn, id } = await urnAndIdOf(type);
    await forget(urn);
    const shown = await imported(type, "account", id);
    assert.match(shown, /import { StorageAccount } from "@pulumi\/azure-native\/storage\/storageAccount";/);
    assert.match(shown, /const account = new StorageAccount\("account", {[^}]*kind: "StorageV2",/);
    const preview = must(await project.preview());
    assert.equal(preview.operations.create ?? 0, 0, JSON.stringify(preview.operations));
    assert.equal(preview.operations.replace ?? 0, 0, JSON.stringify(preview.operations));
  });

  it("so is one of random", async () => {
    const type = "random:index/randomId:RandomId";
    const shown = await imported(type, "suffix", "p-9hUg");
    assert.match(shown, /import { RandomId } from "@pulumi\/random\/randomId";/);
    assert.match(shown, /const suffix = new RandomId\("suffix", {[^}]*byteLength: 4,/);
    await forget((await urnAndIdOf(type)).urn);
  });

  it("destroy leaves nothing in the cloud and nothing in the state", async () => {
    must(await project.pulumi(["destroy", "--yes", "--skip-preview"]));
    assert.equal(await resources(), 0);
    const file = join(project.stateDir, "backend", ".pulumi", "stacks", "switchyard", "dev.json");
    const checkpoint = JSON.parse(readFileSync(file, "utf8")) as {
      checkpoint: { latest?: { resources?: unknown[] } };
    };
    assert.deepEqual(checkpoint.checkpoint.latest?.resources ?? [], []);
  });
});

/** Stand-ins answer for the dev stack of this project only. */
describe("stand-ins refuse under the real engine", () => {
  it("another stack: nothing is created", async () => {
    const project = await TestProject.create({ program });
    try {
      const init = await project.pulumi(["stack", "init", "staging", "--no-select"]);
      assert.equal(init.exitCode, 0, init.stderr);
      const run = await project.pulumi(["preview", "--stack", "staging"]);
      assert.notEqual(run.exitCode, 0);
      assert.match(run.stdout + run.stderr, /stack/);
      assert.deepEqual((await cloudStatus({ stateDir: project.stateDir })).resources ?? {}, {});
    } finally {
      await project.remove();
    }
  });
});
