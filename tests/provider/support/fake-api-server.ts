import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { isJson, type Json, mapAt } from "../../../release/targets/json";
import { type Answer, HttpServer, type Received } from "../../release/support/http-server";

type Objects = Map<string, Json>;

/**
 * As much of an API server as a track asks for, in this process: objects by path, merge patches with their
 * precondition, namespaces that must exist, kinds that may be missing. It validates nothing and runs no controller; what
 * the real one does with a stub is shown by track.slow.test.ts.
 */
export class FakeApiServer {
  readonly objects: Objects = new Map();
  /** Without it the kind HTTPRoute is not there. */
  hasGatewayKinds = true;
  private version = 1;

  private constructor(
    /** Holds a kubeconfig and the local state. */
    readonly folder: string,
    private readonly holder: { server?: HttpServer },
  ) {}

  static async start(): Promise<FakeApiServer> {
    const folder = mkdtempSync(join(tmpdir(), "switchyard-track-"));
    const fake = new FakeApiServer(folder, {});
    fake.holder.server = await HttpServer.start((request) => fake.answer(request));
    const name = "switchyard-dev";
    const config = {
      "current-context": name,
      clusters: [{ name, cluster: { server: fake.holder.server.url } }],
      users: [{ name, user: { token: "canary-token" } }],
      contexts: [{ name, context: { cluster: name, user: name } }],
    };
    writeFileSync(fake.kubeconfig, stringify(config));
    return fake;
  }

  async stop(): Promise<void> {
    await this.holder.server!.stop();
    rmSync(this.folder, { recursive: true, force: true });
  }

  get kubeconfig(): string {
    return join(this.folder, "kubeconfig");
  }

  /** Writes beyond reads, as `PATCH /path`. */
  get writes(): readonly string[] {
    return this.holder
      .server!.received.filter(({ method }) => method !== "GET")
      .map(({ method, url }) => `${method} ${url.split("?")[0]}`);
  }

  namespace(name: string, labels: Record<string, string> = {}): void {
    this.objects.set(`/api/v1/namespaces/${name}`, { metadata: { name, labels } });
  }

  /** What the program's own apply does to a Deployment, as far as a track looks at it. */
  deploy(name: string, releaseKey: string, readyReplicas: number): void {
    const path = `/apis/apps/v1/namespaces/shop/deployments/${name}`;
    const image = "registry.test/web@sha256:0";
    this.objects.set(path, {
      metadata: { name, annotations: { "switchyard.dev/release-key": releaseKey } },
      spec: {
        replicas: mapAt(this.objects.get(path), "spec").replicas ?? 1,
        template: { spec: { containers: [{ image }] } },
      },
      status: { readyReplicas },
    });
  }

  change(path: string, patch: Json): void {
    this.objects.set(path, merged(this.objects.get(path) ?? {}, patch));
  }

  lease(system: string, lease: Json | undefined): void {
    const folder = join(this.folder, "releases", system);
    mkdirSync(folder, { recursive: true });
    if (lease === undefined) rmSync(folder, { recursive: true });
    else writeFileSync(join(folder, "lease.json"), JSON.stringify(lease));
  }

  private answer({ method, url, body }: Received): Answer {
    const path = url.split("?")[0]!;
    const sent = body === "" ? {} : (JSON.parse(body) as Json);
    if (path.includes("gateway.networking") && !this.hasGatewayKinds) {
      return { status: 404, text: "404 page not found" };
    }
    const found = this.objects.get(path);
    if (method === "GET" && /\/deployments$/.test(path)) {
      const items = [...this.objects].filter(([key]) => key.startsWith(`${path}/`)).map(([, item]) => item);
      return { status: 200, body: { items } };
    }
    if (method === "POST") return this.create(path, sent);
    if (found === undefined) return refusal(404, "NotFound", `${path} not found`);
    if (method === "DELETE") this.objects.delete(path);
    if (method === "PATCH") {
      const wanted = mapAt(sent, "metadata").resourceVersion;
      if (wanted !== undefined && wanted !== mapAt(found, "metadata").resourceVersion) {
        return refusal(409, "Conflict", "the object has been modified");
      }
      this.objects.set(path, this.stamped(merged(found, sent)));
    }
    return { status: 200, body: this.objects.get(path) ?? {} };
  }

  private create(path: string, sent: Json): Answer {
    const namespace = path.split("/namespaces/")[1]!.split("/")[0]!;
    if (!this.objects.has(`/api/v1/namespaces/${namespace}`)) {
      return refusal(404, "NotFound", `namespaces "${namespace}" not found`, { kind: "namespaces" });
    }
    const key = `${path}/${String(mapAt(sent, "metadata").name)}`;
    if (this.objects.has(key)) return refusal(409, "AlreadyExists", `${key} already exists`);
    this.objects.set(key, this.stamped(sent));
    return { status: 201, body: this.objects.get(key) };
  }

  private stamped(object: Json): Json {
    const resourceVersion = String(this.version++);
    return { ...object, metadata: { ...mapAt(object, "metadata"), resourceVersion } };
  }
}

function refusal(status: number, reason: string, message: string, details: Json = {}): Answer {
  return { status, body: { kind: "Status", status: "Failure", reason, message, details } };
}

function merged(old: Json, patch: Json): Json {
  const result: Record<string, unknown> = { ...old };
  for (const [key, value] of Object.entries(patch)) {
    const before = result[key];
    if (value === null) delete result[key];
    else result[key] = isJson(value) && isJson(before) ? merged(before, value) : value;
  }
  return result;
}
