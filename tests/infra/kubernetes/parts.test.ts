import assert from "node:assert/strict";
import { homedir } from "node:os";
import { join } from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { clusterOf } from "../../../infra/kubernetes/cluster";
import { cronJobSpec, type JobArgs, type JobPod } from "../../../infra/kubernetes/job-spec";
import { labelValue } from "../../../infra/kubernetes/labels";
import { MaintenanceJob } from "../../../infra/kubernetes/maintenance-job";
import { allow } from "../../../infra/kubernetes/network-policies";
import { SystemNamespace } from "../../../infra/kubernetes/system-namespace";
import { collect } from "../support/render";
import { textsInClear, unwrapped } from "../support/secrets";
import { canary } from "../support/stack-settings";
import { at, shopNamespace, the } from "./support/shop";

describe("labels", () => {
  it("take any version: what Kubernetes refuses becomes a hyphen, the rest is cut", () => {
    assert.equal(labelValue("1.4.2+build.7"), "1.4.2-build.7");
    assert.equal(labelValue("@sha256:abc"), "sha256-abc");
    assert.match(labelValue("-".repeat(10) + "x".repeat(80)), /^x{1,63}$/);
  });
});

describe("network policies", () => {
  it("allow a namespace, pods with labels in it, pods of the same namespace, and ranges", () => {
    const spec = allow({
      component: "api",
      port: 8080,
      ingress: [
        { namespace: "gateway" },
        { namespace: "monitoring", labels: { app: "prometheus" }, ports: [9090] },
        { labels: { app: "web" } },
        {},
      ],
      egress: [
        { toComponent: "db", ports: [5432] },
        { ranges: ["10.0.0.0/24"], ports: [443] },
      ],
    });
    const namespaceSelector = (name: string) => ({ matchLabels: { "kubernetes.io/metadata.name": name } });
    assert.deepEqual(spec.ingress, [
      {
        from: [{ namespaceSelector: namespaceSelector("gateway") }],
        ports: [{ protocol: "TCP", port: 8080 }],
      },
      {
        from: [
          {
            namespaceSelector: namespaceSelector("monitoring"),
            podSelector: { matchLabels: { app: "prometheus" } },
          },
        ],
        ports: [{ protocol: "TCP", port: 9090 }],
      },
      { from: [{ podSelector: { matchLabels: { app: "web" } } }], ports: [{ protocol: "TCP", port: 8080 }] },
      { from: [{ podSelector: {} }], ports: [{ protocol: "TCP", port: 8080 }] },
    ]);
    assert.deepEqual(spec.egress, [
      { to: [{ podSelector: { matchLabels: { app: "db" } } }], ports: [{ protocol: "TCP", port: 5432 }] },
      { to: [{ ipBlock: { cidr: "10.0.0.0/24" } }], ports: [{ protocol: "TCP", port: 443 }] },
    ]);
  });
});

describe("an egress without a range", () => {
  it("is refused: Kubernetes would take it for every address", () => {
    const egress = [{ ranges: [], ports: [443] }];
    assert.throws(() => allow({ component: "api", port: 1, ingress: [], egress }), /names no range/);
  });
});

describe("a namespace", () => {
  it("is restricted, within a quota, and closed but for names", async () => {
    const { resources } = await collect("production", async () => {
      const quota = { requestedCpu: "8", requestedMemory: "16Gi", memoryLimit: "24Gi", pods: 60 };
      new SystemNamespace("shop", { system: "shop", environment: "production", quota, guarded: true });
      return undefined;
    });
    const namespace = the(resources, "Namespace", "shop-namespace");
    assert.equal(namespace.protect, true);
    assert.equal(
      (at(namespace, "metadata.labels") as Record<string, string>)["pod-security.kubernetes.io/enforce"],
      "restricted",
    );
    assert.deepEqual(at(the(resources, "ResourceQuota", "shop-quota"), "spec.hard"), {
      "requests.cpu": "8",
      "requests.memory": "16Gi",
      "limits.memory": "24Gi",
      pods: "60",
      persistentvolumeclaims: "0",
      "services.loadbalancers": "0",
      "services.nodeports": "0",
    });
    assert.deepEqual(at(the(resources, "NetworkPolicy", "shop-deny-all"), "spec"), {
      podSelector: {},
      policyTypes: ["Ingress", "Egress"],
    });
    the(resources, "NetworkPolicy", "shop-allow-dns");
  });
});

