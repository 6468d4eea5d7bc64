import { createHash } from "node:crypto";
import { mkdirSync, writeFileSync } from "node:fs";
import type { Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { processStart } from "../../../../local/daemon/process-identity";
import { Metrics } from "../../../../local/traffic/counts/metrics";
import { Telemetry } from "../../../../local/traffic/counts/telemetry";
import { Workspaces } from "../../../../local/traffic/counts/workspaces";
import { trafficEndpointFile, trafficFolder } from "../../../../local/traffic/endpoint";
import { controlOf } from "../../../../local/traffic/front/control";
import { createFront } from "../../../../local/traffic/front/front";
import { HostFaults } from "../../../../local/traffic/front/host-faults";
import { World as FrontWorld } from "../../../../local/traffic/front/world";
import { type Surroundings, surroundingsOf } from "../../../../release/clients/surroundings";
import { systemClock } from "../../../../release/engine/system-clock";
import { oneDeploy } from "../../../../release/strategies/slots/one-deploy";
import type { SitePackage } from "../../../../release/strategies/slots/package";
import type { SidesOfRelease, WriteGuard } from "../../../../release/strategies/strategy";
import { type StrategyOptions, strategyOf } from "../../../../release/strategies/strategy-of";
import type { SlotsTarget, StaticSiteTarget } from "../../../../runbooks/target";
import { LocalCloud, SUBSCRIPTION } from "../../../local/providers/support/local-cloud";
import { until } from "../../../support/until";
import { newVersion, oldVersion, type World } from "../conformance";

const group = `${SUBSCRIPTION}/resourceGroups/shop`;
const plan = `${group}/providers/Microsoft.Web/serverfarms/shop`;
const siteId = `${group}/providers/Microsoft.Web/sites/shop`;
const staticSiteId = `${group}/providers/Microsoft.Web/staticSites/shop-app`;
const location = "westeurope";

export const slotsTarget: SlotsTarget = { kind: "slots", siteId, slot: "staging" };
export const staticSiteTarget: StaticSiteTarget = { kind: "staticSite", siteId: staticSiteId };

/** The embedded cloud and its front in this process: App Service as far as they imitate it. */
export class Sites {
  private constructor(
    readonly cloud: LocalCloud,
    readonly faults: HostFaults,
    readonly surroundings: Surroundings,
    private readonly front: FrontWorld,
    private readonly server: Server,
  ) {}

  static async start(): Promise<Sites> {
    const cloud = await LocalCloud.start(undefined, 1);
    const { stateDir } = cloud;
    await cloud.call("PUT", group, { location });
    const sku = { name: "P1v3", tier: "PremiumV3" };
    await cloud.call("PUT", plan, { location, sku, properties: { reserved: true } });
    await cloud.call("PUT", siteId, { location, properties: { serverFarmId: plan } });
    await cloud.call("PUT", `${siteId}/slots/staging`, { location, properties: { serverFarmId: plan } });
    const standard = { name: "Standard", tier: "Standard" };
    await cloud.call("PUT", staticSiteId, { location, sku: standard, properties: {} });
    mkdirSync(trafficFolder(stateDir), { recursive: true });
    const world = new FrontWorld(stateDir);
    const telemetry = new Telemetry(new Workspaces(world.resources));
    const metrics = new Metrics(telemetry.counts, () => Date.now());
    const faults = new HostFaults();
    const token = "token-of-the-front";
    const identity = {
      pid: process.pid,
      processStart: processStart(process.pid) ?? "",
      startedAt: new Date().toISOString(),
      version: "test",
      stateDir,
    };
    const control = controlOf({ world, telemetry, metrics, faults, identity, onStop: () => {} });
    const server = createFront({ world, telemetry, faults, token, stateDir, control });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    writeFileSync(trafficEndpointFile(stateDir), JSON.stringify({ url, token, ...identity }), {
      mode: 0o600,
    });
    void world.follow();
    const surroundings = surroundingsOf("dev", { SWITCHYARD_STATE_DIR: stateDir });
    await until("the front knows the sites", () => world.sites.byId.size === 3);
    return new Sites(cloud, faults, surroundings, world, server);
  }

  package(version: string, more: object = {}): SitePackage {
    const paths = { "/health": { body: { status: "healthy", version } } };
    const text = JSON.stringify({ version, versionPath: "/version.json", paths, ...more });
    const file = join(this.cloud.stateDir, `package-${version}.json`);
    writeFileSync(file, text);
    return { package: file, digest: `sha256:${createHash("sha256").update(text).digest("hex")}` };
  }

  /** What the pipeline, or somebody by hand, deploys to a side. */
  async deploy(slot: "production" | "staging", version: string, more: object = {}): Promise<void> {
    const host = `https://shop${slot === "staging" ? "-staging" : ""}.scm.azurewebsites.net`;
    const text = JSON.stringify({ version, versionPath: "/version.json", ...more });
    const waiting = { clock: systemClock(), seconds: 5, lookMilliseconds: 5 };
    await oneDeploy(host, Buffer.from(text), this.surroundings, waiting);
  }

  async remove(): Promise<void> {
    this.front.stop();
    this.server.closeAllConnections();
    await new Promise((resolve) => this.server.close(resolve));
    await this.cloud.remove();
  }
}

const health = { path: "/health", jsonPath: "version" };

/** A site whose production runs the old version, and whose slot runs an older one. */
export class SlotsWorld implements World {
  private readonly startedAt = new Date();
  private readonly silent = new Set<string>();

  private constructor(
    readonly sites: Sites,
    private readonly candidate: SitePackage,
  ) {}

  static async make(): Promise<SlotsWorld> {
    const sites = await Sites.start();
    await sites.deploy("production", oldVersion);
    await sites.deploy("staging", "1.4.0");
    return new SlotsWorld(sites, sites.package(newVersion));
  }

  strategy(
    guard: WriteGuard = async () => {},
    options: StrategyOptions = {},
    changes: Partial<SidesOfRelease> = {},
  ) {
    const sides: SidesOfRelease = {
      release: "shop-1",
      system: "shop",
      candidate: "staging",
      live: "production",
      version: newVersion,
      liveVersion: oldVersion,
      startedAt: this.startedAt,
      components: { backend: this.candidate },
      previous: {},
      ...changes,
    };
    const patience = { deploySeconds: 3, swapSeconds: 10, lookMilliseconds: 5 };
    return strategyOf(slotsTarget, sides, this.surroundings, guard, {
      proof: health,
      patience,
      ...options,
    });
  }

  async served(): Promise<Readonly<Record<string, number>>> {
    const version = async (name: string) => {
      const url = new URL(`https://shop.azurewebsites.net/health?x-ms-routing-name=${name}`);
      return String((await this.sites.surroundings.fetchHttp({ method: "GET", url })).headers["x-version"]);
    };
    const share = this.share();
    const parts = [[await version("self"), 100 - share] as const, [await version("staging"), share] as const];
    return Object.fromEntries(parts.filter(([, percent]) => percent > 0));
  }

  share(): number {
    const config = this.sites.cloud.cloud.store.get(siteId)?.config as
      | { experiments?: { rampUpRules?: { reroutePercentage: number }[] } }
      | undefined;
    return config?.experiments?.rampUpRules?.[0]?.reroutePercentage ?? 0;
  }

  async snapshot(): Promise<unknown> {
    const { store } = this.sites.cloud.cloud;
    return [siteId, `${siteId}/slots/staging`].map((id) => {
      const { content, config, body } = store.get(id)!;
      return structuredClone({ content, config, state: (body.properties as { state?: unknown }).state });
    });
  }

  async makeIdleWrong(): Promise<void> {
    await this.sites.deploy("staging", oldVersion);
  }

  /** Sides answer 503 without a version, as one does whose database is away. @default both */
  silence(...sides: readonly ("production" | "staging")[]): void {
    const silent = sides.length === 0 ? (["production", "staging"] as const) : sides;
    for (const side of silent)
      this.silent.add(`shop${side === "staging" ? "-staging" : ""}.azurewebsites.net`);
  }

  speak(): void {
    this.silent.clear();
  }

  private get surroundings(): Surroundings {
    const { surroundings } = this.sites;
    return {
      ...surroundings,
      fetchHttp: async (request) => {
        const answer = await surroundings.fetchHttp(request);
        if (!this.silent.has(request.url.hostname)) return answer;
        return { ...answer, status: 503, headers: {}, text: "" };
      },
    };
  }

  /** @param sticky names that stay with their side, of the whole site */
  async settings(
    side: "production" | "staging",
    values: Readonly<Record<string, string>>,
    sticky: readonly string[] = [],
  ): Promise<void> {
    const { cloud } = this.sites;
    const id = side === "production" ? siteId : `${siteId}/slots/${side}`;
    await cloud.call("PUT", `${id}/config/appsettings`, { properties: values });
    const properties = { appSettingNames: [...sticky] };
    await cloud.call("PUT", `${siteId}/config/slotConfigNames`, { properties });
  }

  /** A swap with preview that somebody has begun. */
  async previewSwap(): Promise<void> {
    const { store } = this.sites.cloud.cloud;
    const slot = store.get(`${siteId}/slots/staging`)!;
    const properties = { ...(slot.body.properties as object), targetSwapSlot: "production" };
    await store.put({ ...slot, body: { ...slot.body, properties } });
  }

  /** A connection string of one side, as somebody adds it by hand. */
  async connect(side: "production" | "staging", name: string, sticky: readonly string[] = []): Promise<void> {
    const { cloud } = this.sites;
    const id = side === "production" ? siteId : `${siteId}/slots/${side}`;
    const connectionStrings = [{ name, connectionString: "hidden", type: "Custom" }];
    await cloud.call("PATCH", `${id}/config/web`, { properties: { connectionStrings } });
    const properties = { connectionStringNames: [...sticky] };
    await cloud.call("PUT", `${siteId}/config/slotConfigNames`, { properties });
  }

  /** A ramp rule as somebody writes it by hand. */
  async giveShare(reroutePercentage: number): Promise<void> {
    const rule = { name: "staging", actionHostName: "shop-staging.azurewebsites.net", reroutePercentage };
    const properties = { experiments: { rampUpRules: [rule] } };
    await this.sites.cloud.call("PATCH", `${siteId}/config/web`, { properties });
  }

  async remove(): Promise<void> {
    await this.sites.remove();
  }
}

/** A static site that shows the old version. */
export class StaticWorld implements World {
  /** What the next questions for the version are answered with, whatever is deployed; then it is asked. */
  readonly stale: string[] = [];

  private constructor(
    readonly sites: Sites,
    private readonly host: string,
    readonly old: SitePackage,
    readonly candidate: SitePackage,
  ) {}

  static async make(): Promise<StaticWorld> {
    const sites = await Sites.start();
    const { defaultHostname } = sites.cloud.cloud.store.get(staticSiteId)!.body.properties as {
      defaultHostname: string;
    };
    const world = new StaticWorld(
      sites,
      `https://${defaultHostname}`,
      sites.package(oldVersion),
      sites.package(newVersion),
    );
    await world.strategy().revert(() => {});
    return world;
  }

  strategy(guard: WriteGuard = async () => {}, changes: Partial<SidesOfRelease> = {}, deploySeconds = 3) {
    const sides: SidesOfRelease = {
      release: "shop-1",
      system: "shop",
      candidate: "production",
      live: "production",
      version: newVersion,
      liveVersion: oldVersion,
      components: { frontend: this.candidate },
      previous: { frontend: this.old },
      ...changes,
    };
    const patience = { deploySeconds, lookMilliseconds: 5 };
    return strategyOf(staticSiteTarget, sides, this.surroundings, guard, { patience });
  }

  private get surroundings(): Surroundings {
    const { surroundings } = this.sites;
    return {
      ...surroundings,
      fetchHttp: async (request) => {
        const answer = await surroundings.fetchHttp(request);
        const version = request.url.pathname === "/version.json" ? this.stale.shift() : undefined;
        return version === undefined ? answer : { ...answer, text: JSON.stringify({ version }) };
      },
    };
  }

  async served(): Promise<Readonly<Record<string, number>>> {
    const url = new URL("/", this.host);
    const { headers } = await this.sites.surroundings.fetchHttp({ method: "GET", url });
    return { [String(headers["x-version"])]: 100 };
  }

  async snapshot(): Promise<unknown> {
    return structuredClone(this.sites.cloud.cloud.store.get(staticSiteId)!.content);
  }

  async remove(): Promise<void> {
    await this.sites.remove();
  }
}
