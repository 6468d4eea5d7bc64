import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import type { ApiClient } from "../../cluster/api-client";
import { type EdgeHost, edgeHosts } from "../azure/edge";
import { followCloud } from "../azure/follow-cloud";
import { Resources } from "../azure/resources";
import { SiteTable } from "../azure/sites";
import { ClusterObjects } from "../cluster/cluster-objects";
import { followCluster } from "../cluster/follow-cluster";
import { PodPorts } from "../cluster/pod-ports";
import { PodProxy } from "../cluster/pod-proxy";
import { writeStatus } from "../cluster/route-status";
import { trafficFolder } from "../endpoint";
import { Deployments } from "../sites/deployment";
import { PackageStore } from "../sites/package-store";
import { SiteApps } from "../sites/site-apps";

const settleMilliseconds = 5_000;
const statusPauseMilliseconds = 50;

/** Everything that the front knows, kept as it is in cloud and cluster. */
export class World {
  readonly resources = new Resources();
  readonly objects = new ClusterObjects();
  readonly ports: PodPorts;
  readonly pods: PodProxy;
  readonly apps: SiteApps;
  readonly deployments: Deployments;
  sites = new SiteTable(this.resources);
  edge: ReadonlyMap<string, EdgeHost> = new Map();
  #api: ApiClient | undefined;
  #statusWanted = false;
  readonly #stop = new AbortController();

  constructor(readonly stateDir: string) {
    const packages = new PackageStore(join(trafficFolder(stateDir), "packages"));
    this.ports = new PodPorts(stateDir);
    this.pods = new PodProxy(this.objects, this.ports);
    this.apps = new SiteApps(packages);
    this.deployments = new Deployments({
      stateDir,
      packages,
      settled: (id, digest) => this.#settled(id, digest),
    });
  }

  /** Follows until `stop`. */
  async follow(): Promise<void> {
    const { stateDir, resources, objects } = this;
    const { signal } = this.#stop;
    await Promise.all([
      followCloud({ stateDir, resources, signal, onChange: () => this.#cloudChanged() }),
      followCluster({
        stateDir,
        objects,
        signal,
        onClient: (api) => {
          this.#api = api;
        },
        onChange: (name) => {
          if (name === "slices") void this.ports.refresh();
          else this.#statusWanted = true;
        },
      }),
      this.#writeStatuses(signal),
    ]);
  }

  stop(): void {
    this.#stop.abort();
    this.pods.close();
  }

  #cloudChanged(): void {
    this.sites = new SiteTable(this.resources);
    this.edge = edgeHosts(this.resources);
    this.apps.update(this.sites.byId.values());
  }

  async #writeStatuses(signal: AbortSignal): Promise<void> {
    while (!signal.aborted) {
      await wait(statusPauseMilliseconds, undefined, { signal }).catch(() => {});
      if (!this.#statusWanted || this.#api === undefined || signal.aborted) continue;
      this.#statusWanted = false;
      try {
        await writeStatus(this.#api, this.objects);
      } catch (error) {
        // The API server is away or ends; the status is written once it answers again.
        if (!(error instanceof Error)) throw error;
        this.#statusWanted = true;
      }
    }
  }

  /** Waits until the front itself has heard of the content, so that who deploys can ask for it at once. */
  async #settled(id: string, digest: string): Promise<void> {
    const deadline = Date.now() + settleMilliseconds;
    while (this.sites.byId.get(id.toLowerCase())?.content?.digest !== digest && Date.now() < deadline)
      await wait(5);
  }
}
