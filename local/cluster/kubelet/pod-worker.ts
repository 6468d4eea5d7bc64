import { setTimeout as wait } from "node:timers/promises";
import { type ApiClient, ApiError, isConflict, isNotFound } from "../api-client";
import type { PodBackend } from "./backend-annotation";
import {
  backendAnnotation,
  type JobOutcome,
  jobAnnotation,
  parseBackend,
  parseJobOutcome,
} from "./backend-annotation";
import { type ContainerBehaviour, ContainerRun } from "./container-run";
import type { Events } from "./events";
import { JobRun } from "./job-run";
import { type Container, type ContainerStatus, kubernetesTime, type Pod, podPath } from "./pod";
import type { FaultyBehaviour, PodFaults } from "./pod-faults";
import { phaseOf, podStatus } from "./pod-status";
import type { PodRow } from "./pod-table";

const retryMilliseconds = 500;

interface PodWorkerOptions {
  readonly api: ApiClient;
  readonly events: Events;
  readonly faults: PodFaults;
  readonly podIP: string;
}

/** One pod on the node, from its binding until its object is gone. */
export class PodWorker {
  #pod: Pod;
  readonly #runs: (ContainerRun | JobRun)[];
  readonly #startTime: string;
  #dirty = false;
  #publishing = false;
  #gone = false;
  #ending = false;

  constructor(
    pod: Pod,
    readonly options: PodWorkerOptions,
  ) {
    this.#pod = pod;
    this.#startTime = pod.status?.startTime ?? kubernetesTime(new Date());
    this.#runs = pod.spec.containers.map((container) => this.#runOf(container));
  }

