import { KubernetesRefusal } from "../../../release/clients/kubernetes-refusal";
import type { ArmWork } from "../../../release/data/arm-work";
import type { DataContext } from "../../../release/data/data-adapter";
import type { JobCluster } from "../../../release/data/job";
import type { SecretCluster } from "../../../release/data/synced-secrets";
import type { DataWorld } from "../../../release/data/world";
import type { Clock } from "../../../release/engine/clock";
import { type Json, listAt, mapAt } from "../../../release/targets/json";
import type { ReleaseFacts } from "../../../runbooks/release-facts";

/** Time that passes when somebody sleeps. */
export class FakeClock implements Clock {
  readonly speed = 1;
  private milliseconds = 0;
  constructor(private readonly start = new Date("2026-01-28T10:15:00Z")) {}
  now(): Date {
    return new Date(this.start.getTime() + this.milliseconds);
  }
  monotonic(): number {
    return this.milliseconds;
  }
  async sleep(milliseconds: number, signal?: AbortSignal): Promise<void> {
    signal?.throwIfAborted();
    this.milliseconds += milliseconds;
    await Promise.resolve();
  }
}

export interface JobEnding {
  readonly exitCode?: number;
  readonly message?: string;
  /** Why the Job failed. @default BackoffLimitExceeded */
  readonly reason?: string;
  /** Status of the pod that its container does not say: `Evicted`. */
  readonly podReason?: string;
  readonly containerReason?: string;
  /** It never ends. */
  readonly runs?: boolean;
  readonly podGone?: boolean;
}

/**
 * As much of an API server as Jobs and the copies of a vault's secrets need; a Job ends as `endings` says, when it is looked at
 * for the second time.
 */
export class FakeJobCluster implements JobCluster, SecretCluster {
  readonly jobs = new Map<string, Json>();
  cronJobs: Json[] = [];
  /** SecretProviderClasses; undefined: the API server does not know the kind. */
  providerClasses: Json[] | undefined;
  readonly deleted: string[] = [];
  /** By the Job's name; else what `otherwise` says. */
  readonly endings = new Map<string, JobEnding>();
  otherwise: JobEnding = { exitCode: 0 };
  readonly created: string[] = [];
  /** Called before a Job is stored: what happens between reading and writing. */
  beforeCreate: (name: string) => void = () => {};
  private looks = 0;

  async find(path: string): Promise<Json | undefined> {
    const name = path.split("/").at(-1)!;
    const job = this.jobs.get(name);
    if (job === undefined) return undefined;
    const seen = this.state(name);
    return { ...job, status: seen === undefined ? {} : statusOf(seen) };
  }

  async list(path: string): Promise<readonly Json[]> {
    const [kind, query = ""] = path.split("?");
    const selector = new URLSearchParams(query).get("labelSelector");
    if (kind!.endsWith("/cronjobs")) return this.cronJobs.filter((object) => matches(object, selector));
    if (kind!.endsWith("/secretproviderclasses")) {
      if (this.providerClasses === undefined) throw new KubernetesRefusal(404, "NotFound", "no such kind");
      return this.providerClasses;
    }
    if (kind!.endsWith("/pods")) {
      const name = selector!.split("=")[1]!;
      const ending = this.state(name);
      return ending === undefined || ending.podGone ? [] : [podOf(name, ending)];
    }
    const all = await Promise.all([...this.jobs.keys()].map((name) => this.find(`/${name}`)));
    return all.filter((job): job is Json => job !== undefined && matches(job, selector));
  }

  async create(_: string, object: Json): Promise<Json> {
    const name = String(mapAt(object, "metadata").name);
    this.beforeCreate(name);
    if (this.jobs.has(name)) throw new KubernetesRefusal(409, "AlreadyExists", `${name} exists`);
    this.created.push(name);
    const creationTimestamp = new Date(Date.UTC(2026, 0, 28, 10, 15, this.jobs.size)).toISOString();
    const stored = { ...object, metadata: { ...mapAt(object, "metadata"), creationTimestamp } };
    this.jobs.set(name, stored);
    return stored;
  }

  async delete(path: string): Promise<void> {
    this.deleted.push(path);
  }

  private state(name: string): JobEnding | undefined {
    const ending = this.endings.get(name) ?? this.otherwise;
    this.looks++;
    return ending.runs === true && this.looks < 1_000 ? undefined : ending;
  }
}

function matches(object: Json, selector: string | null): boolean {
  const labels = mapAt(object, "metadata", "labels");
  return (selector ?? "")
    .split(",")
    .filter((part) => part !== "")
    .every((part) => {
      const [key, value] = part.split("=");
      return labels[key!] === value;
    });
}

function statusOf({ exitCode = 0, reason = "BackoffLimitExceeded", podGone }: JobEnding): Json {
  const succeeded = exitCode === 0 && podGone !== true;
  return {
    startTime: "2026-01-28T10:15:00Z",
    ...(succeeded && { completionTime: "2026-01-28T10:15:42Z" }),
    conditions: [{ type: succeeded ? "Complete" : "Failed", status: "True", reason }],
  };
}

