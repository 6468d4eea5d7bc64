import { setTimeout as wait } from "node:timers/promises";
import { ApiClient, type ApiObject } from "../cluster/api-client";
import { readAccess } from "../cluster/kubeconfig";
import { callKubelet, readKubeletEndpoint } from "../cluster/kubelet/endpoint";
import type { Pod } from "../cluster/kubelet/pod";
import type { PodRow } from "../cluster/kubelet/pod-table";
import type { ClusterObjects, CronJobObject, DeploymentObject } from "./collectors";
import { type PodMonitor, podMonitorsPath } from "./pod-monitor";
import type { SeenPod } from "./pod-targets";

const retryMilliseconds = 1_000;
const rowsEveryMilliseconds = 1_000;

interface ClusterViewOptions {
  readonly stateDir: string;
  readonly kubeconfig: string;
  /** Told after each change of monitors, pods or ports. */
  readonly onChange: () => void;
}

/** What is on the local cluster at this moment, as far as metrics are concerned. Goes on over every restart of it. */
export class ClusterView implements ClusterObjects {
  readonly #stop = new AbortController();
  readonly #monitors = new Map<string, PodMonitor>();
  readonly #pods = new Map<string, Pod>();
  readonly #deployments = new Map<string, DeploymentObject>();
  readonly #cronJobs = new Map<string, CronJobObject>();
  readonly #seenOnce = new Set<string>();
  #rows: readonly PodRow[] = [];
  #rowsText = "";

  constructor(readonly options: ClusterViewOptions) {}

  get monitors(): readonly PodMonitor[] {
    return [...this.#monitors.values()];
  }

  get pods(): readonly Pod[] {
    return [...this.#pods.values()];
  }

  get deployments(): readonly DeploymentObject[] {
    return [...this.#deployments.values()];
  }

  get cronJobs(): readonly CronJobObject[] {
    return [...this.#cronJobs.values()];
  }

  /** Pods that both the API server and the kubelet know. */
  get seenPods(): readonly SeenPod[] {
    return this.#rows.flatMap((row) => {
      const pod = this.#pods.get(row.uid);
      return pod === undefined ? [] : [{ pod, row }];
    });
  }

  /** Whether everything was read once. */
  get complete(): boolean {
    return this.#seenOnce.size === 5;
  }

  /** Works until `stop`. */
  async run(): Promise<void> {
    await Promise.all([
      this.#follow("pod monitors", podMonitorsPath, this.#monitors),
      this.#follow("pods", "/api/v1/pods", this.#pods),
      this.#follow("deployments", "/apis/apps/v1/deployments", this.#deployments),
      this.#follow("cron jobs", "/apis/batch/v1/cronjobs", this.#cronJobs),
      this.#repeat("ports of pods", rowsEveryMilliseconds, () => this.#readRows()),
    ]);
  }

  stop(): void {
    this.#stop.abort();
  }

  #follow<T extends ApiObject>(what: string, path: string, objects: Map<string, T>): Promise<void> {
    const keep = (object: T) => {
      objects.set(object.metadata.uid, object);
      this.options.onChange();
    };
    return this.#repeat(what, 0, async () => {
      // Certificates are made anew at each start of the cluster.
      const api = new ApiClient(readAccess(this.options.kubeconfig));
      try {
        await api.follow<T>(path, this.#stop.signal, {
          listed: (list) => {
            objects.clear();
            for (const object of list) objects.set(object.metadata.uid, object);
            this.#seenOnce.add(what);
            this.options.onChange();
          },
          changed: keep,
          gone: ({ metadata }) => {
            objects.delete(metadata.uid);
            this.options.onChange();
          },
        });
      } finally {
        await api.close();
      }
    });
  }

  async #readRows(): Promise<void> {
    const kubelet = readKubeletEndpoint(this.options.stateDir);
    if (kubelet === undefined) throw new Error("the kubelet has not said where it answers");
    const rows = await callKubelet<PodRow[]>(kubelet, "GET", "/pods");
    const text = JSON.stringify(rows);
    this.#seenOnce.add("ports of pods");
    if (text === this.#rowsText) return;
    this.#rows = rows;
    this.#rowsText = text;
    this.options.onChange();
  }

  async #repeat(what: string, pauseMilliseconds: number, work: () => Promise<void>): Promise<void> {
    let failing = false;
    while (!this.#stop.signal.aborted) {
      let pause = pauseMilliseconds;
      try {
        await work();
        failing = false;
      } catch (error) {
        if (this.#stop.signal.aborted) return;
        if (!failing) console.error(`${new Date().toISOString()} ${what}: ${(error as Error).message}`);
        failing = true;
        pause = retryMilliseconds;
      }
      await wait(pause, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }
}
