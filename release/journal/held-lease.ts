import type { Clock } from "../engine/clock";
import { type HeldLease, LeaseLost } from "./journal";
import type { HeadMark } from "./medium";
import { StoreAway } from "./store-fault";

/** What the store says of a lease; `expired`: it ran out, and nobody has taken it yet. */
export type LeaseAnswer = "held" | "expired" | "lost";

/** A lease at its store. All throw StoreAway when the store does not answer. */
export interface LeaseKeeping {
  /** Takes it for another duration; also one that ran out, when nobody else took it. */
  renew(): Promise<Exclude<LeaseAnswer, "expired">>;
  ask(): Promise<LeaseAnswer>;
  /** Ends it: the system is free. */
  end(): Promise<void>;
  /** Lets it expire now: the release is unfinished, and another process may take it over at once. */
  leave(): Promise<void>;
}

export interface LeaseFacts {
  readonly system: string;
  readonly release: string;
  readonly holder: string;
  readonly epoch: number;
  /** Of the newest head of the release that is durable. Never ahead of it: a process may end between the two. */
  head?: HeadMark;
}

/** Renewed this often within its duration, so that two renewals may fail. */
const renewalsPerDuration = 3;

/**
 * A lease with its heartbeat. It is lost when the store says so, and when this process slept past its end (SIGSTOP, a
 * machine that was suspended): that is measured with the monotonic clock, so that a wall clock which is set neither
 * extends nor ends it. While the store is away it is in doubt: `check` throws StoreAway, and a store that comes back and
 * gave it to nobody else renews it.
 */
export class HeartbeatLease implements HeldLease {
  readonly system: string;
  readonly release: string;
  readonly holder: string;
  readonly epoch: number;
  private readonly stop = new AbortController();
  private lost: LeaseLost | undefined;
  private failure: unknown;
  /** When this process was last seen to run. */
  private awakeAt: number;
  private readonly beating: Promise<void>;

  /** @param durationMilliseconds how long the store gives it for */
  constructor(
    private readonly facts: LeaseFacts,
    readonly keeping: LeaseKeeping,
    private readonly clock: Clock,
    private readonly durationMilliseconds: number,
  ) {
    if (clock.speed !== 1) throw new Error(`a lease runs in real time, not at speed ${clock.speed}`);
    this.system = facts.system;
    this.release = facts.release;
    this.holder = facts.holder;
    this.epoch = facts.epoch;
    this.awakeAt = clock.monotonic();
    this.beating = this.beat();
  }

  async check(): Promise<void> {
    this.refuseWhenLost();
    const answer = await this.keeping.ask();
    // Awake and expired: the store was away when it was to be renewed. It alone knows whether somebody else came.
    const held = answer === "expired" ? await this.keeping.renew() : answer;
    this.refuseWhenLost();
    if (held === "lost") throw this.lose("another process took it over");
  }

  async giveBack(): Promise<void> {
    await this.endHeartbeat();
    this.refuseWhenLost();
    await this.keeping.end();
  }

  async leave(): Promise<void> {
    await this.endHeartbeat();
    if (this.lost === undefined) await this.keeping.leave();
  }

  /** A head is durable. The lease says so from its next heartbeat on, and when it is left. */
  acknowledged(count: number): void {
    this.facts.head = { epoch: this.epoch, count };
  }

  /** What can be told without the store. @throws LeaseLost */
  refuseWhenLost(): void {
    if (this.failure !== undefined) throw this.failure;
    if (this.lost !== undefined) throw this.lost;
    const now = this.clock.monotonic();
    if (now - this.awakeAt > this.durationMilliseconds)
      throw this.lose(`this process slept for ${Math.round((now - this.awakeAt) / 1000)} s`);
    this.awakeAt = now;
  }

  /** The store refused what only a holder may do. */
  lose(why: string): LeaseLost {
    this.lost ??= new LeaseLost(
      `release ${this.release} of ${this.system}: ${this.holder} no longer holds its lease (epoch ${this.epoch}): ${why}`,
    );
    this.stop.abort();
    return this.lost;
  }

  private async beat(): Promise<void> {
    try {
      for (;;) {
        await this.clock.sleep(this.durationMilliseconds / renewalsPerDuration, this.stop.signal);
        this.refuseWhenLost();
        const answer = await unlessAway(this.keeping.renew());
        if (answer === "lost") throw this.lose("another process took it over");
        if (answer === "held") this.refuseWhenLost();
        // A store that is away answers late: waiting for it is no sleep.
        else this.awakeAt = this.clock.monotonic();
      }
    } catch (error) {
      // Whoever acts under the lease is told by `check`.
      if (!this.stop.signal.aborted && !(error instanceof LeaseLost)) this.failure = error;
    }
  }

  private async endHeartbeat(): Promise<void> {
    this.stop.abort();
    await this.beating;
  }
}

async function unlessAway(answer: Promise<LeaseAnswer>): Promise<LeaseAnswer | undefined> {
  try {
    return await answer;
  } catch (error) {
    if (error instanceof StoreAway) return undefined;
    throw error;
  }
}