function podOf(name: string, { exitCode = 0, message, podReason, containerReason }: JobEnding): Json {
  return {
    metadata: { name: `${name}-abcde`, creationTimestamp: "2026-01-28T10:15:01Z" },
    status: {
      phase: exitCode === 0 ? "Succeeded" : "Failed",
      ...(podReason !== undefined && { reason: podReason }),
      containerStatuses: [
        {
          state: {
            terminated: {
              exitCode,
              ...(message !== undefined && { message }),
              ...(containerReason !== undefined && { reason: containerReason }),
            },
          },
        },
      ],
    },
  };
}

const digest = `sha256:${"a".repeat(64)}`;
export const candidateImage = `registry.invalid/backend@${digest}`;

export function cronJob(
  name: string,
  more: {
    labels?: Record<string, string>;
    app?: string;
    image?: string;
    version?: string;
    suspend?: boolean;
  } = {},
): Json {
  return {
    metadata: {
      name,
      labels: more.labels ?? {},
      annotations: more.version === undefined ? {} : { "switchyard.dev/version": more.version },
    },
    spec: {
      suspend: more.suspend ?? true,
      jobTemplate: {
        metadata: { labels: { app: more.app ?? name } },
        spec: {
          backoffLimit: 0,
          template: {
            metadata: { labels: { app: more.app ?? name } },
            spec: {
              containers: [
                {
                  name,
                  image: more.image ?? candidateImage,
                  env: [
                    { name: "PGDATABASE", value: "case_management" },
                    { name: "PGPASSWORD", valueFrom: { secretKeyRef: { name: "s", key: "PGPASSWORD" } } },
                  ],
                },
              ],
            },
          },
        },
      },
    },
  };
}

export function containerOf(job: Json): Json {
  return mapAt(listAt(job, "spec", "template", "spec", "containers")[0]);
}

export const subscription = "/subscriptions/00000000-0000-4000-8000-0000000de000";

export function facts(more: Partial<ReleaseFacts> = {}): ReleaseFacts {
  return {
    system: "case-management",
    resourceGroupId: `${subscription}/resourceGroups/rg`,
    tracks: [
      {
        name: "case-management-track",
        components: ["backend"],
        target: {
          kind: "selector",
          namespace: "ns",
          service: "backend",
          ports: [],
          selector: {},
          components: { backend: { blue: "backend-blue", green: "backend-green" } },
        },
      },
    ],
    hosts: {},
    resources: {},
    outputs: {},
    vault: { name: "v", uri: "https://v.vault.azure.net/", id: "/v" },
    cluster: { namespace: "ns" },
    stores: {},
    ...more,
  };
}

export interface TestContext extends DataContext {
  readonly lines: string[];
}

export function contextOf(more: Partial<DataContext> = {}): TestContext {
  const lines: string[] = [];
  return {
    facts: facts(),
    manifest: {
      system: "case-management",
      version: "1.4.2",
      components: { backend: { image: candidateImage } },
      migration: { names: ["001_cases", "002_notes"], kind: "additive" },
    },
    release: "case-management-20260128-101500",
    candidate: { "case-management-track": "green" },
    clock: new FakeClock(),
    progress: (line) => lines.push(line),
    signal: new AbortController().signal,
    lines,
    ...more,
  };
}

/** Secrets of a vault, versions kept, and what it answers when it is told to refuse. */
export class FakeVault {
  readonly versions = new Map<string, string[]>();
  refuses: { method: string; status: number } | undefined;

  answer = async (request: { method: string; url: URL; body?: string | Uint8Array }) => {
    const name = request.url.pathname.split("/").at(-1)!;
    const say = (status: number, body: Json) => ({ status, headers: {}, text: JSON.stringify(body) });
    if (this.refuses?.method === request.method) return say(this.refuses.status, { error: {} });
    if (request.method === "PUT") {
      const { value } = JSON.parse(String(request.body)) as { value: string };
      this.versions.set(name, [...(this.versions.get(name) ?? []), value]);
    }
    const value = this.versions.get(name)?.at(-1);
    return value === undefined ? say(404, {}) : say(200, { value, attributes: { enabled: true } });
  };
}

export function worldOf(parts: {
  cluster?: JobCluster & SecretCluster;
  arm?: ArmWork;
  vault?: FakeVault;
  blobs?: () => readonly { name: string; bytes: number }[];
}): DataWorld {
  const absent = (what: string) => () => {
    throw new Error(`this test has no ${what}`);
  };
  return {
    cluster: parts.cluster === undefined ? absent("cluster") : () => Promise.resolve(parts.cluster!),
    arm: parts.arm === undefined ? absent("ARM") : () => parts.arm!,
    vault:
      parts.vault === undefined
        ? absent("vault")
        : ({ facts: { vault }, signal }) => ({
            uri: vault.uri,
            login: { token: () => Promise.resolve("token") },
            fetchHttp: (request) => parts.vault!.answer(request),
            signal,
          }),
    blobs: parts.blobs === undefined ? absent("storage") : () => Promise.resolve(parts.blobs!()),
  };
}
