import type { SlotsTarget } from "../../../runbooks/target";
import { withinTime } from "../../clients/within-time";
import { breaksWords, preflightLines, preflightOf } from "../../plan/swap-preflight";
import { describeTarget, productionSide } from "../../targets/sides";
import { UserError } from "../../user-error";
import { partsUntil, type StrategyParts } from "../options";
import { Stopwatch } from "../stopwatch";
import type { Position, Strategy, Timing } from "../strategy";
import { type VersionQuestion, versionAt } from "../version-proof";
import { type Waiting, waitFor, whenChanged } from "../waiting";
import { warmUpAt } from "../warm-up";
import { SiteBusy } from "./app-service";
import { oneDeploy } from "./one-deploy";
import { fetchPackage, type SitePackage } from "./package";
import { type SideHosts, SlotSite } from "./site";
import { refuseHalfSwapped, swappedByArm } from "./swapped";

/** Without a contract's check: the first page, and the header `x-version` of its answer. */
const usualQuestion: VersionQuestion = { path: "/" };
/** App Service's own way to choose a side, whatever rules and cookies say. */
const productionItself = "x-ms-routing-name=self";
/** The time after which a side counts as settled: two answers, not one from an instance that is about to go. */
const provenTimes = 2;

interface Sight {
  readonly hosts: Readonly<Record<"production" | "slot", SideHosts>>;
  readonly traffic: Readonly<Record<string, number>>;
  readonly production: string | undefined;
  readonly slot: string | undefined;
  /** Whether the new version is in production; undefined when neither the sides nor ARM tell. */
  readonly swapped: boolean | undefined;
}

/**
 * A site and its slot: package to the slot, ramp rules, swap. ARM does not say which version a side runs; they are asked.
 * Where none of them says it, ARM's deployments and its last swap tell on which side the package lies.
 */
export class SlotsStrategy implements Strategy {
  private readonly question: VersionQuestion;

  /**
   * @param deployed what a next try knows of this process: the digest of the package that it has sent, and whether it has
   *   gone back
   */
  constructor(
    private readonly target: SlotsTarget,
    private readonly parts: StrategyParts,
    private readonly site = new SlotSite(target, parts.surroundings),
    private readonly deployed: { digest?: string; wentBack?: boolean } = {},
  ) {
    this.question = parts.proof ?? usualQuestion;
  }

  async observe(): Promise<Position> {
    const seen = await this.look();
    const { slot, version } = { slot: this.target.slot, version: this.parts.sides.version };
    const share = seen.traffic[slot] ?? 0;
    const swapped = this.requireDecided(seen);
    const candidate = swapped ? seen.production : seen.slot;
    const other = swapped ? seen.slot : seen.production;
    const ready = candidate === version;
    return {
      sighting: { exists: true, traffic: seen.traffic, workloads: [] },
      candidatePercent: swapped ? 100 - share : share,
      candidateReady: ready,
      liveReady: other !== undefined && other !== version,
      ...(candidate !== undefined && { candidateVersion: candidate }),
      why: [
        `production answers ${seen.production ?? "no version"}, ${slot} ${seen.slot ?? "no version"}`,
        ...(ready ? [] : [`${swapped ? productionSide : slot} does not prove ${version}`]),
      ],
    };
  }

