import assert from "node:assert/strict";
import type { Surroundings } from "../../../release/clients/surroundings";
import type { GateContext, Sample } from "../../../release/gates/gate-provider";
import { kubernetesProvider } from "../../../release/gates/kubernetes";
import type { CheckGateOf } from "../../../release/gates/provider-gate";
import type { Json } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import { candidateDigest, checkGate, contextAt, surroundingsWith } from "../support/gates";

/** What is faked: the API server's answers. What is not: what is concluded from them. */

type Check = CheckGateOf<"kubernetes">["check"];
const available: Check = {
  provider: "kubernetes",
  components: ["backend"],
  side: "idle",
  expects: "available",
};

interface Cluster {
  readonly deployments?: readonly Json[];
  readonly pods?: readonly Json[];
  readonly nodes?: readonly Json[];
  readonly certificates?: readonly Json[];
  readonly objects?: readonly string[];
  readonly allowed?: (attributes: Json) => unknown;
  /** Percent by side. */
  readonly traffic?: Readonly<Record<string, number>>;
}

function deployment(
  side: string,
  changes: { spec?: Json; status?: Json; image?: string; generation?: number } = {},
): Json {
  const image = changes.image ?? `registry.example/backend@${candidateDigest}`;
  return {
    metadata: { name: `backend-${side}`, generation: changes.generation ?? 3 },
    spec: {
      replicas: 5,
      selector: { matchLabels: { app: "backend", deployment: side } },
      template: { spec: { containers: [{ image }] } },
      ...changes.spec,
    },
    status: {
      observedGeneration: 3,
      replicas: 5,
      updatedReplicas: 5,
      readyReplicas: 5,
      availableReplicas: 5,
      ...changes.status,
    },
  };
}

function look(check: Partial<Check>, cluster: Cluster, changes: Partial<GateContext> = {}): Promise<Sample> {
  const client = {
    list: async (path: string) =>
      path.endsWith("/deployments")
        ? (cluster.deployments ?? [])
        : path.endsWith("/pods")
          ? (cluster.pods ?? [])
          : path === "/apis/cert-manager.io/v1/namespaces/platform/certificates"
            ? (cluster.certificates ?? [])
            : (cluster.nodes ?? []),
    find: async (path: string) => (cluster.objects?.includes(path) ? {} : undefined),
    create: async (_path: string, review: { spec: { resourceAttributes: Json } }) => ({
      status: { allowed: cluster.allowed?.(review.spec.resourceAttributes) },
    }),
  };
  const traffic = cluster.traffic ?? { blue: 100, green: 0 };
  const surroundings = surroundingsWith({
    kubernetes: (async () => client) as unknown as Surroundings["kubernetes"],
    world: (() => ({
      look: async () => ({ exists: true, traffic, workloads: [] }),
    })) as unknown as Surroundings["world"],
  });
  const gate = checkGate({ ...available, ...check });
  return kubernetesProvider({ surroundings }).look(gate, contextAt("https://x", changes));
}

function said(sample: Sample): string {
  if (sample.kind === "answer") return `${sample.holds}: ${sample.seen}`;
  assert.ok(sample.kind === "nothing");
  return `nothing: ${sample.why}`;
}

