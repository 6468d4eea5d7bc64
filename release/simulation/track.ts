import type { TrackFacts } from "../../runbooks/release-facts";
import type { Position, ScaleOptions, Strategy, Timing } from "../strategies/strategy";
import { UserError } from "../user-error";
import type { SimulatedProcess } from "./process";
import { isWithin } from "./scenario";
import type { World } from "./world";

/** Which of the two sides of a release. */
export type Side = "candidate" | "live";

const readySeconds = { least: 5, most: 90 };
/** As long as the real strategies wait for pods. */
const patienceSeconds = 300;
const lookSeconds = 5;
const swapSeconds = { least: 20, most: 90 };

/** One place where traffic is decided, with its two sides as they are in the simulated world. */
export class SimulatedTrack {
  readonly name: string;
  /** Percent by side. */
  readonly traffic: Record<Side, number> = { candidate: 0, live: 100 };
  readonly up: Record<Side, boolean> = { candidate: false, live: true };
  /** The mark of the side that is kept for a rollback. */
  kept = false;
  served = true;
  readonly #readyAt: Record<Side, number> = { candidate: 0, live: 0 };

  constructor(
    readonly facts: TrackFacts,
    private readonly names: Record<Side, string>,
    private readonly world: World,
  ) {
    this.name = facts.name;
  }

  get isStatic(): boolean {
    return this.facts.target.kind === "staticSite";
  }

  isReady(side: Side): boolean {
    if (this.isStatic) return true;
    const now = this.world.clock.monotonic();
    if (!this.up[side] || this.#readyAt[side] > now) return false;
    return !this.world.scenario.faults.some(
      (fault) =>
        fault.kind === "unready" &&
        fault.track === this.name &&
        fault.side === side &&
        isWithin(fault, now / 1000),
    );
  }

  /** What the platform does when it is told to send traffic; it does not ask whether that is wise. */
  send(candidatePercent: number, process: SimulatedProcess): void {
    this.sendSides({ candidate: candidatePercent, live: 100 - candidatePercent }, process);
  }

  sendSides(percent: Record<Side, number>, process: SimulatedProcess): void {
    const before = { ...this.traffic };
    Object.assign(this.traffic, percent);
    if (before.candidate === percent.candidate && before.live === percent.live) return;
    this.kept = true;
    this.world.invariants.trafficMoved(this, before, process);
  }

  /** Pods of a side, or the package on a slot. */
  set(side: Side, up: boolean, process: SimulatedProcess): void {
    if (this.up[side] === up) return;
    this.up[side] = up;
    const { faults } = this.world.scenario;
    const never =
      side === "candidate" &&
      faults.some((fault) => fault.kind === "neverReady" && fault.track === this.name);
    const seconds = this.world.random.between(readySeconds.least, readySeconds.most);
    this.#readyAt[side] = never ? Number.POSITIVE_INFINITY : this.world.clock.monotonic() + seconds * 1000;
    this.world.invariants.sideSet(this, side, process);
  }

  sideNamed(name: string): Side {
    for (const side of ["candidate", "live"] as const) if (this.names[side] === name) return side;
    throw new UserError(`${JSON.stringify(name)} is not a side of ${this.name}`);
  }

  nameOf(side: Side): string {
    return this.names[side];
  }
}

/** What the real strategies do on a simulated track: look, refuse what is unsafe, write once under the guard, read back. */
export class SimulatedStrategy implements Strategy {
  constructor(
    private readonly track: SimulatedTrack,
    private readonly process: SimulatedProcess,
    private readonly world: World,
    private readonly limit?: AbortSignal,
  ) {}

  until(limit: AbortSignal): Strategy {
    return new SimulatedStrategy(this.track, this.process, this.world, limit);
  }

  async observe(): Promise<Position> {
    await this.process.arrival();
    const { track, world } = this;
    return {
      sighting: {
        exists: true,
        traffic: {
          [track.nameOf("live")]: track.traffic.live,
          [track.nameOf("candidate")]: track.traffic.candidate,
        },
        workloads: [],
      },
      candidatePercent: track.traffic.candidate,
      candidateReady: track.isReady("candidate"),
      liveReady: track.isReady("live"),
      ...(track.up.candidate && { candidateVersion: world.plan.manifest.version }),
      why: [],
    };
  }

