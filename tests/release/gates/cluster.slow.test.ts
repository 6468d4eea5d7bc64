import assert from "node:assert/strict";
import type { ApiClient } from "../../../local/cluster/api-client";
import { backendAnnotation, jobAnnotation } from "../../../local/cluster/kubelet/backend-annotation";
import { clusterFiles } from "../../../local/cluster/paths";
import { startTraffic, stopTraffic } from "../../../local/traffic/daemon";
import { surroundingsOf } from "../../../release/clients/surroundings";
import { systemClock } from "../../../release/engine/system-clock";
import type { Asking } from "../../../release/gates/asking";
import type { GateContext, Sample } from "../../../release/gates/gate-provider";
import { inNetworkProvider } from "../../../release/gates/in-network";
import { suiteProvider } from "../../../release/gates/suite";
import { mapAt } from "../../../release/targets/json";
import { deployment, paths, podTemplate, rollOut, TestCluster } from "../../local/cluster/support";
import { until } from "../../support/until";
import { candidateImage, facts } from "../data/fakes";
import { checkGate, contextAt } from "../support/gates";

/**
 * What is real: API server, controllers, front, and the way of every question. What is emulated: the pods, which say what
 * their annotations tell. The API server's own proxy, by which staging and production ask pods, has no way to them here.
 */
describe("gates, asked of a cluster", function () {
  this.timeout(120_000);
  const cluster = new TestCluster();
  const cronJobs = "/apis/batch/v1/namespaces/default/cronjobs";
  const release = "case-management-20261121-101500";
  let api: ApiClient;

  before(async () => {
    await cluster.start();
    api = cluster.api();
    const health = {
      paths: { "/health": { body: { status: "UP" } }, "/sick": { status: 503, body: { status: "DOWN" } } },
    };
    const annotations = { [backendAnnotation]: JSON.stringify(health) };
    await rollOut(api, deployment("backend-green", 1, podTemplate("backend-green", { annotations })));
    await api.apply(`${paths.services}/backend-green`, {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "backend-green" },
      spec: { selector: { app: "backend-green" }, ports: [{ port: 80, targetPort: "http" }] },
    });
    await cronJob("check-green", {}, { app: "backend" });
    await cronJob("broken-green", { exitCode: 2, message: "orders: a row is gone" }, { app: "backend" });
    await cronJob(
      "ask-cache",
      { message: "42" },
      { "switchyard.dev/store": "redis", "switchyard.dev/work": "ask" },
    );
    await startTraffic({ stateDir: cluster.stateDir });
  });
  after(async () => {
    await stopTraffic(cluster);
    await cluster.remove();
  });

  async function cronJob(name: string, outcome: object, labels: Record<string, string>): Promise<void> {
    const template = podTemplate(name, {
      annotations: { [jobAnnotation]: JSON.stringify({ durationSeconds: 0.2, ...outcome }) },
      spec: { restartPolicy: "Never" },
      container: { image: candidateImage },
    });
    const { metadata, spec } = template;
    await api.apply(`${cronJobs}/${name}`, {
      apiVersion: "batch/v1",
      kind: "CronJob",
      metadata: { name, labels },
      spec: {
        schedule: "0 0 1 1 *",
        suspend: true,
        jobTemplate: {
          spec: {
            backoffLimit: 0,
            template: { metadata: { ...metadata, labels: { ...metadata.labels, ...labels } }, spec },
          },
        },
      },
    });
  }

  function asking(): Asking {
    const env = {
      SWITCHYARD_STATE_DIR: cluster.stateDir,
      KUBECONFIG: clusterFiles(cluster.stateDir).kubeconfig,
    };
    return { surroundings: surroundingsOf("dev", env), view: { release } } as unknown as Asking;
  }
  function context(): GateContext {
    const own = facts();
    const track = own.tracks[0]!;
    const target = { ...track.target, namespace: "default" } as typeof track.target;
    return {
      ...contextAt("http://127.0.0.1:1", { environment: "dev", clock: systemClock() }),
      facts: { ...own, cluster: { namespace: "default" }, tracks: [{ ...track, target }] },
      manifest: {
        system: "case-management",
        version: "1",
        components: { backend: { image: candidateImage } },
      },
      candidate: { "case-management-track": "green" },
    };
  }
  function said(sample: Sample): string {
    if (sample.kind === "nothing") return `nothing: ${sample.why}`;
    assert.ok(sample.kind === "answer");
    return `${sample.holds}: ${sample.seen}`;
  }
  const suite = (task: string, name = task) =>
    checkGate(
      { provider: "suite", suite: "s", run: { as: "task", task }, atMostFailed: 0, atLeastPassed: 1 },
      { name, timeoutSeconds: 60 },
    );
  const question = (target: "redis" | "pod", asked: string, path: string, value: string | number) =>
    checkGate(
      { provider: "inNetwork", target, question: asked, expects: [{ path, operator: "equals", value }] },
      { name: `ask-${target}`, timeoutSeconds: 60 },
    );

  it("a suite is a Job of the candidate's colour, and each look another one", async () => {
    const provider = suiteProvider(asking(), ".");
    const began = context();
    for (let look = 0; look < 4; look++)
      assert.match(said(await provider.look(suite("check"), began)), /^true: 1 passed/);
    const { items } = await api.call<{ items: readonly object[] }>("GET", paths.jobs);
    const looks = items.filter(
      (job) => mapAt(job, "metadata", "annotations")["switchyard.dev/release"] === release,
    );
    assert.ok(looks.length >= 3 && looks.length <= 4, String(looks.length));
  });

  it("a suite that fails says why", async () => {
    const seen = said(await suiteProvider(asking(), ".").look(suite("broken"), context()));
    assert.match(seen, /^false: .*exit code 2.*orders: a row is gone/);
  });

  it("a look of a process that ended is taken up by the next", async () => {
    const began = context();
    const stop = new AbortController();
    const count = async () => (await api.call<{ items: readonly object[] }>("GET", paths.jobs)).items.length;
    const before = await count();
    const cut = suiteProvider(asking(), ".").look(suite("check", "cut-off"), {
      ...began,
      signal: stop.signal,
    });
    const ended = assert.rejects(cut, /ended/);
    await until("the Job is made", async () => (await count()) === before + 1);
    stop.abort(new Error("ended"));
    await ended;
    assert.match(said(await suiteProvider(asking(), ".").look(suite("check", "cut-off"), began)), /^true/);
    assert.equal(await count(), before + 1, "no second Job was made");
  });

  it("a store answers by its Job", async () => {
    const provider = inNetworkProvider(asking());
    assert.match(
      said(await provider.look(question("redis", "DBSIZE", "$", 42), context())),
      /^true: the answer is 42/,
    );
  });

  it("pods answer through the front, whatever they say", async () => {
    const provider = inNetworkProvider(asking());
    const up = question("pod", "backend-$candidate:8080/health", "status", "UP");
    assert.match(said(await provider.look(up, context())), /^true: status is "UP"/);
    const down = question("pod", "backend-$candidate:8080/sick", "status", "UP");
    assert.match(said(await provider.look(down, context())), /^false: status is "DOWN"/);
    await api.mergePatch(`${paths.deployments}/backend-green`, { spec: { replicas: 0 } });
    const deadline = Date.now() + 20_000;
    let seen = "";
    while (!seen.startsWith("nothing") && Date.now() < deadline)
      seen = said(await provider.look(up, context()));
    assert.match(seen, /^nothing: no pod answers for backend-green.default.svc/);
  });
});
