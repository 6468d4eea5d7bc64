import type { Clock } from "../engine/clock";
import { LeaseLost } from "../journal/journal";
import type { VirtualClock } from "./virtual-clock";

/** Longer than this a process may not sleep and still have its lease; as in release/journal. */
export const leaseMilliseconds = 30_000;

/** A process that runs the release, as the world sees it: running, stopped or dead. Its answers reach it only while it runs. */
export class SimulatedProcess {
  #dead = false;
  #stoppedUntil = 0;
  #lost = false;
  #die!: () => void;
  readonly death: Promise<void> = new Promise((resolve) => {
    this.#die = resolve;
  });

  constructor(
    /** Of its lease. */
    readonly epoch: number,
    private readonly world: VirtualClock,
    /** Milliseconds for which nothing can change, so that a sleep may last as long. */
    private readonly quiet: () => number = () => 0,
  ) {}

  get dead(): boolean {
    return this.#dead;
  }

  get stoppedUntil(): number {
    return this.#stoppedUntil;
  }

  /** It slept past the end of its lease, which it knows by itself. */
  get overslept(): boolean {
    return this.#lost;
  }

  kill(): void {
    this.#dead = true;
    this.#die();
  }

  stop(milliseconds: number): void {
    if (this.#dead) return;
    this.#stoppedUntil = this.world.monotonic() + milliseconds;
    if (milliseconds > leaseMilliseconds) this.#lost = true;
  }

  /** Undefined while it runs; otherwise what it waits for before it goes on, for ever when it is dead. */
  arrival(): Promise<void> | undefined {
    if (this.#dead) return never;
    const wait = this.#stoppedUntil - this.world.monotonic();
    return wait > 0 ? this.world.sleep(wait).then(() => this.arrival()) : undefined;
  }

  /** The world's time as this process gets it. */
  readonly clock: Clock = {
    speed: 1,
    now: () => this.world.now(),
    monotonic: () => this.world.monotonic(),
    sleep: async (milliseconds, signal) => {
      await this.world.sleep(Math.max(milliseconds, this.quiet()), signal);
      await this.arrival();
    },
  };

  /** Time that something outside takes, such as an answer. */
  async wait(milliseconds: number, signal?: AbortSignal): Promise<void> {
    await this.world.sleep(milliseconds, signal);
    await this.arrival();
  }

  refuseWhenLost(holder: number): void {
    if (this.#lost) throw new LeaseLost(`process ${this.epoch} slept past the end of its lease`);
    if (this.epoch !== holder) throw new LeaseLost(`process ${holder} took the release over`);
  }
}

const never = new Promise<void>(() => {});
