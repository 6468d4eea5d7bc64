import assert from "node:assert/strict";
import { existsSync, rmSync, statSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { setTimeout as delay } from "node:timers/promises";
import { request } from "undici";
import { contractRules } from "../../cli/engine/prometheus";
import type { ApiClient } from "../../local/cluster/api-client";
import { callKubelet, readKubeletEndpoint } from "../../local/cluster/kubelet/endpoint";
import type { PodRow } from "../../local/cluster/kubelet/pod-table";
import { endProcess, lives } from "../../local/daemon/end-process";
import { type PrometheusEndpoint, startPrometheus, stopPrometheus } from "../../local/prometheus/daemon";
import { readServerProcess } from "../../local/prometheus/endpoint";
import { prometheusFiles } from "../../local/prometheus/paths";
import { ensurePrometheus } from "../../local/toolchain/ensure-prometheus";
import { faster, withSides } from "../../release/gates/promql";
import { contracts } from "../../runbooks/contracts";
import { kiranaStore } from "../../runbooks/kirana-store";
import type { Entry } from "../../runbooks/vocabulary";
import { TestCluster } from "../local/cluster/support";
import { goldenStack } from "../policies/support/golden-stack";
import { until } from "../support/until";
import { requireTool } from "./support/tool";

interface KubernetesObject {
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** Times are shorter by this: five minutes are ten seconds. */
const speed = 30;
const scrapeSeconds = 0.5;
/** Paths that a store's, a shop's and a case worker's users ask for; limits of their own hang on some. */
const paths = ["/", "/api/search/rice", "/api/permissions", "/api/orders", "/api/payments/new", "/api/cases"];

const { port: backendPort } = kiranaStore.components.backend;

/** Collections of what is applied, in this order. */
const collections: Readonly<Record<string, string>> = {
  "kubernetes:core/v1:Namespace": "/api/v1/namespaces",
  "kubernetes:core/v1:ServiceAccount": "/api/v1/namespaces/NAMESPACE/serviceaccounts",
  "kubernetes:azmonitoring.coreos.com/v1:PodMonitor":
    "/apis/azmonitoring.coreos.com/v1/namespaces/NAMESPACE/podmonitors",
  "kubernetes:apps/v1:Deployment": "/apis/apps/v1/namespaces/NAMESPACE/deployments",
};

interface Measured {
  readonly title: string;
  readonly query: string;
  /** Query and lowest value of the number of events. */
  readonly sample?: readonly [string, number];
}

/** What gates of dev ask Prometheus, at a rehearsal's pace; the colour that is asked about has traffic. */
const measured: readonly Measured[] = contracts.flatMap(({ system, entries }) =>
  entries.filter(asksPrometheus).map(({ name, measurement, minimumSample }) => {
    const filled = (query: string) =>
      faster(
        withSides(query, () => "green"),
        speed,
      );
    return {
      title: `${system} ${name}`,
      query: filled(measurement.query),
      ...(minimumSample.of === "events" && {
        sample: [filled(minimumSample.query), minimumSample.atLeast] as const,
      }),
    };
  }),
);

type PrometheusGate = Extract<Entry, { word: "metricGate" }> & {
  readonly measurement: { readonly provider: "prometheus"; readonly query: string };
};

function asksPrometheus(entry: Entry): entry is PrometheusGate {
  return (
    entry.word === "metricGate" && entry.measurement.provider === "prometheus" && entry.on.includes("dev")
  );
}

/**
 * The Prometheus of dev on a real API server with the pods, monitors and rules of the dev stack. Alerts that need hours
 * are not waited for; that rules are right is shown by promtool.
 */
describe("the Prometheus of dev", function () {
  this.timeout(240_000);
  const cluster = new TestCluster();
  const { stateDir } = cluster;
  const stop = new AbortController();
  let api: ApiClient;
  let binary: string;
  let endpoint: PrometheusEndpoint;
  let load: Promise<void> = Promise.resolve();

  const start = () => startPrometheus({ stateDir, binary, rules: contractRules(speed), scrapeSeconds });

  before(async function () {
    requireTool(this, "prometheus");
    ({ path: binary } = await ensurePrometheus());
    await cluster.start();
    api = cluster.api();
    await declareDev(api);
    await everyDeploymentReady(api);
    endpoint = await start();
    load = askPods(stateDir, stop.signal);
  });

  after(async () => {
    stop.abort();
    await load;
    await stopPrometheus({ stateDir });
    await cluster.remove();
  });

  it("has a target for every pod that a monitor selects, up and with the labels of the contracts", async () => {
    const targets = await until("every target is up", async () => {
      const found = await activeTargets(endpoint);
      const pods = found.filter(({ labels }) => labels.pod !== undefined);
      return pods.length >= 12 && found.every(({ health }) => health === "up") && found;
    });
    const backend = targets.find(
      ({ labels }) => labels.job === "kirana-store-backend" && labels.deployment === "green",
    );
    assert.ok(backend, targets.map(({ labels }) => `${labels.job} ${labels.deployment}`).join());
    const { namespace, pod = "", container, instance = "", endpoint: port } = backend.labels;
    assert.deepEqual(
      [namespace, container, port],
      ["kirana-store", "kirana-store-backend", String(backendPort)],
    );
    assert.match(pod, /^kirana-store-backend-green-/);
    assert.match(instance, new RegExp(`^10\\.244\\.\\d+\\.\\d+:${backendPort}$`));
  });

  it("answers every question of the contracts' gates that hold on dev, from enough events", async () => {
    assert.ok(measured.length > 20, String(measured.length));
    let missing: readonly string[] = [];
    await until(
      "every gate has data",
      async () => {
        missing = await unanswered(endpoint);
        return missing.length === 0;
      },
      60_000,
    ).catch((error: unknown) => {
      assert.deepEqual(missing, [], String(error));
    });
  });

  it("has loaded the rules of every contract, which are evaluated, and no critical one fires", async () => {
    interface Group {
      readonly rules: readonly {
        name: string;
        health: string;
        state: string;
        labels: { severity?: string };
      }[];
    }
    const rules = await until("every rule was evaluated", async () => {
      const { groups } = await get<{ groups: readonly Group[] }>(endpoint, "/api/v1/rules");
      const all = groups.flatMap((group) => group.rules);
      return all.length > 40 && all.every(({ health }) => health === "ok") && all;
    });
    const firing = rules.filter(({ state, labels }) => state === "firing" && labels.severity === "critical");
    assert.deepEqual(
      firing.map(({ name }) => name),
      [],
    );
  });

  it("drops the targets of a side that is scaled down, and has them again with the next", async () => {
    const deployment = "/apis/apps/v1/namespaces/kirana-store/deployments/kirana-store-frontend-blue";
    const count = 'count(up{job="kirana-store-frontend",deployment="blue"} == 1)';
    await until("it is seen", async () => (await value(endpoint, count)) === 1);
    await api.mergePatch(`${deployment}/scale`, { spec: { replicas: 0 } });
    await until("it is gone", async () => (await value(endpoint, count)) === undefined);
    await api.mergePatch(`${deployment}/scale`, { spec: { replicas: 2 } });
    await until("both are seen", async () => (await value(endpoint, count)) === 2);
  });

  it("has the target of a pod that came while its server was being started", async () => {
    const deployment = "/apis/apps/v1/namespaces/kirana-store/deployments/kirana-store-frontend-blue";
    const count = 'count(up{job="kirana-store-frontend",deployment="blue"} == 1)';
    await stopPrometheus({ stateDir });
    const { configuration } = prometheusFiles(stateDir);
    rmSync(configuration, { force: true });
    const late = join(stateDir, "late-prometheus");
    writeFileSync(
      late,
      `#!/bin/sh\nuntil [ -e '${late}.may' ]; do sleep 0.1; done\nexec '${binary}' "$@"\n`,
      {
        mode: 0o700,
      },
    );
    const starting = startPrometheus({ stateDir, binary: late, rules: contractRules(speed), scrapeSeconds });
    await until("its targets were written", () => existsSync(configuration));
    await api.mergePatch(`${deployment}/scale`, { spec: { replicas: 3 } });
    await until("the pods serve", async () => {
      const { status } = await api.call<{ status: { readyReplicas?: number } }>("GET", deployment);
      return status.readyReplicas === 3;
    });
    // The keeper looks at the pods' ports every second.
    await delay(2_000);
    writeFileSync(`${late}.may`, "");
    endpoint = await starting;
    await until("all three are seen", async () => (await value(endpoint, count)) === 3);
    endpoint = await start();
  });

  it("takes up a monitor that comes later, and forgets one that goes", async () => {
    const path = "/apis/azmonitoring.coreos.com/v1/namespaces/kirana-store/podmonitors/late";
    await api.apply(path, {
      apiVersion: "azmonitoring.coreos.com/v1",
      kind: "PodMonitor",
      metadata: { name: "late" },
      spec: {
        selector: { matchExpressions: [{ key: "app", operator: "In", values: ["kirana-store-backend"] }] },
        podMetricsEndpoints: [{ targetPort: backendPort, path: "/metrics" }],
      },
    });
    await until(
      "it is scraped",
      async () => (await value(endpoint, 'min(up{job="kirana-store/late"})')) === 1,
    );
    await api.call("DELETE", path);
    await until(
      "it is forgotten",
      async () => (await value(endpoint, 'count(up{job="kirana-store/late"})')) === undefined,
    );
  });

  it("refuses whoever has no token, and whatever is no question", async () => {
    assert.equal((await ask(endpoint, "/api/v1/query?query=1", {})).status, 401);
    assert.equal((await ask(endpoint, "/api/v1/query?query=1", { authorization: "Bearer x" })).status, 401);
    for (const path of ["/-/quit", "/api/v1/admin/tsdb/snapshot", "/metrics", "/api/v1/write"])
      assert.equal((await ask(endpoint, path)).status, 404, path);
    const files = prometheusFiles(stateDir);
    assert.equal(statSync(files.folder).mode & 0o777, 0o700);
    for (const file of [files.endpoint, files.configuration, files.webConfiguration])
      assert.equal(statSync(file).mode & 0o777, 0o600, file);
  });

  it("is the same for the next caller, and has its history after its server was killed", async () => {
    assert.deepEqual(await start(), endpoint);
    const server = readServerProcess(stateDir)!;
    process.kill(server.pid, "SIGKILL");
    await until("it was started again", () => {
      const again = readServerProcess(stateDir);
      return again !== undefined && again.pid !== server.pid && lives(again);
    });
    const before = 'sum(count_over_time(up{job="kube-state-metrics"}[10m]))';
    await until("it answers", async () => ((await value(endpoint, before)) ?? 0) > 20);
  });

  it("is replaced after its keeper was killed, and leaves no process behind", async () => {
    const left = readServerProcess(stateDir)!;
    process.kill(endpoint.pid, "SIGKILL");
    await until("the keeper is gone", () => !lives(endpoint));
    assert.ok(lives(left), "the server runs on without its keeper");
    endpoint = await start();
    assert.equal(lives(left), false);
    assert.notEqual(await value(endpoint, "vector(1)"), undefined);
    assert.equal(await stopPrometheus({ stateDir }), true);
    assert.equal(readServerProcess(stateDir), undefined);
    assert.equal(await stopPrometheus({ stateDir }), false);
  });

  it("says what is missing when the cluster does not run", async () => {
    await endProcess(endpoint, "the keeper", 5_000);
    await assert.rejects(
      startPrometheus({ stateDir: `${stateDir}-none`, binary }),
      /the local cluster does not run/,
    );
  });
});

async function everyDeploymentReady(api: ApiClient): Promise<void> {
  interface Deployment {
    readonly spec: { readonly replicas?: number };
    readonly status: { readonly readyReplicas?: number };
  }
  await until("every Deployment has its pods", async () => {
    const { items } = await api.call<{ items: readonly Deployment[] }>("GET", "/apis/apps/v1/deployments");
    return items.every(({ spec, status }) => (status.readyReplicas ?? 0) === (spec.replicas ?? 1));
  });
}

async function declareDev(api: ApiClient): Promise<void> {
  const stack = goldenStack("dev");
  for (const [type, collection] of Object.entries(collections)) {
    const [, apiVersion = "", kind] = /^kubernetes:(?:core\/)?([^:]+):(\w+)$/.exec(type) ?? [];
    for (const { inputs } of stack.filter((each) => each.type === type)) {
      const object = inputs as unknown as KubernetesObject;
      const { name, namespace = "" } = object.metadata;
      if (kind === "Deployment" && !JSON.stringify(object).includes("local.switchyard.dev/backend")) continue;
      await api.apply(`${collection.replace("NAMESPACE", namespace)}/${name}`, {
        ...object,
        apiVersion,
        kind,
      });
    }
  }
}

/** Requests to each pod of a component, as fast as one after the other goes. */
async function askPods(stateDir: string, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    const kubelet = readKubeletEndpoint(stateDir);
    const pods = kubelet ? await callKubelet<PodRow[]>(kubelet, "GET", "/pods").catch(() => []) : [];
    for (const { labels, ports } of pods) {
      if (labels.deployment === undefined) continue;
      for (const port of Object.values(ports)) {
        await Promise.all(
          paths.map(async (path) => {
            // A pod that is being ended takes no more requests.
            const answer = await request(`http://127.0.0.1:${port}${path}`).catch(() => undefined);
            await answer?.body.dump();
          }),
        );
      }
    }
    await delay(100, undefined, { signal }).catch(() => {});
  }
}

async function unanswered(endpoint: PrometheusEndpoint): Promise<readonly string[]> {
  const missing: string[] = [];
  for (const { title, query, sample } of measured) {
    const number = await value(endpoint, query);
    if (number === undefined || !Number.isFinite(number)) missing.push(`${title}: ${number}: ${query}`);
    if (sample === undefined) continue;
    const events = await value(endpoint, sample[0]);
    if (!(events !== undefined && events >= sample[1]))
      missing.push(`${title}: ${events} events of ${sample[1]}: ${sample[0]}`);
  }
  return missing;
}

/** One number, or undefined for an empty answer. */
async function value(endpoint: PrometheusEndpoint, query: string): Promise<number | undefined> {
  interface Answer {
    readonly result: readonly { readonly value: readonly [number, string] }[];
  }
  const { result } = await get<Answer>(endpoint, `/api/v1/query?${new URLSearchParams({ query })}`);
  assert.ok(result.length <= 1, `${query}: ${result.length} series`);
  const text = result[0]?.value[1];
  return text === undefined ? undefined : Number(text);
}

interface Target {
  readonly health: string;
  readonly labels: Readonly<Record<string, string | undefined>>;
}

async function activeTargets(endpoint: PrometheusEndpoint): Promise<readonly Target[]> {
  return (await get<{ activeTargets: readonly Target[] }>(endpoint, "/api/v1/targets")).activeTargets;
}

async function get<T>(endpoint: PrometheusEndpoint, path: string): Promise<T> {
  const { status, body } = await ask(endpoint, path);
  assert.equal(status, 200, `${path}: ${body}`);
  return (JSON.parse(body) as { data: T }).data;
}

async function ask(
  { url, token }: PrometheusEndpoint,
  path: string,
  headers: Readonly<Record<string, string>> = { authorization: `Bearer ${token}` },
): Promise<{ status: number; body: string }> {
  const { statusCode, body } = await request(`${url}${path}`, { headers });
  return { status: statusCode, body: await body.text() };
}