describe("pods of a side", () => {
  const cases: readonly (readonly [string, readonly Json[], string])[] = [
    ["all there, of the last change", [deployment("green")], "true: backend-green 5 of 5 pods"],
    [
      "half of them not ready",
      [deployment("green", { status: { readyReplicas: 2, availableReplicas: 2 } })],
      "false: backend-green: 2 of 5 pods",
    ],
    [
      "scaled to 0",
      [
        deployment("green", {
          spec: { replicas: 0 },
          status: { replicas: 0, updatedReplicas: 0, readyReplicas: 0, availableReplicas: 0 },
        }),
      ],
      "false: backend-green: it is scaled to 0",
    ],
    [
      "a change that the controller has not seen",
      [deployment("green", { generation: 4 })],
      "false: backend-green: its last change is not taken up yet",
    ],
    [
      "old pods left",
      [deployment("green", { status: { replicas: 6 } })],
      "false: backend-green: 1 pods of an earlier state are left",
    ],
    [
      "another image",
      [deployment("green", { image: `registry.example/backend@sha256:${"a".repeat(64)}` })],
      `false: backend-green: its image is not the candidate's (${candidateDigest.slice(0, 19)}…)`,
    ],
    ["no Deployment", [], "false: backend-green does not exist"],
  ];
  for (const [name, deployments, expected] of cases) {
    it(name, async () => assert.equal(said(await look({}, { deployments })), expected));
  }

  it("live is the side that has the traffic now: after the switch the candidate", async () => {
    const old = deployment("blue", { image: "registry.example/backend@sha256:0" });
    const deployments = [deployment("green"), old];
    const both = { deployments, traffic: { blue: 0, green: 100 } };
    assert.equal(said(await look({ side: "live" }, both)), "true: backend-green 5 of 5 pods");
    assert.equal(said(await look({ side: "idle" }, both)), "true: backend-blue 5 of 5 pods");
    assert.equal(
      said(await look({ side: "both" }, both)),
      "true: backend-green 5 of 5 pods; backend-blue 5 of 5 pods",
    );
  });

  it("numbers of pods that the runbook states are counted for each component, and in all", async () => {
    const deployments = [deployment("green")];
    assert.equal(
      said(await look({ pods: 6 }, { deployments })),
      "false: backend-green 5 ready pods, and 6 are wanted",
    );
    assert.equal(said(await look({ podsInAll: 5 }, { deployments })), "true: backend-green 5 of 5 pods");
    assert.equal(
      said(await look({ podsInAll: 10 }, { deployments })),
      "false: 5 ready pods in all, and 10 are wanted",
    );
  });

  it("a rollout that the controller gave up is none", async () => {
    const conditions = [{ type: "Progressing", status: "False", reason: "ProgressDeadlineExceeded" }];
    const stuck = deployment("green", { status: { conditions } });
    assert.equal(
      said(await look({ expects: "rolledOut" }, { deployments: [stuck] })),
      "false: backend-green: ProgressDeadlineExceeded",
    );
  });

  it("scaled to 0 means that no pod is left", async () => {
    const none = deployment("green", { spec: { replicas: 0 }, status: { replicas: 0 } });
    const going = deployment("green", { spec: { replicas: 0 }, status: { replicas: 1 } });
    assert.match(said(await look({ expects: "scaledToZero" }, { deployments: [none] })), /^true/);
    assert.match(said(await look({ expects: "scaledToZero" }, { deployments: [going] })), /^false/);
    assert.match(said(await look({ expects: "scaledToZero" }, {})), /^false: backend-green does not exist/);
  });

  it("a component that no track moves, and a live side that nobody sees, are nothing", async () => {
    assert.match(
      said(await look({ components: ["worker"] }, {})),
      /^nothing: no track of the system moves the component worker/,
    );
  });

  it("a gate that names no components proves nothing", async () => {
    assert.match(
      said(await look({ components: [] }, { deployments: [deployment("green")] })),
      /^false: the gate names no components/,
    );
  });
});

describe("restarts", () => {
  const phaseBegan = new Date("2026-11-21T12:00:00Z");
  const pod = (container: Json, side = "green"): Json => ({
    metadata: { name: "backend-green-1", labels: { app: "backend", deployment: side } },
    status: { containerStatuses: [container] },
  });
  const ended = (finishedAt: string): Json => ({
    restartCount: 1,
    lastState: { terminated: { finishedAt } },
  });
  const ask = (pods: readonly Json[]) =>
    look({ expects: "noRestarts" }, { deployments: [deployment("green")], pods }, { phaseBegan });

  it("count from the beginning of the phase", async () => {
    assert.match(said(await ask([pod({ restartCount: 0 })])), /^true/);
    assert.match(said(await ask([pod(ended("2026-11-21T11:59:59Z"))])), /^true/);
    assert.equal(said(await ask([pod(ended("2026-11-21T12:00:01Z"))])), "false: restarted: backend-green-1");
  });
  it("whose time nobody tells count as well", async () => {
    assert.match(
      said(await ask([pod({ restartCount: 2, state: { waiting: { reason: "CrashLoopBackOff" } } })])),
      /^false/,
    );
  });
  it("of other pods do not count; no pods at all are no proof", async () => {
    assert.equal(
      said(await ask([pod(ended("2026-11-21T12:00:01Z"), "blue")])),
      "false: backend-green has no pods",
    );
  });
});

