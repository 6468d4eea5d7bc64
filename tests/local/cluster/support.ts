import { mkdtempSync, realpathSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { ApiClient, isNotFound } from "../../../local/cluster/api-client";
import {
  type ClusterEndpoint,
  type StartClusterOptions,
  startCluster,
  stopCluster,
} from "../../../local/cluster/daemon";
import { readParts } from "../../../local/cluster/endpoint";
import { readAccess } from "../../../local/cluster/kubeconfig";
import type { PartRecord } from "../../../local/cluster/part-process";
import type { PartName } from "../../../local/cluster/parts";
import { clusterFiles } from "../../../local/cluster/paths";
import { ensureSeed } from "../../../local/cluster/seed";
import { ensureClusterTools } from "../../../local/toolchain/ensure-cluster-tools";
import { until } from "../../support/until";

/** A cluster in a state folder of its own. */
export class TestCluster {
  readonly stateDir = realpathSync(mkdtempSync(join(tmpdir(), "switchyard-cluster-")));
  readonly notices: string[] = [];
  readonly #clients: ApiClient[] = [];

  async start(more: Partial<StartClusterOptions> = {}): Promise<ClusterEndpoint> {
    const { controlPlane, customResources } = await ensureClusterTools();
    const { etcd, kubeApiserver, kubeControllerManager } = controlPlane;
    return startCluster({
      stateDir: this.stateDir,
      binaries: { etcd, kubeApiserver, kubeControllerManager },
      customResources,
      seed: await ensureSeed({ binaries: { etcd, kubeApiserver, kubeControllerManager }, customResources }),
      onNotice: (text) => this.notices.push(text),
      ...more,
    });
  }

  /** As the administrator of the kubeconfig. */
  api(): ApiClient {
    const client = new ApiClient(readAccess(clusterFiles(this.stateDir).kubeconfig));
    this.#clients.push(client);
    return client;
  }

  part(name: PartName): PartRecord | undefined {
    return readParts(clusterFiles(this.stateDir)).find((each) => each.name === name);
  }

  async remove(): Promise<void> {
    await Promise.all(this.#clients.map((client) => client.close()));
    await stopCluster({ stateDir: this.stateDir });
    rmSync(this.stateDir, { recursive: true, force: true });
  }
}

export interface Deployment {
  readonly metadata: { readonly uid: string; readonly generation: number };
  readonly status: { readonly availableReplicas?: number; readonly observedGeneration?: number };
}

/** Path of a collection of the namespace `default`. */
export const paths = {
  deployments: "/apis/apps/v1/namespaces/default/deployments",
  jobs: "/apis/batch/v1/namespaces/default/jobs",
  pods: "/api/v1/namespaces/default/pods",
  services: "/api/v1/namespaces/default/services",
  slices: "/apis/discovery.k8s.io/v1/namespaces/default/endpointslices",
  events: "/api/v1/namespaces/default/events",
} as const;

export function podTemplate(
  name: string,
  options: { annotations?: Record<string, string>; spec?: object; container?: object } = {},
) {
  const { annotations = {}, spec = {}, container = {} } = options;
  return {
    metadata: { labels: { app: name }, annotations },
    spec: {
      ...spec,
      containers: [
        {
          name: "main",
          image: "registry.invalid/a@sha256:0",
          ports: [{ name: "http", containerPort: 8080 }],
          ...container,
        },
      ],
    },
  };
}

export function deployment(name: string, replicas: number, template = podTemplate(name)) {
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name },
    spec: { replicas, selector: { matchLabels: { app: name } }, template },
  };
}

/** Creates it and waits until all its pods are available. */
export async function rollOut(api: ApiClient, object: ReturnType<typeof deployment>): Promise<void> {
  const { name } = object.metadata;
  await api.apply(`${paths.deployments}/${name}`, object);
  await until(`${name} has ${object.spec.replicas} available replicas`, async () => {
    const { metadata, status } = await api.call<Deployment>("GET", `${paths.deployments}/${name}`);
    const seen = status.observedGeneration === metadata.generation;
    return seen && (status.availableReplicas ?? 0) === object.spec.replicas;
  });
}

export async function gone(api: ApiClient, path: string): Promise<boolean> {
  try {
    await api.call("GET", path);
    return false;
  } catch (error) {
    if (isNotFound(error)) return true;
    throw error;
  }
}
