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
 * A static site has one side: a release replaces what is there, and goes back by deploying the kept package again. So
 * that there is a way back, both packages are fetched and held against their digests before anything is replaced.
 */
export class StaticSiteStrategy implements Strategy {
  private readonly question: VersionQuestion;
  private host: Promise<string> | undefined;

  constructor(
    private readonly target: StaticSiteTarget,
    private readonly parts: StrategyParts,
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
    const { sides } = this.parts;
    const now = await this.version();
    const { liveVersion } = sides;
    if (now !== undefined && now !== sides.version && (liveVersion === undefined || now === liveVersion))
      return watch.timing();
    return this.deploy(this.package(sides.previous), liveVersion, progress);
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
    return new StaticSiteStrategy(this.target, partsUntil(limit, this.parts));
  }

  /** @param version what the site must answer afterwards; undefined when nobody knows: then another than the candidate's */
  private async deploy(
    component: SitePackage,
    version: string | undefined,
    progress: (line: string) => void,
  ): Promise<Timing> {
    const { clock, guard, surroundings, patience, sides } = this.parts;
    const watch = new Stopwatch(clock);
    const isThere = (says: string | undefined) =>
      version === undefined ? says !== undefined && says !== sides.version : says === version;
    if (isThere(await this.version())) return watch.timing();
    const upload = uploadTo(this.target.siteId, await this.hostOf(), surroundings);
    upload.accept(component);
    const bytes = await watch.platform(() => fetchPackage(component, surroundings));
    await guard();
    await watch.platform(() => upload.upload({ component, bytes, version: version ?? "the version before" }));
    await watch.platform(() =>
      waitFor(
        `${describeTarget(this.target)} does not prove ${version ?? "the version before"}`,
        async () => {
          const says = await this.version();
          return isThere(says) ? {} : `it answers ${says ?? "no version"}`;
        },
        { clock, seconds: patience.deploySeconds, lookMilliseconds: patience.lookMilliseconds },
      ),
    );
    progress(`${describeTarget(this.target)} answers ${version ?? "the version before"}`);
    return watch.timing();
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
