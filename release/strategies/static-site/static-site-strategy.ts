import type { StaticSiteTarget } from "../../../runbooks/target";
import { mapAt } from "../../targets/json";
import { describeTarget, productionSide } from "../../targets/sides";
import { UserError } from "../../user-error";
import { partsUntil, type StrategyParts } from "../options";
import { fetchPackage, type SitePackage } from "../slots/package";
import { Stopwatch } from "../stopwatch";
import type { Position, Strategy, Timing } from "../strategy";
import { type VersionQuestion, versionAt } from "../version-proof";
import { waitFor } from "../waiting";
import { uploadTo } from "./upload";

const apiVersion = "2025-05-01";
/** What a build of the site writes beside its pages. */
const usualQuestion: VersionQuestion = { path: "/version.json", jsonPath: "version" };
/**
 * Answers in a row: a package is not everywhere at once, and until it is one of some requests meets the one before
 * (Azure/static-web-apps, issues 1281 and 1783).
 */
const provenTimes = 10;

/**
 * A static site has one side: a release replaces what is there, and goes back by deploying the kept package again. So
 * that there is a way back, both packages are fetched and held against their digests before anything is replaced.
 */
export class StaticSiteStrategy implements Strategy {
  private readonly question: VersionQuestion;
  private host: Promise<string> | undefined;

  /** @param sent what a next try knows of this process: the package that it has begun to send last, wherever that is by now */
  constructor(
    private readonly target: StaticSiteTarget,
    private readonly parts: StrategyParts,
    private readonly sent: { last?: SitePackage } = {},
  ) {
    this.question = parts.proof ?? usualQuestion;
  }

  async observe(): Promise<Position> {
    const version = await this.version();
    const isCandidate = version === this.parts.sides.version;
    const previous = Object.keys(this.parts.sides.previous).length > 0;
    return {
      sighting: { exists: true, traffic: { [productionSide]: 100 }, workloads: [] },
      candidatePercent: isCandidate ? 100 : 0,
      // There is nowhere to prove it before: what counts is that the package is the manifest's.
      candidateReady: true,
      liveReady: previous || !isCandidate,
      ...(isCandidate && { candidateVersion: version }),
      why: [
        `the site answers ${version ?? "no version"}`,
        ...(previous ? [] : ["no package of the version before is kept"]),
      ],
    };
  }

