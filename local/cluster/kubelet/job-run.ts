import type { JobOutcome } from "./backend-annotation";
import { type Container, type ContainerState, type ContainerStatus, kubernetesTime } from "./pod";

const retryMilliseconds = 1_000;
const longestRetryMilliseconds = 10_000;

interface JobRunOptions {
  readonly container: Container;
  readonly outcome: () => JobOutcome;
  /** Whether a failure starts it again. */
  readonly restartsOnFailure: boolean;
  readonly containerId: (restart: number) => string;
  readonly before?: ContainerStatus | undefined;
  readonly onChange: () => void;
}

/** One container whose program ends by itself: after its duration, with its exit code. */
export class JobRun {
  #state: ContainerState = { waiting: { reason: "ContainerCreating" } };
  #lastState: ContainerState = {};
  #restarts = 0;
  #timer: NodeJS.Timeout | undefined;

  constructor(readonly options: JobRunOptions) {
    const { before } = options;
    if (before === undefined) return;
    this.#restarts = before.restartCount;
    this.#lastState = before.lastState;
    if (before.state.terminated) this.#state = before.state;
  }

  readonly ports: Record<string, number> = {};

  get ready(): boolean {
    return this.#state.running !== undefined;
  }

  get finished(): boolean {
    return this.#state.terminated !== undefined;
  }

  get status(): ContainerStatus {
    const { container, containerId } = this.options;
    return {
      name: container.name,
      image: container.image ?? "",
      imageID: container.image ?? "",
      containerID: containerId(this.#restarts),
      ready: this.ready,
      started: this.ready,
      restartCount: this.#restarts,
      state: this.#state,
      lastState: this.#lastState,
    };
  }

  start(): void {
    if (this.finished) return;
    const { before, onChange, container } = this.options;
    if (this.options.outcome().imagePullError) {
      const message = `Failed to pull image "${container.image}": made to fail`;
      this.#state = { waiting: { reason: "ErrImagePull", message } };
      onChange();
      return;
    }
    this.#run(before?.state.running?.startedAt ?? kubernetesTime(new Date()));
  }

  behaviourChanged(): void {
    if (this.#state.waiting && this.#timer === undefined) this.start();
  }

  #run(startedAt: string): void {
    this.#state = { running: { startedAt } };
    this.options.onChange();
    const duration = this.options.outcome().durationSeconds * 1000;
    const left = Math.max(0, Date.parse(startedAt) + duration - Date.now());
    this.#timer = setTimeout(() => this.#done(startedAt), left);
  }

  #done(startedAt: string): void {
    const { outcome, restartsOnFailure, containerId, onChange } = this.options;
    const { exitCode, message } = outcome();
    const terminated = {
      exitCode,
      reason: exitCode === 0 ? "Completed" : "Error",
      ...(message === undefined ? {} : { message }),
      startedAt,
      finishedAt: kubernetesTime(new Date()),
      containerID: containerId(this.#restarts),
    };
    if (exitCode === 0 || !restartsOnFailure) {
      this.#state = { terminated };
      onChange();
      return;
    }
    this.#lastState = { terminated };
    this.#state = { waiting: { reason: "CrashLoopBackOff" } };
    onChange();
    const wait = Math.min(retryMilliseconds * 2 ** this.#restarts, longestRetryMilliseconds);
    this.#timer = setTimeout(() => {
      this.#restarts++;
      this.#run(kubernetesTime(new Date()));
    }, wait);
  }

  async end(_deadline: number): Promise<void> {
    clearTimeout(this.#timer);
    if (this.#state.running === undefined) return;
    const { startedAt } = this.#state.running;
    const finishedAt = kubernetesTime(new Date());
    this.#state = { terminated: { exitCode: 143, reason: "Error", startedAt, finishedAt } };
    this.options.onChange();
  }

  abandon(): void {
    clearTimeout(this.#timer);
  }
}
