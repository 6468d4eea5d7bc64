import type { RampUpRule, WebSiteManagementClient } from "@azure/arm-appservice";
import type { SlotsTarget } from "../../../runbooks/target";
import type { Surroundings } from "../../clients/surroundings";
import type { SideSettings } from "../../plan/swap-preflight";
import { type Json, listAt, mapAt } from "../../targets/json";
import { describeTarget, productionSide } from "../../targets/sides";
import { slotTraffic } from "../../targets/slots";
import { UserError } from "../../user-error";
import { appServiceOf, asking, type SiteAddress, siteAddress } from "./app-service";
import { succeeded } from "./one-deploy";

const apiVersion = "2025-05-01";
/** The only one that Microsoft Learn names for it ("Use Key Vault references", rotation). */
const refreshVersion = "2022-03-01";

/**
 * What a swap moves by name unless `slotConfigNames` keeps it with its side (Microsoft Learn, "Set up staging environments"):
 * where it is listed, under which key it is kept, and what it is called.
 */
const namedSettings = [
  { list: "appsettings", sticky: "appSettingNames", called: "" },
  { list: "connectionstrings", sticky: "connectionStringNames", called: "connection string " },
  { list: "azurestorageaccounts", sticky: "azureStorageConfigNames", called: "storage mount " },
] as const;

/** Addresses of one side. */
export interface SideHosts {
  /** `https://NAME.azurewebsites.net`, whatever custom domains there are. */
  readonly app: string;
  /** Where packages are sent. */
  readonly deployment: string;
  readonly all: readonly string[];
  /** End of the last swap that it took part in, in milliseconds since 1970. */
  readonly swappedAt?: number;
  /** The slot with which a swap was begun and neither completed nor cancelled (a swap with preview). */
  readonly swapsInto?: string;
}

/** A site with one slot, as a release reads and writes it. */
export class SlotSite {
  private readonly address: SiteAddress;
  private client: WebSiteManagementClient | undefined;

  constructor(
    private readonly target: SlotsTarget,
    private readonly surroundings: Surroundings,
  ) {
    this.address = siteAddress(target.siteId);
  }

  /** @throws UserError when site or slot is not there */
  async hosts(): Promise<Readonly<Record<"production" | "slot", SideHosts>>> {
    const [production, slot] = await Promise.all([
      this.read(this.target.siteId),
      this.read(`${this.target.siteId}/slots/${this.target.slot}`),
    ]);
    return { production: hostsOf(production), slot: hostsOf(slot) };
  }

  /** Percent by side. */
  async traffic({ slot }: { readonly slot: SideHosts }): Promise<Readonly<Record<string, number>>> {
    return slotTraffic(this.target, await this.read(`${this.target.siteId}/config/web`), slot.all);
  }

  /** End of the newest deployment of what lies on each side, in milliseconds since 1970. */
  async deployedAt(signal?: AbortSignal): Promise<Partial<Readonly<Record<"production" | "slot", number>>>> {
    const { siteId, slot } = this.target;
    const arm = this.surroundings.arm(signal);
    const [production, other] = await Promise.all(
      [siteId, `${siteId}/slots/${slot}`].map(async (side) =>
        newestEnd((await arm.collection(`${side}/deployments`, apiVersion)) ?? []),
      ),
    );
    return {
      ...(production !== undefined && { production }),
      ...(other !== undefined && { slot: other }),
    };
  }

  /**
   * The one ramp rule, or none; everything else of the configuration is left alone (`PATCH config/web`).
   * @returns the traffic read back
   */
  async share(
    percent: number,
    hosts: { readonly slot: SideHosts },
  ): Promise<Readonly<Record<string, number>>> {
    const { slot } = this.target;
    const rampUpRules: RampUpRule[] =
      percent === 0
        ? []
        : [{ name: slot, actionHostName: new URL(hosts.slot.app).host, reroutePercentage: percent }];
    const { resourceGroup, name } = this.address;
    const client = this.appService();
    await asking(`the ramp rules of ${describeTarget(this.target)}`, (abortSignal) =>
      client.webApps.updateConfiguration(
        resourceGroup,
        name,
        { experiments: { rampUpRules } },
        { abortSignal },
      ),
    );
    return this.traffic(hosts);
  }

  /** Swaps slot and production, and waits for the end of the operation. @throws SiteBusy while another one runs */
  async swap(seconds: number, limit: AbortSignal): Promise<void> {
    const { resourceGroup, name } = this.address;
    const client = this.appService();
    const entity = { targetSlot: productionSide, preserveVnet: true };
    const swap = async (abortSignal: AbortSignal) => {
      await client.webApps.swapSlot(resourceGroup, name, this.target.slot, entity, { abortSignal });
    };
    await asking(`the swap of ${describeTarget(this.target)}`, swap, { seconds, outer: limit });
  }

