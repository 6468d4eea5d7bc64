import { setTimeout as wait } from "node:timers/promises";
import { type ApiClient, isConflict, isNotFound } from "../api-client";
import { Events } from "./events";
import { nodeLabels, nodeName, nodeObject, nodeStatus } from "./node";
import { kubernetesTime, type Pod, podPath } from "./pod";
import type { PodFaults } from "./pod-faults";
import { nodeAddress, PodAddresses, type PodRow } from "./pod-table";
import { PodWorker } from "./pod-worker";
import { unsuitable, waitsForBinding } from "./scheduling";
import { provideVolume, removeVolume, type VolumeClaim } from "./volumes";

const heartbeatMilliseconds = 10_000;
const leaseSeconds = 40;
const retryMilliseconds = 500;
const lease = `/apis/coordination.k8s.io/v1/namespaces/kube-node-lease/leases/${nodeName}`;

/**
 * Scheduler, node and volume provisioner of a cluster without containers: binds each pod to its one node, runs what
 * its annotation says, and reports it as a kubelet does.
 */
export class Kubelet {
  readonly #workers = new Map<string, PodWorker>();
  readonly #addresses = new PodAddresses();
  readonly #events: Events;
  readonly #stop = new AbortController();

  constructor(
    readonly api: ApiClient,
    readonly faults: PodFaults,
  ) {
    this.#events = new Events(api);
    this.#addresses.keep(nodeAddress);
  }

  get pods(): PodRow[] {
    return [...this.#workers.values()].map(({ row }) => row);
  }

  faultsChanged(): void {
    for (const worker of this.#workers.values()) worker.behaviourChanged();
  }

  /** Works until `stop`; goes on after every failure of the API server. */
  async run(): Promise<void> {
    await Promise.all([
      this.#repeat("heartbeat", heartbeatMilliseconds, () => this.#heartbeat()),
      this.#repeat("pods", 0, () => this.#followPods()),
      this.#repeat("volume claims", 0, () => this.#followClaims()),
    ]);
  }

  stop(): void {
    this.#stop.abort();
    for (const worker of this.#workers.values()) worker.abandon();
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
        if (!failing) console.error(`${kubernetesTime(new Date())} ${what}: ${(error as Error).message}`);
        failing = true;
        pause = retryMilliseconds;
      }
      await wait(pause, undefined, { signal: this.#stop.signal }).catch(() => {});
    }
  }

  async #heartbeat(): Promise<void> {
    const renewTime = new Date().toISOString().replace("Z", "000Z");
    const spec = { holderIdentity: nodeName, leaseDurationSeconds: leaseSeconds, renewTime };
    try {
      await this.api.mergePatch(lease, { spec });
    } catch (error) {
      if (!isNotFound(error)) throw error;
      await this.#register();
      const metadata = { name: nodeName, namespace: "kube-node-lease" };
      const body = { apiVersion: "coordination.k8s.io/v1", kind: "Lease", metadata, spec };
      await this.api.call("POST", lease.slice(0, lease.lastIndexOf("/")), { body });
    }
    if (!this.#registered) await this.#register();
  }

  #registered = false;

  async #register(): Promise<void> {
    await this.api.call("POST", "/api/v1/nodes", { body: nodeObject() }).catch((error: unknown) => {
      if (!isConflict(error)) throw error;
    });
    await this.api.mergePatch(`/api/v1/nodes/${nodeName}`, { metadata: { labels: nodeLabels } });
    await this.api.mergePatch(`/api/v1/nodes/${nodeName}/status`, { status: nodeStatus(new Date()) });
    this.#registered = true;
  }

  #followPods(): Promise<void> {
    return this.api.follow<Pod>("/api/v1/pods", this.#stop.signal, {
      listed: (pods) => {
        const there = new Set(pods.map(({ metadata }) => metadata.uid));
        for (const uid of [...this.#workers.keys()]) if (!there.has(uid)) this.#forget(uid);
        for (const pod of pods) if (pod.status?.podIP) this.#addresses.keep(pod.status.podIP);
        for (const pod of pods) this.#see(pod);
      },
      changed: (pod) => this.#see(pod),
      gone: (pod) => {
        this.#events.forget(pod);
        this.#forget(pod.metadata.uid);
      },
    });
  }

  #see(pod: Pod): void {
    const worker = this.#workers.get(pod.metadata.uid);
    if (worker !== undefined) {
      worker.update(pod);
      return;
    }
    if (waitsForBinding(pod)) void this.#bind(pod);
    if (pod.spec.nodeName !== nodeName) return;
    const podIP = pod.status?.podIP ?? this.#addresses.take();
    const { api, faults } = this;
    const started = new PodWorker(pod, { api, events: this.#events, faults, podIP });
    this.#workers.set(pod.metadata.uid, started);
    started.start();
  }

  #forget(uid: string): void {
    const worker = this.#workers.get(uid);
    if (worker === undefined) return;
    worker.abandon();
    this.#addresses.release(worker.options.podIP);
    this.#workers.delete(uid);
  }

  async #bind(pod: Pod): Promise<void> {
    const reason = unsuitable(pod, nodeName, nodeLabels);
    try {
      if (reason !== undefined) return await this.#reportUnschedulable(pod, reason);
      const { name, namespace, uid } = pod.metadata;
      const target = { apiVersion: "v1", kind: "Node", name: nodeName };
      const body = { apiVersion: "v1", kind: "Binding", metadata: { name, namespace, uid }, target };
      await this.api.call("POST", `${podPath(pod)}/binding`, { body });
    } catch (error) {
      if (isNotFound(error) || isConflict(error)) return; // deleted or bound meanwhile
      console.error(`${podPath(pod)} not bound: ${(error as Error).message}`);
      await wait(retryMilliseconds, undefined, { signal: this.#stop.signal }).catch(() => {});
      if (!this.#stop.signal.aborted) await this.#bindAgain(pod);
    }
  }

  async #bindAgain(pod: Pod): Promise<void> {
    const current = await this.api.call<Pod>("GET", podPath(pod)).catch(() => undefined);
    if (current !== undefined && waitsForBinding(current)) await this.#bind(current);
  }

  async #reportUnschedulable(pod: Pod, message: string): Promise<void> {
    const before = pod.status?.conditions ?? [];
    if (before.some((each) => each.type === "PodScheduled" && each.message === message)) return;
    const condition = {
      type: "PodScheduled",
      status: "False",
      reason: "Unschedulable",
      message,
      lastTransitionTime: kubernetesTime(new Date()),
    };
    const conditions = [...before.filter(({ type }) => type !== "PodScheduled"), condition];
    await this.api.mergePatch(`${podPath(pod)}/status`, { status: { conditions } });
    await this.#events.say(pod, "Warning", "FailedScheduling", message, true);
  }

  #followClaims(): Promise<void> {
    const provide = (claim: VolumeClaim) =>
      void provideVolume(this.api, claim).catch((error: Error) => console.error(`volume: ${error.message}`));
    return this.api.follow<VolumeClaim>("/api/v1/persistentvolumeclaims", this.#stop.signal, {
      listed: (claims) => claims.forEach(provide),
      changed: provide,
      gone: (claim) =>
        void removeVolume(this.api, claim).catch((error: Error) => console.error(`volume: ${error.message}`)),
    });
  }
}