  get row(): PodRow {
    const { metadata } = this.#pod;
    const statuses = this.#statuses();
    return {
      namespace: metadata.namespace ?? "",
      name: metadata.name,
      uid: metadata.uid,
      labels: metadata.labels ?? {},
      podIP: this.options.podIP,
      ports: Object.assign({}, ...this.#runs.map(({ ports }) => ports)),
      phase: phaseOf(this.#pod, statuses),
      ready: statuses.every(({ ready }) => ready),
      terminating: metadata.deletionTimestamp !== undefined,
      restarts: statuses.reduce((sum, { restartCount }) => sum + restartCount, 0),
    };
  }

  start(): void {
    const { annotations = {} } = this.#pod.metadata;
    for (const parsed of [
      parseBackend(annotations[backendAnnotation]),
      parseJobOutcome(annotations[jobAnnotation]),
    ]) {
      if ("fault" in parsed) this.#say("Warning", "InvalidAnnotation", parsed.fault);
    }
    for (const run of this.#runs) run.start();
    this.#publish();
    this.#endWhenAsked();
  }

  /** The object has changed. */
  update(pod: Pod): void {
    const annotated =
      JSON.stringify(this.#pod.metadata.annotations) !== JSON.stringify(pod.metadata.annotations);
    this.#pod = pod;
    if (annotated) this.behaviourChanged();
    this.#endWhenAsked();
  }

  behaviourChanged(): void {
    for (const run of this.#runs) run.behaviourChanged();
  }

  /** The object is gone. */
  abandon(): void {
    this.#gone = true;
    for (const run of this.#runs) run.abandon();
  }

  #runOf(container: Container): ContainerRun | JobRun {
    const { metadata, spec, status } = this.#pod;
    const common = {
      container,
      before: status?.containerStatuses?.find(({ name }) => name === container.name),
      containerId: (restart: number) => `switchyard://${metadata.uid}/${container.name}/${restart}`,
      onChange: () => this.#publish(),
    };
    const { restartPolicy = "Always" } = spec;
    if (restartPolicy !== "Always") {
      const restartsOnFailure = restartPolicy === "OnFailure";
      return new JobRun({ ...common, restartsOnFailure, outcome: () => this.#outcome() });
    }
    return new ContainerRun({
      ...common,
      ports: this.#portsOf(container),
      facts: {
        pod: metadata.name,
        namespace: metadata.namespace ?? "",
        version: this.#backend().version ?? metadata.labels?.["app.kubernetes.io/version"] ?? "",
      },
      behaviour: () => this.#behaviour(),
      onEvent: (type, reason, message) => this.#say(type, reason, message),
    });
  }

  /** The ports that a container names; those of the annotation that none names are the first one's. */
  #portsOf(container: Container): number[] {
    const { containers } = this.#pod.spec;
    const named = (each: Container) => (each.ports ?? []).map(({ containerPort }) => containerPort);
    const { ports, metricsPort } = this.#backend();
    const own = named(container).filter(
      (port) => ports === undefined || ports.includes(port) || port === metricsPort,
    );
    if (container !== containers[0]) return own;
    const all = new Set(containers.flatMap(named));
    const unnamed = [...(ports ?? []), ...(metricsPort === undefined ? [] : [metricsPort])];
    return [...new Set([...own, ...unnamed.filter((port) => !all.has(port))])];
  }

  #backend(): PodBackend {
    const parsed = parseBackend(this.#pod.metadata.annotations?.[backendAnnotation]);
    return "value" in parsed ? parsed.value : defaultBackend;
  }

  #faults(): FaultyBehaviour {
    return this.options.faults.of(this.#pod);
  }

  #behaviour(): ContainerBehaviour {
    const { notReady = false, crash = false, exitCode: _, ...rest } = this.#faults();
    return { backend: { ...this.#backend(), ...rest }, notReady, crash };
  }

  #outcome(): JobOutcome {
    const parsed = parseJobOutcome(this.#pod.metadata.annotations?.[jobAnnotation]);
    const { exitCode, imagePullError } = this.#faults();
    const outcome = "value" in parsed ? parsed.value : defaultOutcome;
    return {
      ...outcome,
      ...(exitCode === undefined ? {} : { exitCode }),
      ...(imagePullError === undefined ? {} : { imagePullError }),
    };
  }

  #statuses(): ContainerStatus[] {
    return this.#runs.map(({ status }) => status);
  }

  #say(type: "Normal" | "Warning", reason: string, message: string): void {
    void this.options.events.say(this.#pod, type, reason, message);
  }

  #endWhenAsked(): void {
    const { deletionTimestamp } = this.#pod.metadata;
    if (deletionTimestamp === undefined || this.#ending) return;
    this.#ending = true;
    void this.#end(Date.parse(deletionTimestamp));
  }

  async #end(deadline: number): Promise<void> {
    await Promise.all(this.#runs.map((run) => run.end(deadline)));
    const body = { gracePeriodSeconds: 0, preconditions: { uid: this.#pod.metadata.uid } };
    while (!this.#gone) {
      try {
        await this.options.api.call("DELETE", podPath(this.#pod), { body });
        return;
      } catch (error) {
        if (await this.#isGoneBy(error)) return;
        console.error(`${podPath(this.#pod)} not deleted: ${(error as Error).message}`);
        await wait(retryMilliseconds);
      }
    }
  }

  /**
   * Whether the API server's refusal means that this pod is gone. Where another of its name stands in its place, that is a
   * conflict on the uid; but so is one with others who kept changing the pod meanwhile, which is worth another try.
   */
  async #isGoneBy(error: unknown): Promise<boolean> {
    if (!isConflict(error)) return isNotFound(error);
    try {
      const { metadata } = await this.options.api.call<Pod>("GET", podPath(this.#pod));
      return metadata.uid !== this.#pod.metadata.uid;
    } catch (asked) {
      return isNotFound(asked);
    }
  }

  /** Writes the status; what changes meanwhile is written by the next round. */
  #publish(): void {
    this.#dirty = true;
    if (this.#publishing) return;
    this.#publishing = true;
    queueMicrotask(() => void this.#publishAll().finally(() => (this.#publishing = false)));
  }

  async #publishAll(): Promise<void> {
    while (this.#dirty && !this.#gone) {
      this.#dirty = false;
      const { podIP } = this.options;
      const input = { pod: this.#pod, podIP, containers: this.#statuses(), startTime: this.#startTime };
      const status = podStatus({ ...input, now: new Date() });
      try {
        await this.options.api.mergePatch(`${podPath(this.#pod)}/status`, {
          metadata: { uid: this.#pod.metadata.uid },
          status,
        });
      } catch (error) {
        if (await this.#isGoneBy(error)) return;
        const refused = error instanceof ApiError && error.status >= 400 && error.status < 500;
        console.error(`status of ${podPath(this.#pod)} not written: ${(error as Error).message}`);
        if (refused && error.status !== 429 && !isConflict(error)) return;
        this.#dirty = true;
        await wait(retryMilliseconds);
      }
    }
  }
}

const defaultBackend = (parseBackend(undefined) as { value: PodBackend }).value;
const defaultOutcome = (parseJobOutcome(undefined) as { value: JobOutcome }).value;
