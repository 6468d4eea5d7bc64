import { BackendServer, type Behaviour } from "./backend-server";
import type { PodFacts } from "./metrics";
import { type Container, type ContainerState, type ContainerStatus, kubernetesTime, type Probe } from "./pod";
import { askProbe, pathOf, preStopSeconds, probePaths, probeTimes } from "./probes";

/** A program that keeps ending is started after 1 s, 2 s, … 10 s: Kubernetes' 10 s to 5 min would only cost time here. */
const firstBackOffMilliseconds = 1_000;
const longestBackOffMilliseconds = 10_000;
/** A program that ran so long is started at once again. */
const forgetBackOffMilliseconds = 60_000;
const killedExitCode = 137;

export interface ContainerBehaviour extends Behaviour {
  readonly crash: boolean;
}

interface ContainerRunOptions {
  readonly container: Container;
  /** Container ports that it serves. */
  readonly ports: readonly number[];
  readonly facts: PodFacts;
  readonly containerId: (restart: number) => string;
  readonly behaviour: () => ContainerBehaviour;
  /** Status before a restart of the kubelet, which the program survives. */
  readonly before?: ContainerStatus | undefined;
  /** Its state or readiness changed. */
  readonly onChange: () => void;
  readonly onEvent: (type: "Normal" | "Warning", reason: string, message: string) => void;
}

/** One container whose program runs until it is ended: start delay, probes, restarts, and the end with its grace. */
export class ContainerRun {
  #state: ContainerState = { waiting: { reason: "ContainerCreating" } };
  #lastState: ContainerState = {};
  #restarts = 0;
  #started = false;
  #ready = false;
  #server: BackendServer | undefined;
  #backOff = firstBackOffMilliseconds;
  #timers = new Set<NodeJS.Timeout>();
  /** Counts the starts: what an older one has left under way is void. */
  #generation = 0;
  #ended = false;

  constructor(readonly options: ContainerRunOptions) {
    const { before } = options;
    if (before === undefined) return;
    this.#restarts = before.restartCount;
    this.#lastState = before.lastState;
  }

  get ports(): Record<string, number> {
    return this.#server?.ports ?? {};
  }

  get ready(): boolean {
    return this.#ready;
  }

  get status(): ContainerStatus {
    const { container, containerId } = this.options;
    return {
      name: container.name,
      image: container.image ?? "",
      imageID: container.image ?? "",
      ...(this.#state.running || this.#restarts > 0 ? { containerID: containerId(this.#restarts) } : {}),
      ready: this.#ready,
      started: this.#started,
      restartCount: this.#restarts,
      state: this.#state,
      lastState: this.#lastState,
    };
  }

  start(): void {
    const { before, behaviour } = this.options;
    const { backend } = behaviour();
    const survived = before?.state.running !== undefined && this.#generation === 0;
    if (backend.imagePullError && !survived) this.#waitForImage();
    else this.#run(survived ? before : undefined);
  }

  /** Faults or the annotation have changed. */
  behaviourChanged(): void {
    const { backend, crash } = this.options.behaviour();
    if (this.#ended) return;
    if (this.#state.waiting && !backend.imagePullError && isImageReason(this.#state.waiting.reason))
      this.#run();
    else if (this.#state.running && crash) this.#crash(1, "Error", "made to crash");
  }

  #run(survivor?: ContainerStatus): void {
    const { behaviour, onChange, onEvent, container } = this.options;
    const generation = ++this.#generation;
    this.#state = { running: { startedAt: survivor?.state.running?.startedAt ?? now() } };
    this.#started = survivor?.started ?? container.startupProbe === undefined;
    this.#ready = survivor?.ready ?? (this.#started && container.readinessProbe === undefined);
    if (survivor === undefined) onEvent("Normal", "Started", `Started container ${container.name}`);
    onChange();
    if (behaviour().crash) {
      this.#crash(1, "Error", "made to crash");
      return;
    }
    const delay = survivor ? 0 : behaviour().backend.startDelaySeconds * 1000;
    this.#later(delay, generation, () => void this.#listen(generation));
    if (this.#started) this.#probeRunning(generation, survivor !== undefined);
    else
      this.#probe(generation, "Startup", container.startupProbe!, (well) =>
        this.#startupDone(generation, well),
      );
  }

  async #listen(generation: number): Promise<void> {
    const { ports, facts, behaviour, container, onChange } = this.options;
    const server = new BackendServer({
      ports,
      facts,
      behaviour,
      probePaths: probePaths(container),
      readinessPath: pathOf(container.readinessProbe),
      isReady: () => this.#ready,
    });
    await server.listen();
    if (generation !== this.#generation || this.#ended) server.kill();
    else {
      this.#server = server;
      onChange();
    }
  }

  #startupDone(generation: number, well: boolean): void {
    if (!well) {
      this.#restart("startup probe failed");
      return;
    }
    this.#started = true;
    this.#probeRunning(generation, false);
    this.options.onChange();
  }

  #probeRunning(generation: number, survived: boolean): void {
    const { readinessProbe, livenessProbe } = this.options.container;
    if (readinessProbe) {
      this.#probe(generation, "Readiness", readinessProbe, (well) => this.#setReady(well), survived);
    } else if (!survived) this.#setReady(true);
    if (livenessProbe) {
      this.#probe(
        generation,
        "Liveness",
        livenessProbe,
        (well) => {
          if (!well) this.#restart("liveness probe failed");
        },
        survived,
      );
    }
  }

