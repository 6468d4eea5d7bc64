import assert from "node:assert/strict";
import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { requireReadyCluster, requireSameCluster } from "../../cli/engine/own-cluster";
import type { ApiClient } from "../../local/cluster/api-client";
import { clusterFiles } from "../../local/cluster/paths";
import { TestCluster } from "../local/cluster/support";
import { type EngineRun, TestProject } from "../support/project";
import { until } from "../support/until";

// dev on a cluster of the developer's own (`switchyard:kubeconfig`). That cluster is one of another state folder, under a
// kubeconfig whose names are not ours: an API server like any other, only that its pods are emulated.

interface Listed {
  readonly items: readonly { readonly metadata: { readonly name: string; readonly namespace?: string } }[];
}

describe("dev on a cluster of the developer's own", function () {
  this.timeout(240_000);
  const cluster = new TestCluster();
  let kubeconfig: string;
  let api: ApiClient;
  let untouched: readonly string[];
  let project: TestProject;

  before(async () => {
    const { kubeconfig: made } = await cluster.start();
    kubeconfig = join(cluster.stateDir, "own.kubeconfig");
    const text = readFileSync(made, "utf8").replaceAll("switchyard-dev", "somewhere");
    writeFileSync(kubeconfig, text, { mode: 0o600 });
    api = cluster.api();
    untouched = await namespaces();
    project = await TestProject.create({
      config: { "switchyard:systems": ["platform", "retail-agentic"], "switchyard:kubeconfig": kubeconfig },
      savesEveryStep: false,
    });
  });
  after(async () => {
    await project?.remove();
    await cluster.remove();
  });

  const names = async (path: string) =>
    (await api.call<Listed>("GET", path)).items.map(({ metadata }) => metadata.name).sort();
  const namespaces = () => names("/api/v1/namespaces");
  const deployments = () => names("/apis/apps/v1/namespaces/retail-agentic/deployments");
  const ready = () => requireReadyCluster(project.session.workspace, project.kubernetes);

  it("starts no cluster, and its exports lead to that one", () => {
    assert.equal(project.kubernetes?.cluster, undefined);
    assert.equal(project.kubernetes?.exports.KUBECONFIG, kubeconfig);
    assert.ok(!existsSync(clusterFiles(project.stateDir).kubeconfig));
  });

  it("a namespace that somebody made is refused before anything of ours is", async () => {
    await api.call("POST", "/api/v1/namespaces", { body: { metadata: { name: "observability" } } });
    await assert.rejects(ready(), /has the namespace observability already/);
    await api.call("DELETE", "/api/v1/namespaces/observability");
    await until("the namespace is gone", async () => !(await namespaces()).includes("observability"));
  });

  it("up makes everything there, and a second one changes nothing, nor does a preview with a refresh", async () => {
    await ready();
    succeeded(await project.up());
    assert.ok((await deployments()).includes("retail-backend-blue"));
    assert.ok(!existsSync(clusterFiles(project.stateDir).folder));
    await ready();
    for (const run of [await project.up(), await project.preview("--refresh")]) {
      succeeded(run);
      assert.deepEqual(
        Object.keys(run.operations).filter((operation) => !unchanging.has(operation)),
        [],
      );
    }
  });

  it("no copy of the kubeconfig is left in the folder for temporary files", () => {
    assert.deepEqual(project.temporaryFiles, []);
  });

  it("another cluster than the recorded one is refused, the embedded one too", () => {
    const { workspace } = project.session;
    requireSameCluster(workspace, project.kubernetes?.exports.SWITCHYARD_CLUSTER_UID);
    assert.throws(
      () => requireSameCluster(workspace, "11111111-1111-4111-8111-111111111111"),
      /dev stands on the cluster with the UID .*; switchyard:kubeconfig now means the cluster with the UID 1111/,
    );
    assert.throws(() => requireSameCluster(workspace), /now means the local cluster/);
  });

  it("destroy leaves nothing of ours, and what was there", async function () {
    // The provider may miss that an object is gone, and wait for its timeout (docs/engine-notes/kubernetes.md).
    this.timeout(600_000);
    succeeded(await project.pulumi(["destroy", "--yes"]));
    await until("our namespaces are gone", async () => (await namespaces()).length === untouched.length);
    assert.deepEqual(await namespaces(), untouched);
  });
});

const unchanging = new Set(["same", "read", "refresh"]);

function succeeded(run: EngineRun): void {
  assert.equal(run.exitCode, 0, `${run.stdout.slice(-3000)}\n${run.stderr.slice(-2000)}`);
}