  async deployIdle(progress: (line: string) => void, signal: AbortSignal): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    const { sides, surroundings, guard } = this.parts;
    const seen = await this.look(signal);
    const component = this.package();
    if (this.requireDecided(seen)) return watch.timing();
    refuseHalfSwapped(this.target, seen.hosts);
    await this.preflight(progress, signal);
    const { slot } = this.target;
    const share = seen.traffic[slot] ?? 0;
    if (seen.slot === sides.version && (share > 0 || this.deployed.digest === component.digest))
      return watch.timing();
    if (share > 0) {
      throw new UserError(
        `nothing is deployed to ${slot} of ${describeTarget(this.target)}: it has ${share} % of the traffic and answers ${seen.slot ?? "no version"}`,
        { mend: `az webapp traffic-routing clear --ids ${this.target.siteId}` },
      );
    }
    const bytes = await watch.platform(() => fetchPackage(component, surroundings, signal));
    progress(`${component.digest.slice(0, 19)} (${bytes.length} bytes) goes to ${slot}`);
    await guard();
    const waiting = this.waiting(this.parts.patience.deploySeconds, signal);
    await watch.platform(() => oneDeploy(seen.hosts.slot.deployment, bytes, surroundings, waiting));
    await watch.platform(() => this.proven("slot", sides.version, seen, waiting, progress));
    this.deployed.digest = component.digest;
    progress(`${slot} answers ${sides.version}`);
    return watch.timing();
  }

  async setTraffic(percent: number): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    if (!(percent >= 0 && percent <= 100))
      throw new UserError(`${percent} % of the traffic is not possible; allowed are numbers from 0 to 100`);
    const seen = await this.look();
    const { slot } = this.target;
    if (this.requireDecided(seen)) {
      if (percent === 100) {
        await this.share(0, seen);
        return watch.timing();
      }
      throw new UserError(
        `${describeTarget(this.target)} is swapped already: ${this.parts.sides.version} has all of the traffic, not ${percent} %`,
        { mend: "a rollback swaps it back" },
      );
    }
    if (percent > (seen.traffic[slot] ?? 0)) this.refuseUnproven(seen);
    await this.share(percent, seen);
    return watch.timing();
  }

  async promote(progress: (line: string) => void): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    const { version } = this.parts.sides;
    const seen = await this.look();
    if (!this.requireDecided(seen)) {
      this.refuseUnproven(seen);
      // They may have been changed since the package was deployed.
      await this.preflight(progress);
      this.deployed.wentBack = false;
      await watch.platform(() => this.swap(true, progress));
      await watch.platform(() => this.proven(productionSide, version, seen, this.swapWaiting(), progress));
      progress(`production answers ${version}`);
    }
    await this.share(0, seen);
    return watch.timing();
  }

  async revert(progress: (line: string) => void): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    const seen = await this.look();
    let cleared = false;
    // What is certain is done first: nobody more is sent to the slot, whatever lies there.
    if (seen.swapped === undefined) await this.share(0, seen);
    if (this.requireDecided(seen)) {
      await watch.platform(() => this.swap(false, progress));
      // A rule that a promote left behind draws to the slot, where the new version is from here on.
      cleared = await this.share(0, seen);
      const back = this.parts.sides.liveVersion ?? seen.slot;
      if (back !== undefined)
        await watch.platform(() => this.proven(productionSide, back, seen, this.swapWaiting(), progress));
      progress(`production answers ${back ?? "again"}`);
    }
    if ((await this.share(0, seen)) || cleared) {
      progress(
        `the ramp rule is gone: nobody more is drawn to ${this.target.slot}; whom its cookie (x-ms-routing-name) holds there stays for up to an hour, as does who chose it by address`,
      );
    }
    this.deployed.wentBack = true;
    return watch.timing();
  }

  async deployPrevious(progress: (line: string) => void): Promise<string | undefined> {
    const { sides, surroundings, guard, patience, limit } = this.parts;
    const { version, liveVersion } = sides;
    const { slot } = this.target;
    const seen = await this.look(limit);
    const share = seen.traffic[slot] ?? 0;
    if (this.requireDecided(seen) || share > 0)
      return `${version} has traffic of ${describeTarget(this.target)} still`;
    if (liveVersion !== undefined && seen.slot === liveVersion) return undefined;
    const [kept, ...others] = Object.values(sides.previous);
    if (liveVersion === undefined || kept === undefined || others.length > 0 || !("package" in kept))
      return `no package of ${liveVersion ?? "the version before"} is kept`;
    const bytes = await fetchPackage(kept, surroundings, limit);
    progress(`${kept.digest.slice(0, 19)} (${bytes.length} bytes) goes to ${slot}`);
    await guard();
    // What was sent there before is not there any more, whatever becomes of this.
    delete this.deployed.digest;
    const waiting = this.waiting(patience.deploySeconds, limit);
    await oneDeploy(seen.hosts.slot.deployment, bytes, surroundings, waiting);
    await this.proven("slot", liveVersion, seen, waiting, progress);
    return undefined;
  }

  async warmUp(requests: Parameters<Strategy["warmUp"]>[0]): Promise<Timing> {
    const { slot } = await this.site.hosts();
    return warmUpAt(slot.app, requests, {
      ...this.parts,
      proof: this.question,
      version: this.parts.sides.version,
    });
  }

  async scale(): Promise<Timing> {
    throw new UserError(`${describeTarget(this.target)} has no pods to scale: its plan does`);
  }

  async serve(on: boolean): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    const wanted = on ? "Running" : "Stopped";
    if ((await this.site.state()) === wanted) return watch.timing();
    await this.parts.guard();
    if (on) await watch.platform(() => this.site.fetchSecrets());
    await watch.platform(() => this.site.serve(on));
    const { lookMilliseconds } = this.parts.patience;
    await waitFor(
      `${describeTarget(this.target)} is not ${wanted}`,
      async () => {
        const state = await this.site.state();
        return state === wanted ? { state } : `it is ${String(state)}`;
      },
      { clock: this.parts.clock, seconds: 60, lookMilliseconds },
    );
    return watch.timing();
  }

  /** A slot needs no mark: nothing that the stack does to it would lose the version that it keeps. */
  async finish(): Promise<void> {}

  until(limit: AbortSignal): Strategy {
    return new SlotsStrategy(this.target, partsUntil(limit, this.parts), this.site, this.deployed);
  }

  private async look(signal?: AbortSignal): Promise<Sight> {
    const hosts = await this.site.hosts();
    const { surroundings } = this.parts;
    const [traffic, production, slot] = await Promise.all([
      this.site.traffic(hosts),
      versionAt(hosts.production.app, this.question, surroundings, { query: productionItself, signal }),
      versionAt(hosts.slot.app, this.question, surroundings, { signal }),
    ]);
    const swapped = await this.isSwapped({ hosts, production, slot }, signal);
    return { hosts, traffic, production, slot, swapped };
  }

  /**
   * Whether the new version is in production: it says so, or is silent while the old one answers at the slot, unless the old
   * one was deployed there after the last swap.
   */
  private async isSwapped(
    { hosts, production, slot }: Pick<Sight, "hosts" | "production" | "slot">,
    signal?: AbortSignal,
  ): Promise<boolean | undefined> {
    const { version, liveVersion } = this.parts.sides;
    const startedAt = this.parts.sides.startedAt?.getTime();
    if (production === version) return true;
    if (production !== undefined || slot === version) return false;
    const { swappedAt } = hosts.production;
    const isOldAtSlot = liveVersion !== undefined && slot === liveVersion;
    // The usual way back from a version that fails asks nothing more.
    if (isOldAtSlot && swappedAt !== undefined && swappedAt >= (startedAt ?? 0)) return true;
    const deployed = await this.deployedAt(signal);
    // Clocks differ: what the old version at the slot says is not undone by the start of the release.
    if (isOldAtSlot) return (deployed && swappedByArm({ swappedAt, ...deployed })) ?? true;
    const wentBack = this.deployed.wentBack ?? this.parts.sides.wentBack;
    return deployed && swappedByArm({ startedAt, wentBack, swappedAt, ...deployed });
  }

  /** @returns undefined when Azure does not say */
  private async deployedAt(signal?: AbortSignal): Promise<ReturnType<SlotSite["deployedAt"]> | undefined> {
    try {
      return await this.site.deployedAt(signal);
    } catch (error) {
      signal?.throwIfAborted();
      if (error instanceof UserError) return undefined;
      throw error;
    }
  }

  /** @throws UserError, retriable, when nobody can tell: never taken for a site that was not swapped */
  private requireDecided({ swapped, production, slot }: Sight): boolean {
    if (swapped !== undefined) return swapped;
    const { version } = this.parts.sides;
    const side = this.target.slot;
    throw new UserError(
      `nobody can tell on which side of ${describeTarget(this.target)} ${version} is: production answers ${production ?? "no version"}, ${side} ${slot ?? "no version"}, and Azure's deployments and last swap leave it open`,
      {
        retriable: true,
        mend: `look which side has the newest deployment (Deployment Center of each); is it production: az webapp deployment slot swap --ids ${this.target.siteId} --slot ${side}`,
      },
    );
  }

  private package(): SitePackage {
    const [component, ...others] = Object.values(this.parts.sides.components);
    if (component !== undefined && others.length === 0 && "package" in component) return component;
    throw new UserError(
      `${describeTarget(this.target)} takes one package; the manifest has ${JSON.stringify(this.parts.sides.components)}`,
    );
  }

  /** @throws UserError while the swap would take a setting away from the new version */
  private async preflight(progress: (line: string) => void, signal?: AbortSignal): Promise<void> {
    const swap = preflightOf(await this.site.settings(signal));
    for (const line of preflightLines(swap)) progress(line);
    if (swap.breaks.length === 0) return;
    const { slot } = this.target;
    const { version } = this.parts.sides;
    const { message, mend } = breaksWords(swap, { site: describeTarget(this.target), version, slot });
    throw new UserError(message, { mend });
  }

  private refuseUnproven({ slot, production }: Sight): void {
    const { version } = this.parts.sides;
    if (slot === version) return;
    throw new UserError(
      `${this.target.slot} of ${describeTarget(this.target)} gets no traffic: it answers ${slot ?? "no version"} instead of ${version} (production: ${production ?? "no version"})`,
      {
        mend: "the package is not deployed there, or does not start: deploy it again",
        retriable: slot === undefined,
      },
    );
  }

  /** @returns whether anything was written */
  private async share(percent: number, { hosts }: Sight): Promise<boolean> {
    const { slot } = this.target;
    const before = await this.site.traffic(hosts);
    if (before[slot] === percent) return false;
    await this.parts.guard();
    const after = await this.site.share(percent, hosts);
    if (after[slot] === percent) return true;
    throw new UserError(
      `${describeTarget(this.target)} does not keep what was written: ${slot} has ${String(after[slot])} % instead of ${percent} %`,
      { retriable: true },
    );
  }

  /**
   * One swap. Before each try the sides are asked again, so that one which is under way (of a process that was killed)
   * is waited for and not done twice.
   */
  private async swap(wanted: boolean, progress: (line: string) => void): Promise<void> {
    const say = whenChanged(progress);
    const waiting = this.swapWaiting();
    const trySwap = async (limit: AbortSignal) => {
      if (this.requireDecided(await this.look()) === wanted) return {};
      await this.parts.guard();
      say(`${this.target.slot} and production are being swapped`);
      try {
        await this.site.swap(waiting.seconds, limit);
        return {};
      } catch (error) {
        if (limit.aborted) return `the operation has not ended in ${waiting.seconds} s`;
        if (!(error instanceof SiteBusy)) throw error;
        say("another operation on the site is under way");
        return error.message;
      }
    };
    await withinTime(waiting.seconds * 1000, this.parts.limit, (limit) =>
      waitFor(`${describeTarget(this.target)} is not swapped`, () => trySwap(limit), waiting),
    );
  }

  private async proven(
    side: "production" | "slot",
    version: string,
    { hosts }: Sight,
    waiting: Waiting,
    progress: (line: string) => void,
  ): Promise<void> {
    const say = whenChanged(progress);
    const { surroundings } = this.parts;
    const options = { query: side === productionSide ? productionItself : undefined, signal: waiting.signal };
    let times = 0;
    await waitFor(
      `${side} of ${describeTarget(this.target)} does not prove ${version}`,
      async () => {
        const says = await versionAt(hosts[side].app, this.question, surroundings, options);
        times = says === version ? times + 1 : 0;
        if (times >= provenTimes) return { version };
        if (says !== version) say(`${side} answers ${says ?? "no version"}`);
        return `it answers ${says ?? "no version"}`;
      },
      waiting,
    );
  }

  private swapWaiting(): Waiting {
    return this.waiting(this.parts.patience.swapSeconds);
  }

  private waiting(seconds: number, signal?: AbortSignal): Waiting {
    const { clock, patience } = this.parts;
    return { clock, seconds, lookMilliseconds: patience.lookMilliseconds, signal };
  }
}
