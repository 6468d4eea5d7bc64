import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { carriesLabels, isReadyPod } from "../../../../release/strategies/kubernetes/cluster-view";
import { isJson, type Json, listAt, mapAt } from "../../../../release/targets/json";
import { type Answer, HttpServer, type Received } from "../../support/http-server";

interface Deployed {
  readonly name: string;
  readonly app: string;
  readonly colour: string;
  readonly image: string;
  readonly version: string;
  readonly replicas: number;
}

/**
 * As much of an API server, its controllers and its kubelet as a strategy meets, in this process: objects by path, merge
 * patches with their precondition, the scale subresource, pods that are ready at once. What the real ones do is shown by
 * kubernetes.slow.test.ts.
 */
export class FakeCluster {
  readonly objects = new Map<string, Json>();
  /** Share of a Deployment's pods that become ready, by its name. */
  readonly readyShare = new Map<string, number>();
  /** Whether routes and selectors are taken up at once; what was taken up before stays. */
  takesUp = true;
  /** Called before each write is carried out. */
  beforeWrite: (path: string) => void = () => {};
  private version = 1;

  private constructor(
    readonly folder: string,
    private readonly holder: { server?: HttpServer },
  ) {}

  static async start(): Promise<FakeCluster> {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-strategies-"));
    const fake = new FakeCluster(folder, {});
    fake.holder.server = await HttpServer.start((request) => fake.answer(request));
    const name = "fake";
    const config = {
      "current-context": name,
      clusters: [{ name, cluster: { server: fake.holder.server.url } }],
      users: [{ name, user: { token: "canary-token" } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
    };
    writeFileSync(fake.kubeconfig, stringify(config));
    return fake;
  }

  get kubeconfig(): string {
    return join(this.folder, "kubeconfig");
  }

  /** Nobody answers any more. */
  async end(): Promise<void> {
    await this.holder.server!.stop();
  }

  async stop(): Promise<void> {
    await this.end();
    rmSync(this.folder, { recursive: true, force: true });
  }

  /** Writes so far, as `PATCH /path`. */
  get writes(): readonly string[] {
    return this.holder
      .server!.received.filter(({ method }) => method !== "GET")
      .map(({ method, url }) => `${method} ${url.split("?")[0]}`);
  }

  put(path: string, object: Json): void {
    this.objects.set(path, this.stamped(path.includes("/httproutes/") ? this.routed(path, object) : object));
    if (path.includes("/services/")) this.followSelector(path);
  }

  /** The gateway's controller takes up what is there, as it says by the route's status. */
  accept(path: string, status: "True" | "False" = "True"): void {
    const route = this.get(path);
    const { generation } = mapAt(route, "metadata");
    const parents = listAt(route, "spec", "parentRefs").map((parentRef) => ({
      parentRef,
      controllerName: "test/gateway",
      conditions: [
        { type: "Accepted", status, observedGeneration: generation, reason: "Tested", message: "so it is" },
      ],
    }));
    this.objects.set(path, this.stamped({ ...route, status: { parents } }));
  }

  /** The endpoints of a Service become the pods that its selector names. */
  followSelector(path: string): void {
    if (!this.takesUp) return;
    const name = path.split("/").at(-1)!;
    const isWanted = carriesLabels(mapAt(this.get(path), "spec", "selector"));
    const pods = [...this.objects].flatMap(([key, pod]) =>
      key.startsWith("/api/v1/namespaces/shop/pods/") && isWanted(pod) ? [pod] : [],
    );
    this.put(`/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/${name}-active`, {
      metadata: { name: `${name}-active`, labels: { "kubernetes.io/service-name": name } },
      endpoints: pods.map((pod) => ({
        addresses: ["10.0.1.1"],
        conditions: { ready: isReadyPod(pod) },
        targetRef: { kind: "Pod", name: mapAt(pod, "metadata").name },
      })),
    });
  }

  get(path: string): Json {
    return this.objects.get(path) ?? {};
  }

  deploy({ name, app, colour, image, version, replicas }: Deployed): void {
    const labels = { app, deployment: colour };
    const annotations = {
      "switchyard.dev/release-key": `sha256:${version}`,
      "switchyard.dev/version": version,
    };
    this.put(`/apis/apps/v1/namespaces/shop/deployments/${name}`, {
      metadata: { name, annotations, generation: 1 },
      spec: {
        replicas,
        selector: { matchLabels: labels },
        template: { metadata: { labels, annotations }, spec: { containers: [{ name: app, image }] } },
      },
    });
    this.reconcile(name);
  }

  /** What controller and kubelet do after a change of a Deployment. */
  reconcile(name: string): void {
    const path = `/apis/apps/v1/namespaces/shop/deployments/${name}`;
    const deployment = this.get(path);
    const replicas = Number(mapAt(deployment, "spec").replicas);
    const ready = Math.floor(replicas * (this.readyShare.get(name) ?? 1));
    const { metadata, spec } = mapAt(deployment, "spec", "template");
    for (const key of [...this.objects.keys()])
      if (key.startsWith(`/api/v1/namespaces/shop/pods/${name}-`)) this.objects.delete(key);
    for (let index = 0; index < replicas; index++) {
      this.put(`/api/v1/namespaces/shop/pods/${name}-${index}`, {
        metadata: { ...mapAt(metadata), name: `${name}-${index}` },
        spec,
        status: {
          conditions: [{ type: "Ready", status: index < ready ? "True" : "False" }],
          containerStatuses: index < ready ? [] : [{ state: { waiting: { reason: "CrashLoopBackOff" } } }],
        },
      });
    }
    const { generation } = mapAt(deployment, "metadata");
    const status = {
      observedGeneration: generation,
      replicas,
      updatedReplicas: replicas,
      readyReplicas: ready,
      availableReplicas: ready,
    };
    this.put(path, { ...deployment, status });
    this.put(`/apis/discovery.k8s.io/v1/namespaces/shop/endpointslices/${name}`, {
      metadata: { name, labels: { "kubernetes.io/service-name": name } },
      endpoints: Array.from({ length: ready }, (_, index) => ({
        addresses: [`10.0.0.${index}`],
        conditions: { ready: true },
      })),
    });
    for (const key of [...this.objects.keys()]) if (key.includes("/services/")) this.followSelector(key);
  }

  /** A changed spec is another generation, which the gateway takes up. */
  private routed(path: string, object: Json): Json {
    const before = this.get(path);
    const generation = Number(mapAt(before, "metadata").generation ?? 0);
    const same = JSON.stringify(before.spec) === JSON.stringify(object.spec);
    const metadata = { ...mapAt(object, "metadata"), generation: same ? generation : generation + 1 };
    if (!this.takesUp) return { ...object, metadata };
    this.objects.set(path, { ...object, metadata });
    this.accept(path);
    return this.get(path);
  }

  private answer({ method, url, body }: Received): Answer {
    const path = url.split("?")[0]!;
    if (method === "GET") return this.read(path);
    this.beforeWrite(path);
    const scaled = /^(.*)\/scale$/.exec(path)?.[1];
    const target = scaled ?? path;
    const found = this.objects.get(target);
    if (found === undefined) return refusal(404, "NotFound", `${target} not found`);
    const sent = JSON.parse(body) as Json;
    const wanted = mapAt(sent, "metadata").resourceVersion;
    if (wanted !== undefined && wanted !== mapAt(found, "metadata").resourceVersion)
      return refusal(409, "Conflict", "the object has been modified");
    const changed = merged(found, sent);
    if (scaled === undefined) this.put(target, changed);
    else {
      const metadata = mapAt(changed, "metadata");
      this.put(target, {
        ...changed,
        metadata: { ...metadata, generation: Number(metadata.generation) + 1 },
      });
      this.reconcile(target.split("/").at(-1)!);
    }
    return { status: 200, body: this.get(target) };
  }

  private read(path: string): Answer {
    const found = this.objects.get(path);
    if (found !== undefined) return { status: 200, body: found };
    if (!/\/namespaces\/shop\/[a-z]+$/.test(path)) return refusal(404, "NotFound", `${path} not found`);
    const items = [...this.objects].filter(([key]) => key.startsWith(`${path}/`)).map(([, item]) => item);
    return { status: 200, body: { items } };
  }

  private stamped(object: Json): Json {
    return { ...object, metadata: { ...mapAt(object, "metadata"), resourceVersion: String(this.version++) } };
  }
}

function refusal(status: number, reason: string, message: string): Answer {
  return { status, body: { kind: "Status", status: "Failure", reason, message } };
}

function merged(old: Json, patch: Json): Json {
  const result: Record<string, unknown> = { ...old };
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else
      result[key] = isJson(value) ? merged(isJson(result[key]) ? (result[key] as Json) : {}, value) : value;
  }
  return result;
}