  async deployIdle(progress: (line: string) => void, signal: AbortSignal): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    const { sides, surroundings } = this.parts;
    const upload = uploadTo(this.target.siteId, await this.hostOf(), surroundings);
    for (const component of [this.package(sides.components), this.package(sides.previous)]) {
      upload.accept(component);
      const bytes = await watch.platform(() => fetchPackage(component, surroundings, signal));
      progress(`${component.digest.slice(0, 19)} (${bytes.length} bytes) is there and as it should be`);
    }
    return watch.timing();
  }

  async setTraffic(percent: number): Promise<Timing> {
    if (percent === 100) return this.promote(() => {});
    const { candidatePercent } = await this.observe();
    if (percent === 0 && candidatePercent === 0) return { ownMilliseconds: 0, platformMilliseconds: 0 };
    throw new UserError(
      `${describeTarget(this.target)} cannot send ${percent} % to the new version: it has one side`,
      {
        mend: "the contract's move for this target is switch, and back is a rollback",
      },
    );
  }

  async promote(progress: (line: string) => void): Promise<Timing> {
    const { sides } = this.parts;
    return this.deploy(this.package(sides.components), sides.version, progress);
  }

  async revert(progress: (line: string) => void): Promise<Timing> {
    const watch = new Stopwatch(this.parts.clock);
    // Where the new version was sent, what still answers as the old one is about to be replaced.
    const isUnknown = this.sent.last === undefined;
    if (isUnknown && (await this.isBack())) return watch.timing();
    const { previous, liveVersion } = this.parts.sides;
    return this.deploy(this.package(previous), liveVersion, progress, isUnknown);
  }

  async warmUp(): Promise<Timing> {
    throw new UserError(`${describeTarget(this.target)} has no idle side to warm up`);
  }

  async scale(): Promise<Timing> {
    throw new UserError(`${describeTarget(this.target)} has no pods to scale`);
  }

  /** Pages without a server write no data; they stay. */
  async serve(): Promise<Timing> {
    return { ownMilliseconds: 0, platformMilliseconds: 0 };
  }

  async finish(): Promise<void> {}

  until(limit: AbortSignal): Strategy {
    return new StaticSiteStrategy(this.target, partsUntil(limit, this.parts), this.sent);
  }

  /** Whether the old version answers, and it alone. */
  private async isBack(): Promise<boolean> {
    const { sides, clock, patience } = this.parts;
    const { version, liveVersion } = sides;
    for (let times = 1; ; times++) {
      const says = await this.version();
      if (says === undefined || says === version || (liveVersion !== undefined && says !== liveVersion))
        return false;
      if (times === provenTimes) return true;
      await clock.sleep(patience.lookMilliseconds);
    }
  }

  /**
   * @param version what the site must answer afterwards; undefined when nobody knows: then another than the candidate's
   * @param anyway whatever it answers now
   */
  private async deploy(
    component: SitePackage,
    version: string | undefined,
    progress: (line: string) => void,
    anyway = false,
  ): Promise<Timing> {
    const { clock, guard, surroundings, sides } = this.parts;
    const watch = new Stopwatch(clock);
    const isThere = (says: string | undefined) =>
      version === undefined ? says !== undefined && says !== sides.version : says === version;
    // What answers so is not it where another package was sent since, and has not arrived everywhere.
    const isLast = (this.sent.last ?? component).digest === component.digest;
    if (!anyway && isLast && isThere(await this.version())) {
      await watch.platform(() => this.proven(isThere, version));
      return watch.timing();
    }
    const upload = uploadTo(this.target.siteId, await this.hostOf(), surroundings);
    upload.accept(component);
    const bytes = await watch.platform(() => fetchPackage(component, surroundings));
    await guard();
    this.sent.last = component;
    await watch.platform(() => upload.upload({ component, bytes, version: version ?? "the version before" }));
    await watch.platform(() => this.proven(isThere, version));
    progress(`${describeTarget(this.target)} answers ${version ?? "the version before"}`);
    return watch.timing();
  }

  private async proven(
    isThere: (says: string | undefined) => boolean,
    version = "the version before",
  ): Promise<void> {
    const { clock, patience } = this.parts;
    let times = 0;
    await waitFor(
      `${describeTarget(this.target)} does not prove ${version}`,
      async () => {
        const says = await this.version();
        times = isThere(says) ? times + 1 : 0;
        return times >= provenTimes ? {} : `it answers ${says ?? "no version"}`;
      },
      { clock, seconds: patience.deploySeconds, lookMilliseconds: patience.lookMilliseconds },
    );
  }

  private package(components: StrategyParts["sides"]["components"]): SitePackage {
    const [component, ...others] = Object.values(components);
    if (component !== undefined && others.length === 0 && "package" in component) return component;
    const isPrevious = components === this.parts.sides.previous;
    throw new UserError(
      isPrevious
        ? `${describeTarget(this.target)}: the package of the version before is not known, so that there would be no way back`
        : `${describeTarget(this.target)} takes one package; the manifest has ${Object.keys(components).join(", ") || "none"}`,
      isPrevious
        ? { mend: "name it: the manifest of the last release is in its journal (switchyard release history)" }
        : {},
    );
  }

  private async version(): Promise<string | undefined> {
    return versionAt(await this.hostOf(), this.question, this.parts.surroundings);
  }

  private hostOf(): Promise<string> {
    this.host ??= this.findHost();
    return this.host;
  }

  private async findHost(): Promise<string> {
    const site = await this.parts.surroundings.arm().get(this.target.siteId, apiVersion);
    const name = mapAt(site, "properties").defaultHostname;
    if (typeof name === "string") return `https://${name}`;
    throw new UserError(`${describeTarget(this.target)} does not exist`, {
      mend: "the stack declares it: switchyard up",
    });
  }
}