  async deployIdle(progress: (line: string) => void, signal: AbortSignal): Promise<Timing> {
    await this.#raise("candidate", signal);
    progress(`${this.track.name}: ready`);
    return none;
  }

  async setTraffic(percent: number): Promise<Timing> {
    const { track } = this;
    if (track.facts.target.kind === "selector" && percent !== 0 && percent !== 100)
      throw new UserError(`${track.name} cannot send ${percent} %: its traffic is whole`);
    const before = track.traffic.candidate;
    if (percent === before && track.traffic.live === 100 - percent) return none;
    this.#refuseUnready(percent > before ? "candidate" : "live");
    await this.#change("traffic", () => {
      // Between the look and the write a pod may have gone: the platforms refuse what was changed meanwhile.
      this.#refuseUnready(percent > before ? "candidate" : "live");
      track.send(percent, this.process);
    });
    return none;
  }

  async promote(): Promise<Timing> {
    return this.#all(100);
  }

  async revert(): Promise<Timing> {
    if (this.track.traffic.candidate === 0) return none;
    if (!this.track.isStatic && !this.track.isReady("live")) await this.#raise("live");
    return this.#all(0);
  }

  /** Whom a cookie holds is not simulated. */
  async deployPrevious(): Promise<undefined> {
    return undefined;
  }

  async warmUp({ times, secondsApart }: Parameters<Strategy["warmUp"]>[0]): Promise<Timing> {
    for (let sent = 0; sent < times; sent++) {
      await this.process.wait(secondsApart * 1000);
      this.#refuseUnready("candidate");
    }
    return none;
  }

  async scale(
    name: string,
    components: readonly string[],
    to: number | "declared",
    { stopsServing = false }: ScaleOptions = {},
  ): Promise<Timing> {
    const { track } = this;
    const side = track.sideNamed(name);
    const foreign = components.find((component) => !track.facts.components.includes(component));
    if (foreign !== undefined) throw new UserError(`${foreign} is not of ${track.name}`);
    if (to !== 0) {
      await this.#raise(side);
      return none;
    }
    if (track.traffic[side] > 0 && !stopsServing) throw new UserError(`${name} has traffic of ${track.name}`);
    if (track.up[side]) await this.#change("pods", () => track.set(side, false, this.process));
    return none;
  }

  async serve(on: boolean): Promise<Timing> {
    const { track } = this;
    if (track.served !== on)
      await this.#change("serving", () => {
        track.served = on;
      });
    return none;
  }

  async finish(): Promise<void> {
    const { track } = this;
    if (track.kept)
      await this.#change("mark", () => {
        track.kept = false;
      });
  }

  async #all(percent: number): Promise<Timing> {
    const { track, world } = this;
    if (track.facts.target.kind !== "slots") return this.setTraffic(percent);
    await this.setTraffic(percent);
    const seconds = world.random.between(swapSeconds.least, swapSeconds.most);
    await this.process.wait(seconds * 1000);
    return { ownMilliseconds: 0, platformMilliseconds: seconds * 1000 };
  }

  async #raise(side: Side, signal?: AbortSignal): Promise<void> {
    const { track } = this;
    if (!track.up[side]) await this.#change("pods", () => track.set(side, true, this.process));
    const { clock } = this.process;
    const until = clock.monotonic() + patienceSeconds * 1000;
    const signals = [signal ?? [], this.limit ?? []].flat();
    const ended = signals.length === 0 ? undefined : AbortSignal.any(signals);
    while (!track.isReady(side)) {
      if (clock.monotonic() >= until)
        throw new UserError(`${track.nameOf(side)} of ${track.name} is not ready`, { retriable: true });
      await this.process.wait(lookSeconds * 1000, ended);
    }
  }

  #refuseUnready(side: Side): void {
    const { track } = this;
    if (!track.isReady(side))
      throw new UserError(`${track.nameOf(side)} of ${track.name} is not ready`, { retriable: true });
  }

  #change<Result>(what: string, effect: () => Result): Promise<Result> {
    return this.world.change(`${what} of ${this.track.name}`, this.process, effect);
  }
}

const none: Timing = { ownMilliseconds: 0, platformMilliseconds: 0 };