  #setReady(ready: boolean): void {
    if (this.#ready === ready) return;
    this.#ready = ready;
    this.options.onChange();
  }

  /** Asks again and again; tells `decided` each time that one of the thresholds is reached. */
  #probe(
    generation: number,
    kind: "Startup" | "Readiness" | "Liveness",
    probe: Probe,
    decided: (well: boolean) => void,
    survived = false,
  ): void {
    const times = probeTimes(probe);
    const { container, behaviour, onEvent } = this.options;
    let successes = 0;
    let failures = 0;
    const ask = async () => {
      const forced = kind === "Readiness" && probe.httpGet === undefined && behaviour().notReady;
      const fault = forced
        ? "made not ready"
        : await askProbe(probe, container, (port) => this.#server?.ports[port]);
      if (generation !== this.#generation || this.#ended) return;
      if (fault === undefined) {
        failures = 0;
        if (++successes === times.successThreshold) decided(true);
        if (kind === "Startup" && successes >= times.successThreshold) return;
      } else {
        successes = 0;
        if (++failures === 1) onEvent("Warning", "Unhealthy", `${kind} probe failed: ${fault}`);
        if (failures === times.failureThreshold) decided(false);
      }
      if (generation === this.#generation)
        this.#later(times.periodMilliseconds, generation, () => void ask());
    };
    // A first answer as soon as the program has survived a restart of the kubelet: it is listening in a moment.
    const first = survived ? times.periodMilliseconds : times.initialDelayMilliseconds;
    this.#later(first, generation, () => void ask());
  }

  #restart(why: string): void {
    const { container, onEvent } = this.options;
    onEvent("Normal", "Killing", `Container ${container.name} ${why}, will be restarted`);
    this.#crash(killedExitCode, "Error", why);
  }

  #crash(exitCode: number, reason: string, message: string): void {
    const { container, containerId, onChange, onEvent } = this.options;
    const startedAt = this.#state.running?.startedAt ?? now();
    this.#halt();
    const terminated = {
      exitCode,
      reason,
      message,
      startedAt,
      finishedAt: now(),
      containerID: containerId(this.#restarts),
    };
    this.#lastState = { terminated };
    if (Date.now() - Date.parse(startedAt) > forgetBackOffMilliseconds)
      this.#backOff = firstBackOffMilliseconds;
    const wait = this.#backOff;
    this.#backOff = Math.min(wait * 2, longestBackOffMilliseconds);
    const text = `back-off ${wait / 1000}s restarting failed container=${container.name}`;
    this.#state = { waiting: { reason: "CrashLoopBackOff", message: text } };
    onEvent("Warning", "BackOff", text);
    onChange();
    this.#later(wait, this.#generation, () => {
      this.#restarts++;
      this.#run();
    });
  }

  #waitForImage(): void {
    const { container, onChange, onEvent } = this.options;
    const message = `Failed to pull image "${container.image}": made to fail`;
    this.#state = { waiting: { reason: "ErrImagePull", message } };
    onEvent("Warning", "Failed", message);
    onChange();
    this.#later(firstBackOffMilliseconds, this.#generation, () => {
      this.#state = {
        waiting: { reason: "ImagePullBackOff", message: `Back-off pulling image "${container.image}"` },
      };
      onChange();
    });
  }

  /** Ends the program and everything that is under way for it. */
  #halt(): void {
    this.#generation++;
    for (const timer of this.#timers) clearTimeout(timer);
    this.#timers.clear();
    this.#server?.kill();
    this.#server = undefined;
    this.#started = false;
    this.#ready = false;
  }

  /** preStop, SIGTERM, and SIGKILL at the deadline; serves until SIGTERM. */
  async end(deadline: number): Promise<void> {
    if (this.#state.running === undefined) return this.abandon();
    const graceful = new AbortController();
    const late = new Promise<"late">((resolve) => {
      const timer = setTimeout(() => resolve("late"), Math.max(0, deadline - Date.now()));
      graceful.signal.addEventListener("abort", () => clearTimeout(timer), { once: true });
    });
    const hook = preStopSeconds(this.options.container.lifecycle?.preStop) * 1000;
    const startedAt = this.#state.running.startedAt;
    const how = await Promise.race([late, this.#endGracefully(hook)]);
    graceful.abort();
    this.#ended = true;
    this.#halt();
    const [exitCode, reason] = how === "late" ? [killedExitCode, "Error"] : [0, "Completed"];
    this.#state = { terminated: { exitCode, reason, startedAt, finishedAt: now() } };
    this.options.onChange();
  }

  async #endGracefully(hookMilliseconds: number): Promise<"well"> {
    if (hookMilliseconds > 0) await new Promise((resolve) => setTimeout(resolve, hookMilliseconds));
    this.#ended = true;
    this.#setReady(false);
    await this.#server?.close();
    return "well";
  }

  /** The pod is gone: nothing is reported any more. */
  abandon(): void {
    this.#ended = true;
    this.#halt();
  }

  #later(milliseconds: number, generation: number, work: () => void): void {
    const timer = setTimeout(() => {
      this.#timers.delete(timer);
      if (generation === this.#generation && !this.#ended) work();
    }, milliseconds);
    this.#timers.add(timer);
  }
}

function isImageReason(reason: string): boolean {
  return reason === "ErrImagePull" || reason === "ImagePullBackOff";
}

function now(): string {
  return kubernetesTime(new Date());
}