describe("objects, rights and nodes", () => {
  it("objects exist by kind and name", async () => {
    const objects = ["/apis/batch/v1/namespaces/shop/cronjobs/rollback"];
    const ask = (...names: string[]) => look({ expects: "objectExists", objects: names }, { objects });
    assert.equal(said(await ask("cronjob/rollback")), "true: there: cronjob/rollback");
    assert.equal(said(await ask("cronjob/rollback", "cronjob/check")), "false: missing: cronjob/check");
    assert.match(said(await ask("secret/x")), /^nothing: secret\/x is no kind\/name of cronjob/);
    assert.match(said(await ask()), /^false: the gate names no objects/);
  });

  it("rights are asked of the API server as it groups resources", async () => {
    const asked: Json[] = [];
    const allowed = (attributes: Json) => {
      asked.push(attributes);
      return attributes.verb !== "create";
    };
    const objects = [
      "patch deployments/scale",
      "patch httproutes.gateway.networking.k8s.io",
      "get pods",
      "create jobs",
    ];
    assert.equal(
      said(await look({ expects: "accessAllowed", objects }, { allowed })),
      "false: not allowed in shop: create jobs",
    );
    assert.deepEqual(
      asked.map(({ group, resource, subresource }) => [group, resource, subresource]),
      [
        ["apps", "deployments", "scale"],
        ["gateway.networking.k8s.io", "httproutes", undefined],
        ["", "pods", undefined],
        ["batch", "jobs", undefined],
      ],
    );
    assert.match(
      said(await look({ expects: "accessAllowed", objects }, { allowed: () => undefined })),
      /^nothing: the cluster does not say/,
    );
  });

  it("certificates of cert-manager are ready and valid for so many days yet, and there is one", async () => {
    const certificate = (notAfter: string | undefined, status = "True"): Json => ({
      metadata: { name: "gateway" },
      status: { notAfter, conditions: [{ type: "Ready", status, message: "the order has failed" }] },
    });
    const now = new Date("2026-11-21T12:00:00Z");
    const check: Partial<Check> = {
      expects: "certificatesValid",
      certificates: { namespace: "platform", minimumDays: 14 },
    };
    const ask = (...certificates: Json[]) =>
      look(check, { certificates }, { clock: { ...contextAt("https://x").clock, now: () => now } });
    const late = "2026-12-21T12:00:00Z";
    assert.equal(said(await ask(certificate(late))), `true: gateway: ready, 30 days, until ${late}`);
    assert.equal(
      said(await ask(certificate(late), certificate("2026-12-05T11:00:00Z"))),
      "false: gateway: ready, 13 days, until 2026-12-05T11:00:00Z, and at least 14 days are wanted",
    );
    assert.equal(
      said(await ask(certificate(late, "False"))),
      `false: gateway: not ready (the order has failed), 30 days, until ${late}`,
    );
    assert.match(said(await ask(certificate(undefined))), /^false: gateway: ready, nobody knows until when/);
    assert.equal(said(await ask()), "false: there are no certificates");
  });

  it("every node is ready, and there is one", async () => {
    const node = (status: string): Json => ({
      metadata: { name: "n1" },
      status: { conditions: [{ type: "Ready", status }] },
    });
    assert.equal(
      said(await look({ expects: "nodesReady" }, { nodes: [node("True")] })),
      "true: 1 node is ready",
    );
    assert.equal(
      said(await look({ expects: "nodesReady" }, { nodes: [node("True"), node("Unknown")] })),
      "false: not ready: n1",
    );
    assert.equal(said(await look({ expects: "nodesReady" }, {})), "false: the cluster has no nodes");
  });

  it("a cluster that does not answer is nothing", async () => {
    const surroundings = surroundingsWith({
      kubernetes: async () => {
        throw new UserError("the cluster cannot be reached", { retriable: true });
      },
    });
    const sample = await kubernetesProvider({ surroundings }).look(
      checkGate(available),
      contextAt("https://x"),
    );
    assert.equal(said(sample), "nothing: the cluster cannot be reached");
  });
});
