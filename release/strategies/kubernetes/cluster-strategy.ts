import { type Colour, colours } from "../../../runbooks/target";
import type { KubernetesClient } from "../../clients/kubernetes";
import type { ClusterTarget } from "../../clients/world";
import { formatRetained } from "../../targets/retained";
import { describeTarget } from "../../targets/sides";
import { keyOfSide } from "../../targets/sighting";
import { UserError } from "../../user-error";
import { partsUntil, type StrategyParts } from "../options";
import { Stopwatch } from "../stopwatch";
import type { Position, ScaleOptions, Strategy, Timing } from "../strategy";
import { warmUpAt } from "../warm-up";
import { type ClusterView, viewOf } from "./cluster-view";
import { differences, hindrances } from "./readiness";
import {
  atLeastDeclared,
  claimWorkloads,
  type ReplicasOf,
  replicasForAll,
  replicasForReturn,
  scaleSide,
} from "./scaling";
import { type TrafficWriter, type WantedTraffic, writeTraffic } from "./traffic-write";
import { only, untilPreviewProves, untilReady } from "./until-ready";
import { untilServed } from "./until-served";

/** Share of its pods that a side needs to take traffic: all when it is new, half when it is gone back to. */
const enoughForNew = 1;
const enoughForReturn = 0.5;

/** Both colours of a target on Kubernetes: a Service's selector or an HTTPRoute's weights. */
export class ClusterStrategy implements Strategy {
  private readonly candidate: Colour;
  private readonly live: Colour;

  constructor(
    private readonly target: ClusterTarget,
    private readonly parts: StrategyParts,
  ) {
    this.candidate = colourOf(target, parts.sides.candidate);
    this.live = colourOf(target, parts.sides.live);
  }

  async observe(): Promise<Position> {
    const view = await viewOf(this.target, await this.cluster());
    const different = differences(this.target, this.candidate, view, this.parts.sides);
    const missing = hindrances(this.target, this.candidate, view, enoughForNew);
    const liveMissing = hindrances(this.target, this.live, view, enoughForReturn);
    const proven = different.length === 0 && missing.length === 0;
    return {
      sighting: view.sighting,
      candidatePercent: view.sighting.traffic[this.candidate] ?? 0,
      candidateReady: proven,
      liveReady: liveMissing.length === 0,
      liveLacks: hindrances(this.target, this.live, view, enoughForNew),
      ...(different.length === 0 && { candidateVersion: this.parts.sides.version }),
      why: [...different, ...missing, ...liveMissing],
    };
  }

  /** All at once: a rollback that another process takes up begins with it. */
  async claim(): Promise<void> {
    const writer = await this.writer();
    await Promise.all([writeTraffic(writer, {}, () => {}), claimWorkloads(writer)]);
  }