describe("a maintenance job", () => {
  const work: JobArgs = {
    command: ["backup"],
    resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
    deadlineSeconds: 3600,
  };
  const place: JobPod = {
    containerName: "backup",
    image: `registry.test/tools@sha256:${"0".repeat(64)}`,
    serviceAccountName: "backup",
    labels: { app: "backup" },
    usesIdentity: false,
    configMaps: [],
    secretKeys: {},
  };

  it("runs by its schedule when it has one, and otherwise waits for somebody to start it", async () => {
    const common = {
      system: "shop",
      environment: "dev",
      image: `registry.test/tools@sha256:${"0".repeat(64)}`,
      command: ["backup"],
      environmentVariables: { TARGET: "container" },
      resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
      deadlineSeconds: 3600,
      egress: [],
    };
    const { resources } = await collect("dev", async () => {
      const schedule = { cron: "0 3 * * *", timeZone: "America/Los_Angeles" };
      const namespace = shopNamespace();
      new MaintenanceJob("shop-backup", { ...common, namespace, objectName: "backup", schedule });
      new MaintenanceJob("shop-drill", { ...common, namespace, objectName: "drill" });
      return undefined;
    });
    const backup = the(resources, "CronJob", "shop-backup");
    assert.equal(at(backup, "spec.suspend"), false);
    assert.equal(at(backup, "spec.schedule"), "0 3 * * *");
    assert.equal(at(the(resources, "CronJob", "shop-drill"), "spec.suspend"), true);
  });

  const podOf = (declared: object, path: string) =>
    at({ inputs: declared } as never, `jobTemplate.spec.template.${path}`);

  it("is not ended because its node is hardly used, which the autoscaler would empty", () => {
    const declared = cronJobSpec(work, { ...place, annotations: { "switchyard.dev/version": "1" } });
    assert.deepEqual(podOf(declared, "metadata.annotations"), {
      "switchyard.dev/version": "1",
      "cluster-autoscaler.kubernetes.io/safe-to-evict": "false",
    });
  });

  it("has its home in the first folder that it may write to, unless it names another", () => {
    const writableFolders = ["scratch", "cache"].map((name) => ({
      name,
      mountPath: `/${name}`,
      sizeLimit: "1Gi",
    }));
    const variables = (more: Partial<JobPod>) => {
      const declared = cronJobSpec({ ...work, writableFolders }, { ...place, ...more });
      return podOf(declared, "spec.containers.0.env");
    };
    assert.deepEqual(variables({}), [
      { name: "HOME", value: "/scratch" },
      { name: "TMPDIR", value: "/scratch" },
    ]);
    assert.deepEqual(variables({ environmentVariables: { HOME: "/cache" } }), [
      { name: "HOME", value: "/cache" },
      { name: "TMPDIR", value: "/scratch" },
    ]);
  });
});

describe("the cluster's provider", () => {
  const aks = { id: "/aks", resourceGroupName: "group", name: "aks" };
  const declared = async (stack: "dev" | "production", kubeconfigPath?: string) => {
    let choice: unknown;
    const { resources } = await collect(stack, async () => {
      const parent = new pulumi.ComponentResource("switchyard:test:Parent", "parent");
      ({ choice } = clusterOf(
        "cluster",
        { environment: stack, localCloud: stack === "dev", kubeconfigPath, aks },
        parent,
      ));
      return undefined;
    });
    return { choice, inputs: the(resources, "kubernetes", "cluster").inputs };
  };

  it("of dev names a context of KUBECONFIG and not that file, of which the provider would leave a copy", async () => {
    process.env.KUBECONFIG = "/the/exported/one";
    try {
      const { choice, inputs } = await declared("dev");
      assert.deepEqual(choice, { context: "switchyard-dev" });
      assert.equal(inputs.context, "switchyard-dev");
      assert.equal(inputs.kubeconfig, "");
    } finally {
      delete process.env.KUBECONFIG;
    }
  });

  it("of the developer's own takes that file's current context, and is the cluster that the command line has asked", async () => {
    process.env.SWITCHYARD_CLUSTER_UID = "a-uid";
    try {
      const { choice, inputs } = await declared("dev", "~/.kube/config");
      assert.deepEqual(choice, {});
      assert.equal(inputs.kubeconfig, join(homedir(), ".kube/config"));
      assert.equal(inputs.clusterIdentifier, "a-uid");
      assert.ok(!("context" in inputs));
    } finally {
      delete process.env.SWITCHYARD_CLUSTER_UID;
    }
    await assert.rejects(
      declared("dev", "/k"),
      /nothing says which cluster that is: eval "\$\(npx switchyard env\)"/,
    );
  });

  it("of production takes the users' kubeconfig as a secret, and is the same cluster whatever it says", async () => {
    const { choice, inputs } = await declared("production");
    assert.deepEqual(choice, { clusterId: "/aks" });
    assert.equal(inputs.clusterIdentifier, "/aks");
    assert.ok(JSON.stringify(unwrapped(inputs)).includes(`${canary}-kubeconfig`));
    assert.ok(!textsInClear(inputs).some(({ text }) => text.includes(canary)));
  });

  it("offline looks for no cluster", async () => {
    process.env.SWITCHYARD_OFFLINE_STACK = "production";
    try {
      const { inputs } = await declared("production");
      assert.ok("renderYamlToDirectory" in inputs);
      assert.ok(!("kubeconfig" in inputs));
    } finally {
      delete process.env.SWITCHYARD_OFFLINE_STACK;
    }
  });
});