  /** App settings, connection strings and storage mounts of both sides, by what they are called. */
  async settings(signal?: AbortSignal): Promise<SideSettings> {
    const { siteId, slot } = this.target;
    const arm = this.surroundings.arm(signal);
    const of = async (side: string) => {
      const lists = namedSettings.map(async ({ list, called }) => {
        const answer = await arm.list(`${side}/config/${list}`, "list", apiVersion);
        return Object.entries(mapAt(answer, "properties")).map(
          ([name, value]) =>
            [called + name, typeof value === "string" ? value : JSON.stringify(value)] as const,
        );
      });
      return Object.fromEntries((await Promise.all(lists)).flat());
    };
    const [production, slotSettings, names] = await Promise.all([
      of(siteId),
      of(`${siteId}/slots/${slot}`),
      arm.get(`${siteId}/config/slotConfigNames`, apiVersion),
    ]);
    return {
      production,
      slot: slotSettings,
      sticky: namedSettings.flatMap(({ sticky, called }) =>
        listAt(names, "properties", sticky).map((name) => called + String(name)),
      ),
    };
  }

  /** Starts or stops both sides. */
  async serve(on: boolean): Promise<void> {
    const { resourceGroup, name } = this.address;
    const { webApps } = this.appService();
    const { slot } = this.target;
    await asking(`${on ? "start" : "stop"} of ${describeTarget(this.target)}`, (abortSignal) => {
      const stoppable = { abortSignal };
      return Promise.all(
        on
          ? [
              webApps.start(resourceGroup, name, stoppable),
              webApps.startSlot(resourceGroup, name, slot, stoppable),
            ]
          : [
              webApps.stop(resourceGroup, name, stoppable),
              webApps.stopSlot(resourceGroup, name, slot, stoppable),
            ],
      );
    });
  }

  /**
   * Both sides fetch the secrets anew that their settings name. App Service keeps them for a day, also when it starts an app
   * again: what a secret says now is only used from here on.
   *
   * @throws UserError, retriable, while one of them is not resolved
   */
  async fetchSecrets(): Promise<void> {
    const { siteId, slot } = this.target;
    const arm = this.surroundings.arm();
    for (const side of [siteId, `${siteId}/slots/${slot}`]) {
      const references = `${side}/config/configreferences/appsettings`;
      await arm.list(references, "refresh", refreshVersion);
      const found = (await arm.collection(references, apiVersion)) ?? [];
      const open = found
        .map(({ name, properties }) => ({ name: String(name), status: String(mapAt(properties).status) }))
        .filter(({ status }) => status !== "Resolved");
      if (open.length === 0) continue;
      const words = open.map(({ name, status }) => `${name}: ${status}`).join(", ");
      throw new UserError(
        `secrets that settings of ${describeTarget(this.target)} name are missing: ${words}`,
        {
          retriable: true,
        },
      );
    }
  }

  /** `Running` or `Stopped`. */
  async state(): Promise<unknown> {
    return mapAt(await this.read(this.target.siteId), "properties").state;
  }

  private async read(id: string): Promise<Json> {
    const found = await this.surroundings.arm().get(id, apiVersion);
    if (found !== undefined) return found;
    throw new UserError(`${describeTarget(this.target)}: there is no ${id}`, {
      mend: "the stack declares it: switchyard up",
    });
  }

  private appService(): WebSiteManagementClient {
    this.client ??= appServiceOf(this.address, this.surroundings);
    return this.client;
  }
}

function hostsOf(site: Json): SideHosts {
  const properties = mapAt(site, "properties");
  const app = String(properties.defaultHostName);
  const repository = listAt(properties, "hostNameSslStates")
    .map((state) => mapAt(state))
    .find(({ hostType }) => hostType === "Repository");
  const deployment = typeof repository?.name === "string" ? repository.name : app.replace(".", ".scm.");
  const names = [app, ...listAt(properties, "hostNames").map(String)];
  const swappedAt = timeOf(mapAt(properties, "slotSwapStatus").timestampUtc);
  const { targetSwapSlot } = properties;
  return {
    app: `https://${app}`,
    deployment: `https://${deployment}`,
    all: [...new Set(names)],
    ...(swappedAt !== undefined && { swappedAt }),
    ...(typeof targetSwapSlot === "string" && targetSwapSlot !== "" && { swapsInto: targetSwapSlot }),
  };
}

function newestEnd(deployments: readonly Json[]): number | undefined {
  const ends = deployments
    .map((deployment) => mapAt(deployment, "properties"))
    .filter(({ status }) => status === succeeded)
    .flatMap(({ end_time: end }) => timeOf(end) ?? []);
  return ends.length === 0 ? undefined : Math.max(...ends);
}

/** App Service writes times of UTC, some of them without saying so. */
function timeOf(text: unknown): number | undefined {
  if (typeof text !== "string") return undefined;
  const time = Date.parse(/(?:Z|[+-]\d\d:?\d\d)$/i.test(text) ? text : `${text}Z`);
  return Number.isNaN(time) ? undefined : time;
}
