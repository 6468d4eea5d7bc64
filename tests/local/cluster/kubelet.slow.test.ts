import assert from "node:assert/strict";
import { type ApiClient, isNotFound } from "../../../local/cluster/api-client";
import { clusterStatus } from "../../../local/cluster/daemon";
import {
  backendAnnotation,
  jobAnnotation,
  type PodBackendInput,
} from "../../../local/cluster/kubelet/backend-annotation";
import {
  callKubelet,
  type KubeletEndpoint,
  readKubeletEndpoint,
} from "../../../local/cluster/kubelet/endpoint";
import type { Pod, PodStatus } from "../../../local/cluster/kubelet/pod";
import type { NewPodFault } from "../../../local/cluster/kubelet/pod-faults";
import type { PodRow } from "../../../local/cluster/kubelet/pod-table";
import { lives } from "../../../local/daemon/end-process";
import { until } from "../../support/until";
import { deployment, paths, podTemplate, rollOut, TestCluster } from "./support";

type Full = Pod & { status: PodStatus };

/** What these tests do not show: containers, images and networks, which the kubelet emulates. */
describe("emulated kubelet", function () {
  this.timeout(120_000);
  const cluster = new TestCluster();
  let api: ApiClient;
  before(async () => {
    await cluster.start();
    api = cluster.api();
  });
  after(() => cluster.remove());

  const backend = (input: PodBackendInput) => ({ [backendAnnotation]: JSON.stringify(input) });
  const podsOf = async (name: string) =>
    (await api.call<{ items: Full[] }>("GET", `${paths.pods}?labelSelector=app%3D${name}`)).items;
  const onlyPod = async (name: string) => (await podsOf(name))[0]!;
  const stateOf = ({ status }: Full) => status.containerStatuses?.[0];
  const rowsOf = async (name: string) =>
    ((await clusterStatus(cluster))?.pods ?? []).filter(({ labels }) => labels.app === name);
  const kubelet = () => readKubeletEndpoint(cluster.stateDir) as KubeletEndpoint;
  const addFault = (fault: NewPodFault) => callKubelet(kubelet(), "POST", "/faults", fault);
  const clearFaults = () => callKubelet(kubelet(), "DELETE", "/faults");
  const ask = async ({ ports }: PodRow, path = "/") =>
    (await fetch(`http://127.0.0.1:${ports[8080]}${path}`)).status;
  afterEach(clearFaults);

  it("makes three replicas available, whose addresses fill the Service's EndpointSlice and answer", async () => {
    const began = Date.now();
    await rollOut(api, deployment("web", 3, podTemplate("web", { annotations: backend({ version: "7" }) })));
    console.log(`      available after ${Date.now() - began} ms`);
    const service = {
      apiVersion: "v1",
      kind: "Service",
      metadata: { name: "web" },
      spec: { selector: { app: "web" }, ports: [{ port: 80, targetPort: "http" }] },
    };
    await api.apply(`${paths.services}/web`, service);
    const addresses = await until("the slice holds three ready endpoints", async () => {
      type Slice = { endpoints: { addresses: string[]; conditions: { ready: boolean } }[] };
      const { items } = await api.call<{ items: Slice[] }>(
        "GET",
        `${paths.slices}?labelSelector=kubernetes.io%2Fservice-name%3Dweb`,
      );
      const ready = items
        .flatMap(({ endpoints }) => endpoints ?? [])
        .filter(({ conditions }) => conditions.ready);
      return ready.length === 3 && ready.flatMap((each) => each.addresses);
    });
    const rows = await rowsOf("web");
    assert.deepEqual(rows.map(({ podIP }) => podIP).sort(), addresses.sort());
    for (const row of rows) {
      const response = await fetch(`http://127.0.0.1:${row.ports[8080]}/`);
      assert.equal(((await response.json()) as { version: string }).version, "7");
    }
  });

  it("keeps a pod unready through its start delay, and probes it really", async () => {
    const probe = { httpGet: { path: "/ready", port: "http" }, periodSeconds: 1 };
    const template = podTemplate("slow", {
      annotations: backend({ startDelaySeconds: 2 }),
      container: { readinessProbe: probe },
    });
    await api.apply(`${paths.deployments}/slow`, deployment("slow", 1, template));
    const running = await until("it runs", async () => {
      const found = await onlyPod("slow");
      return found?.status.phase === "Running" && found;
    });
    assert.equal(stateOf(running)?.ready, false);
    await until("it is ready", async () => stateOf(await onlyPod("slow"))?.ready);
    await addFault({ namespace: "default", selector: "app=slow", notReady: true });
    await until("it is not ready", async () => stateOf(await onlyPod("slow"))?.ready === false);
    assert.equal(stateOf(await onlyPod("slow"))?.restartCount, 0);
    await clearFaults();
    await until("it is ready again", async () => stateOf(await onlyPod("slow"))?.ready);
  });

  it("restarts a program whose liveness probe fails", async () => {
    const probe = { httpGet: { path: "/alive", port: 8080 }, periodSeconds: 1, failureThreshold: 2 };
    const annotations = backend({ paths: { "/alive": { status: 500 } } });
    await api.apply(
      `${paths.deployments}/sick`,
      deployment("sick", 1, podTemplate("sick", { annotations, container: { livenessProbe: probe } })),
    );
    const status = await until("it was restarted", async () => {
      const found = stateOf(await onlyPod("sick"));
      return (found?.restartCount ?? 0) > 0 && found;
    });
    assert.equal(status.lastState.terminated?.exitCode, 137);
    await api.call("DELETE", `${paths.deployments}/sick`);
  });

  it("fails and slows requests, crashes programs, and recovers when faults are cleared", async () => {
    await rollOut(api, deployment("flaky", 1));
    const row = async () => (await rowsOf("flaky"))[0]!;
    assert.equal(await ask(await row()), 200);
    await addFault({ namespace: "default", selector: "app=flaky", errorRate: 1, errorStatus: 502 });
    assert.equal(await ask(await row()), 502);
    await addFault({ namespace: "default", selector: "app=flaky", crash: true });
    const crashing = await until("it is in a crash loop", async () => {
      const found = stateOf(await onlyPod("flaky"));
      return found?.state.waiting?.reason === "CrashLoopBackOff" && found.restartCount > 1 && found;
    });
    assert.equal(crashing.lastState.terminated?.exitCode, 1);
    await clearFaults();
    await until(
      "it answers again",
      async () => stateOf(await onlyPod("flaky"))?.ready && (await ask(await row())) === 200,
    );
    await assert.rejects(addFault({ namespace: "default", selector: "app", errorRate: 3 }), /errorRate/);
  });

  it("a fault hits pods that come after it", async () => {
    await addFault({ namespace: "default", selector: "app=later", imagePullError: true });
    await api.apply(`${paths.deployments}/later`, deployment("later", 1));
    await until("its image cannot be pulled", async () =>
      stateOf(await onlyPod("later"))?.state.waiting?.reason.match(/ErrImagePull|ImagePullBackOff/),
    );
    assert.equal((await onlyPod("later")).status.phase, "Pending");
    await clearFaults();
    await until("it runs", async () => stateOf(await onlyPod("later"))?.ready);
  });

  it("serves until the preStop hook is over, and then ends within its grace", async () => {
    const lifecycle = { preStop: { sleep: { seconds: 2 } } };
    const template = podTemplate("draining", {
      spec: { terminationGracePeriodSeconds: 30 },
      container: { lifecycle },
    });
    await rollOut(api, deployment("draining", 1, template));
    const pod = await onlyPod("draining");
    const [row] = await rowsOf("draining");
    await api.call("PATCH", `${paths.deployments}/draining/scale`, {
      body: { spec: { replicas: 0 } },
      contentType: "application/merge-patch+json",
    });
    await until("it is being deleted", async () => (await onlyPod("draining"))?.metadata.deletionTimestamp);
    const began = Date.now();
    assert.equal(await ask(row!), 200, "it still serves");
    await until("it is gone", async () => (await podsOf("draining")).length === 0);
    const seconds = (Date.now() - began) / 1000;
    assert.ok(seconds > 1 && seconds < 20, `${seconds} s`);
    await assert.rejects(ask(row!));
    assert.equal(pod.spec.terminationGracePeriodSeconds, 30);
  });

  it("forces the end of a program that takes longer than its grace", async () => {
    const annotations = backend({ stopDelaySeconds: 3600 });
    const template = podTemplate("stubborn", { annotations, spec: { terminationGracePeriodSeconds: 2 } });
    await rollOut(api, deployment("stubborn", 1, template));
    await api.call("DELETE", `${paths.deployments}/stubborn`);
    await until("it is gone", async () => (await podsOf("stubborn")).length === 0, 20_000);
  });

  it("completes a Job after its duration, and fails one whose program says so", async () => {
    const job = (name: string, outcome: object) => ({
      apiVersion: "batch/v1",
      kind: "Job",
      metadata: { name },
      spec: {
        backoffLimit: 0,
        template: podTemplate(name, {
          annotations: { [jobAnnotation]: JSON.stringify(outcome) },
          spec: { restartPolicy: "Never" },
        }),
      },
    });
    await api.apply(`${paths.jobs}/well`, job("well", { durationSeconds: 1 }));
    await api.apply(
      `${paths.jobs}/ill`,
      job("ill", { durationSeconds: 0, exitCode: 3, message: "no such table" }),
    );
    type Job = { status: { succeeded?: number; failed?: number } };
    await until(
      "one has succeeded",
      async () => (await api.call<Job>("GET", `${paths.jobs}/well`)).status.succeeded === 1,
    );
    await until(
      "one has failed",
      async () => (await api.call<Job>("GET", `${paths.jobs}/ill`)).status.failed === 1,
    );
    const ill = await onlyPod("ill");
    const { terminated } = stateOf(ill)!.state;
    assert.deepEqual(
      [ill.status.phase, terminated?.exitCode, terminated?.message],
      ["Failed", 3, "no such table"],
    );
    assert.equal((await onlyPod("well")).status.phase, "Succeeded");
  });

  it("leaves a pod pending that asks for a node that there is none of, and says why; and a gated one", async () => {
    const lonely = podTemplate("lonely", { spec: { nodeSelector: { gpu: "yes" } } });
    await api.apply(`${paths.deployments}/lonely`, deployment("lonely", 1, lonely));
    const gated = podTemplate("gated", { spec: { schedulingGates: [{ name: "example.org/wait" }] } });
    await api.apply(`${paths.deployments}/gated`, deployment("gated", 1, gated));
    const condition = await until("it is said to be unschedulable", async () =>
      (await onlyPod("lonely")).status.conditions?.find(({ reason }) => reason === "Unschedulable"),
    );
    assert.match(condition.message ?? "", /didn't match Pod's node/);
    await until("there is an event", async () => {
      const { items } = await api.call<{ items: { reason: string }[] }>("GET", paths.events);
      return items.some(({ reason }) => reason === "FailedScheduling");
    });
    const waiting = await onlyPod("gated");
    assert.deepEqual([waiting.status.phase, waiting.spec.nodeName], ["Pending", undefined]);
    await api.call("PATCH", `${paths.pods}/${waiting.metadata.name}`, {
      body: { spec: { schedulingGates: null } },
      contentType: "application/merge-patch+json",
    });
    await until("it runs", async () => (await onlyPod("gated")).status.phase === "Running");
  });

  it("binds what an autoscaler wants at least, and gives a claim a volume", async () => {
    await rollOut(api, deployment("scaled", 1));
    const hpa = {
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: "scaled" },
      spec: {
        scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "scaled" },
        minReplicas: 2,
        maxReplicas: 3,
      },
    };
    await api.apply("/apis/autoscaling/v2/namespaces/default/horizontalpodautoscalers/scaled", hpa);
    const pdb = {
      apiVersion: "policy/v1",
      kind: "PodDisruptionBudget",
      metadata: { name: "scaled" },
      spec: { minAvailable: 1, selector: { matchLabels: { app: "scaled" } } },
    };
    const pdbPath = "/apis/policy/v1/namespaces/default/poddisruptionbudgets/scaled";
    await api.apply(pdbPath, pdb);
    await until(
      "two pods run",
      async () => (await podsOf("scaled")).filter((each) => stateOf(each)?.ready).length === 2,
    );
    await until("one may be disrupted", async () => {
      const { status } = await api.call<{ status: { disruptionsAllowed: number } }>("GET", pdbPath);
      return status.disruptionsAllowed === 1;
    });
    const claim = {
      apiVersion: "v1",
      kind: "PersistentVolumeClaim",
      metadata: { name: "data" },
      spec: {
        storageClassName: "managed-csi",
        accessModes: ["ReadWriteOnce"],
        resources: { requests: { storage: "1Gi" } },
      },
    };
    const claimPath = "/api/v1/namespaces/default/persistentvolumeclaims/data";
    await api.apply(claimPath, claim);
    await until(
      "the claim is bound",
      async () => (await api.call<{ status: { phase: string } }>("GET", claimPath)).status.phase === "Bound",
    );
  });

  it("kill -9: the next one takes the pods up with their addresses, and counts no restart", async () => {
    await rollOut(api, deployment("lasting", 2));
    await addFault({ namespace: "default", selector: "app=lasting", errorRate: 1 });
    const before = (await rowsOf("lasting")).map(({ name, podIP }) => `${name} ${podIP}`).sort();
    const killed = cluster.part("kubelet")!;
    process.kill(killed.pid, "SIGKILL");
    await until("the kubelet is dead", () => !lives(killed));
    const rows = await until("the pods answer again", async () => {
      const now = await rowsOf("lasting");
      return now.length === 2 && now.every(({ ports }) => ports[8080] !== undefined) && now;
    });
    assert.deepEqual(rows.map(({ name, podIP }) => `${name} ${podIP}`).sort(), before);
    assert.equal(await ask(rows[0]!), 500, "the fault is still there");
    for (const each of await podsOf("lasting")) assert.equal(stateOf(each)?.restartCount, 0);
    await assert.rejects(api.call("GET", `${paths.pods}/none`), isNotFound);
  });

  it("refuses who does not know its token", async () => {
    await assert.rejects(callKubelet({ ...kubelet(), token: "wrong" }, "GET", "/pods"), /access token/);
  });
});