  async deployIdle(progress: (line: string) => void, signal: AbortSignal): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    const view = await viewOf(this.target, await this.cluster());
    this.refuseOtherVersion(view);
    // A route's weights bring the traffic step by step, with which the autoscaler keeps up.
    const replicas = this.target.kind === "selector" ? replicasForAll : atLeastDeclared;
    await this.scaleTo(this.candidate, this.components, replicas(this.target, this.candidate), view);
    await watch.platform(() => this.ready(this.candidate, enoughForNew, progress, signal));
    await watch.platform(() => untilPreviewProves(this.candidate, this.parts, signal));
    progress(`${this.candidate} of ${this.components.join(", ")} is ready with ${this.parts.sides.version}`);
    return watch.timing();
  }

  async setTraffic(percent: number): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    if (!Number.isInteger(percent) || percent < 0 || percent > 100)
      throw new UserError(
        `${percent} % of the traffic is not possible; allowed are whole numbers from 0 to 100`,
      );
    if (this.target.kind === "selector" && percent !== 0 && percent !== 100) {
      throw new UserError(
        `${describeTarget(this.target)} cannot send ${percent} % to ${this.candidate}: a selector names one colour, so that its traffic is whole`,
        { mend: "the contract's weights for this target are 0 and 100; a ramp needs an HTTPRoute" },
      );
    }
    await this.share(percent);
    await this.served(watch);
    return watch.timing();
  }

  async promote(progress: (line: string) => void): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    const view = await this.grownForAll(watch, progress);
    const moved = await this.share(100, view);
    await this.served(watch);
    if (moved) progress(`${describeTarget(this.target)}: all traffic to ${this.candidate}`);
    return watch.timing();
  }

  async revert(progress: (line: string) => void): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    let view = await viewOf(this.target, await this.cluster());
    if (view.sighting.traffic[this.live] === 100) {
      await this.served(watch);
      return watch.timing();
    }
    this.refuseOtherFormer(view);
    if (hindrances(this.target, this.live, view, enoughForReturn).length > 0) {
      const written = await this.scaleTo(
        this.live,
        this.components,
        replicasForReturn(this.target, this.live),
      );
      if (written) progress(`${this.live} is scaled up again`);
      view = await watch.platform(() => this.ready(this.live, enoughForReturn, progress));
    }
    const judge = (seen: ClusterView) => {
      this.refuseOtherFormer(seen);
      this.refuseUnready(this.live, seen, enoughForReturn);
    };
    // Both have ended before anything is thrown: no write of this try comes after it.
    const [moved, grown] = await Promise.allSettled([
      this.write({ weights: this.weights(0) }, judge, view),
      this.growBeside(view, progress),
    ]);
    for (const ended of [moved, grown]) if (ended.status === "rejected") throw ended.reason;
    await this.served(watch);
    if (moved.status === "fulfilled" && moved.value)
      progress(`${describeTarget(this.target)}: all traffic back to ${this.live}`);
    return watch.timing();
  }

  async warmUp(requests: Parameters<Strategy["warmUp"]>[0]): Promise<Timing> {
    const { proof, sides } = this.parts;
    if (proof?.preview === undefined) {
      throw new UserError(
        `${describeTarget(this.target)}: ${this.candidate} has no preview host to warm it up at`,
      );
    }
    return warmUpAt(proof.preview[this.candidate], requests, {
      ...this.parts,
      proof,
      version: sides.version,
    });
  }

  async scale(
    side: string,
    components: readonly string[],
    to: number | "declared",
    { stopsServing = false, goesBack = false }: ScaleOptions = {},
  ): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    const colour = colourOf(this.target, side);
    const enough = goesBack ? enoughForReturn : enoughForNew;
    const wanted = to === "declared" ? replicasForReturn(this.target, colour) : () => to;
    const view = await viewOf(this.target, await this.cluster());
    if (goesBack) this.refuseOtherFormer(view);
    const written = await this.scaleTo(
      colour,
      components,
      (seen, name, component) => {
        const replicas = wanted(seen, name, component);
        const percent = seen.sighting.traffic[colour] ?? 0;
        if (replicas === 0 && percent > 0 && !stopsServing) {
          throw new UserError(
            `${name} is not scaled to 0: ${colour} has ${percent} % of the traffic of ${describeTarget(this.target)}`,
          );
        }
        return replicas;
      },
      view,
    );
    if (to === 0) return watch.timing();
    const isThere = !written && hindrances(only(this.target, components), colour, view, enough).length === 0;
    // Of the candidate it must be proven as well what its pods are.
    if (!isThere || colour === this.candidate)
      await watch.platform(() => this.ready(colour, enough, () => {}, undefined, components));
    return watch.timing();
  }

  /** Without pods nobody is served, and no worker writes to the data that are being restored. */
  async serve(on: boolean): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    const { sighting } = await viewOf(this.target, await this.cluster());
    if (!on) {
      for (const side of colours)
        await this.scaleTo(side, this.deployedOf(side, sighting.workloads), () => 0);
      return watch.timing();
    }
    const [side] = colours.filter((colour) => sighting.traffic[colour]! > 0);
    await this.scaleTo(side!, this.components, replicasForReturn(this.target, side!));
    await watch.platform(() => this.ready(side!, enoughForNew, () => {}));
    return watch.timing();
  }

  async finish(): Promise<void> {
    await this.write({ retained: null, epoch: null }, () => {});
  }

  until(limit: AbortSignal): Strategy {
    return new ClusterStrategy(this.target, partsUntil(limit, this.parts));
  }

  private get components(): readonly string[] {
    return Object.keys(this.target.components);
  }

  private deployedOf(side: Colour, workloads: Position["sighting"]["workloads"]): readonly string[] {
    return workloads.filter((workload) => workload.side === side).map(({ component }) => component);
  }

  private cluster(): Promise<KubernetesClient> {
    return this.parts.surroundings.kubernetes(this.target);
  }

  private async writer(): Promise<TrafficWriter> {
    const { guard, epoch } = this.parts;
    return { target: this.target, cluster: await this.cluster(), guard, epoch };
  }

  private weights(percent: number): Readonly<Record<Colour, number>> {
    const weights = { [this.candidate]: percent, [this.live]: 100 - percent };
    return weights as Record<Colour, number>;
  }

  /** @returns whether anything was written */
  private async share(percent: number, read?: ClusterView): Promise<boolean> {
    const judge = (view: ClusterView) => {
      const before = view.sighting.traffic[this.candidate] ?? 0;
      if (percent > before) this.refuseNotCandidate(view);
      if (percent < before) this.refuseUnready(this.live, view, enoughForReturn);
    };
    return this.write({ weights: this.weights(percent) }, judge, read);
  }

  /**
   * The candidate has as many pods as the side that it takes all the traffic from, which may have grown since it was
   * deployed, as an autoscaler may have shrunk it since.
   * @returns what was read when nothing was missing
   */
  private async grownForAll(
    watch: Stopwatch,
    progress: (line: string) => void,
  ): Promise<ClusterView | undefined> {
    const view = await viewOf(this.target, await this.cluster());
    if (view.sighting.traffic[this.candidate] === 100) return view;
    this.refuseNotCandidate(view);
    const replicas = replicasForAll(this.target, this.candidate);
    if (!(await this.scaleTo(this.candidate, this.components, replicas, view))) return view;
    progress(`${this.candidate} is scaled to what ${this.live} has grown to`);
    await watch.platform(() => this.ready(this.candidate, enoughForNew, progress));
    return undefined;
  }

  /**
   * A kept side shrinks while it has no traffic: it is scaled beside the write that brings all of it back, which waits for
   * none of the new pods, and is not kept from it when they cannot be had.
   */
  private async growBeside(view: ClusterView, progress: (line: string) => void): Promise<void> {
    try {
      const replicas = replicasForAll(this.target, this.live);
      if (await this.scaleTo(this.live, this.components, replicas, view))
        progress(`${this.live} is scaled to what ${this.candidate} has grown to`);
    } catch (error) {
      if (!(error instanceof UserError)) throw error;
      progress(`${this.live} is not scaled up: ${error.message}`);
    }
  }

  private async write(
    wanted: WantedTraffic,
    judge: (view: ClusterView) => void,
    read?: ClusterView,
  ): Promise<boolean> {
    const retained = formatRetained({ side: this.live, release: this.parts.sides.release });
    const { written } = await writeTraffic(await this.writer(), { retained, ...wanted }, judge, read);
    return written;
  }

  /** Also where nothing was written: a try before this one may not have waited to the end. */
  private async served(watch: Stopwatch): Promise<void> {
    const cluster = await this.cluster();
    await watch.platform(() => untilServed(this.target, cluster, this.parts));
  }

  private async scaleTo(
    side: Colour,
    components: readonly string[],
    replicas: ReplicasOf,
    read?: ClusterView,
  ): Promise<boolean> {
    return scaleSide(await this.writer(), side, components, replicas, read);
  }

  private async ready(
    side: Colour,
    enough: number,
    progress: (line: string) => void,
    signal?: AbortSignal,
    components: readonly string[] = this.components,
  ): Promise<ClusterView> {
    const proven = side === this.candidate;
    const wanted = { side, components, enough, proven, progress, ...(signal && { signal }) };
    return untilReady(this.target, wanted, await this.cluster(), this.parts);
  }

  private refuseOtherVersion(view: ClusterView): void {
    const different = differences(this.target, this.candidate, view, this.parts.sides);
    if (different.length === 0) return;
    const { system, version } = this.parts.sides;
    throw new UserError(`${this.candidate} is not ${version} of the manifest: ${different.join("; ")}`, {
      mend: `switchyard release prepare ${system} --to MANIFEST, commit, switchyard up`,
    });
  }

  private refuseNotCandidate(view: ClusterView): void {
    this.refuseOtherVersion(view);
    this.refuseUnready(this.candidate, view, enoughForNew);
  }

  /** An update of the stack that had begun before may have put something else there since it was looked at. */
  private refuseOtherFormer({ sighting }: ClusterView): void {
    const { liveKey, liveVersion = "the version before" } = this.parts.sides;
    if (liveKey === undefined || keyOfSide(sighting, this.live, this.components) === liveKey) return;
    throw new UserError(
      `${this.live} gets no traffic of ${describeTarget(this.target)}: it does not hold ${liveVersion} any more`,
      { mend: "see who changed it: switchyard drift" },
    );
  }

  private refuseUnready(side: Colour, view: ClusterView, enough: number): void {
    const missing = hindrances(this.target, side, view, enough);
    if (missing.length === 0) return;
    throw new UserError(`${side} gets no traffic of ${describeTarget(this.target)}: ${missing.join("; ")}`, {
      mend: `kubectl -n ${this.target.namespace} get deployments,pods`,
      retriable: true,
    });
  }
}

function colourOf(target: ClusterTarget, side: string): Colour {
  const colour = colours.find((candidate) => candidate === side);
  if (colour !== undefined) return colour;
  throw new UserError(
    `${JSON.stringify(side)} is not a side of ${describeTarget(target)}; allowed: ${colours.join(", ")}`,
  );
}
