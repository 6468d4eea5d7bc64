import { AppServicePlan } from "@pulumi/azure-native/web/appServicePlan";
import { WebApp } from "@pulumi/azure-native/web/webApp";
import { WebAppApplicationSettings } from "@pulumi/azure-native/web/webAppApplicationSettings";
import { WebAppApplicationSettingsSlot } from "@pulumi/azure-native/web/webAppApplicationSettingsSlot";
import { WebAppFtpAllowed } from "@pulumi/azure-native/web/webAppFtpAllowed";
import { WebAppFtpAllowedSlot } from "@pulumi/azure-native/web/webAppFtpAllowedSlot";
import { WebAppScmAllowed } from "@pulumi/azure-native/web/webAppScmAllowed";
import { WebAppScmAllowedSlot } from "@pulumi/azure-native/web/webAppScmAllowedSlot";
import { WebAppSlot } from "@pulumi/azure-native/web/webAppSlot";
import { WebAppSlotConfigurationNames } from "@pulumi/azure-native/web/webAppSlotConfigurationNames";
import * as pulumi from "@pulumi/pulumi";
import { jsonDigest } from "../../runbooks/digest";
import type { SlotsTarget } from "../../runbooks/target";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { Track } from "../track";
import { childOf, guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";
import {
  type AppSettingsArgs,
  type Side,
  type SiteConfigurationArgs,
  sharedAppSettings,
  siteConfiguration,
  stickyAppSettings,
} from "./site-configuration";

export interface SlotAppArgs extends Placement, SiteConfigurationArgs, AppSettingsArgs {
  /** The system whose releases swap the slot. */
  readonly system: string;
  readonly planName: string;
  /** Size of a dedicated plan, such as `P1v3`. */
  readonly planSize: string;
  readonly planInstances: number;
  readonly zoneRedundant: boolean;
  readonly siteName: string;
  readonly slotName: string;
  readonly subnetId: string;
  readonly workspaceId: string;
  /** Origins of browsers that may call it. */
  readonly allowedOrigins: readonly pulumi.Input<string>[];
  /** What the settings need at start: secrets they refer to, the storage account. */
  readonly settingsDependOn: readonly pulumi.Resource[];
  /**
   * Gives the identity of a side its rights. Its settings are written after: a reference to the vault is resolved when it is
   * written, and one that failed is not tried again before an app starts or a day is over.
   */
  readonly grant: (side: "site" | "slot", principalId: pulumi.Output<string>) => pulumi.Resource;
}

/** What Azure calls each kind of app on Linux, and the logs that it writes (Microsoft Learn, "Supported log categories"). */
const kinds = {
  functions: { kind: "functionapp,linux", logs: ["FunctionAppLogs", "AppServiceAuthenticationLogs"] },
  web: {
    kind: "app,linux",
    logs: [
      "AppServiceHTTPLogs",
      "AppServiceConsoleLogs",
      "AppServiceAppLogs",
      "AppServicePlatformLogs",
      "AppServiceAuditLogs",
      "AppServiceIPSecAuditLogs",
      "AppServiceAuthenticationLogs",
    ],
  },
} as const;

/**
 * A function app or web app on a dedicated Linux plan with one slot beside it. Both are declared alike, so that a swap, which
 * Pulumi does not see, leaves nothing to correct. Which side has the traffic is never declared.
 */
export class SlotApp extends pulumi.ComponentResource {
  readonly planId: string;
  readonly siteId: string;
  readonly slotId: string;
  readonly trackName: string;
  /** What its track guards. */
  readonly target: SlotsTarget;
  readonly track: Track;
  readonly plan: AppServicePlan;
  readonly site: WebApp;
  readonly slot: WebAppSlot;

  constructor(name: string, args: SlotAppArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:SlotApp", name, {}, options);
    this.planId = armId(args, "Microsoft.Web/serverfarms", args.planName);
    this.siteId = armId(args, "Microsoft.Web/sites", args.siteName);
    this.slotId = armId(args, "Microsoft.Web/sites/slots", args.siteName, args.slotName);
    this.target = { kind: "slots", siteId: this.siteId, slot: args.slotName };
    this.trackName = `${name}-track`;
    this.track = this.declareTrack(args);
    this.plan = this.declarePlan(name, args);
    const side = this.sideArgs(args);
    this.site = new WebApp(
      `${name}-site`,
      { ...side, name: args.siteName },
      childOf(this, [this.track, this.plan]),
    );
    this.slot = new WebAppSlot(
      `${name}-slot`,
      { ...side, name: args.siteName, slot: args.slotName },
      childOf(this, [this.site]),
    );
    this.declareSettings(name, args, {
      site: args.grant("site", principalOf("site", this.site)),
      slot: args.grant("slot", principalOf("slot", this.slot)),
    });
    this.refusePasswords(name, args);
    for (const [side, resourceUri, resource] of [
      ["site", this.siteId, this.site],
      ["slot", this.slotId, this.slot],
    ] as const) {
      sendDiagnostics(
        `${name}-${side}-diagnostics`,
        {
          resourceUri,
          workspaceId: args.workspaceId,
          logs: kinds[args.host.kind].logs.map((category) => ({ category })),
          metrics: ["AllMetrics"],
        },
        this,
        [resource],
      );
    }
    this.registerOutputs({ siteId: this.siteId, slotId: this.slotId });
  }

  /** Before both sides: their configuration does not change while a release runs, and its change is announced. */
  private declareTrack(args: SlotAppArgs): Track {
    const configuration = siteConfiguration(args);
    const shared = sharedAppSettings(args);
    const key = (side: Side) =>
      jsonDigest({ configuration, settings: { ...shared, ...stickySettingsOf(args, side) } });
    return new Track(
      this.trackName,
      {
        system: args.system,
        target: this.target,
        initial: "production",
        sides: { production: key("live"), [args.slotName]: key("idle") },
        journal: args.journal,
      },
      guardedChildOf(this, args),
    );
  }

  private declarePlan(name: string, args: SlotAppArgs): AppServicePlan {
    return new AppServicePlan(
      `${name}-plan`,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        name: args.planName,
        kind: "linux",
        reserved: true,
        sku: { name: args.planSize, tier: tierOf(args.planSize), capacity: args.planInstances },
        zoneRedundant: args.zoneRedundant,
        tags: args.tags,
      },
      childOf(this),
    );
  }

  private sideArgs(args: SlotAppArgs) {
    return {
      resourceGroupName: args.resourceGroupName,
      location: args.location,
      kind: kinds[args.host.kind].kind,
      reserved: true,
      serverFarmId: this.planId,
      virtualNetworkSubnetId: args.subnetId,
      httpsOnly: true,
      clientAffinityEnabled: false,
      publicNetworkAccess: "Enabled",
      // Each side has an identity of its own, which a swap does not move.
      identity: { type: "SystemAssigned" as const },
      keyVaultReferenceIdentity: "SystemAssigned",
      siteConfig: {
        ...siteConfiguration(args),
        cors: { allowedOrigins: [...args.allowedOrigins], supportCredentials: false },
      },
      tags: args.tags,
    };
  }

  private declareSettings(
    name: string,
    args: SlotAppArgs,
    access: Readonly<Record<"site" | "slot", pulumi.Resource>>,
  ): void {
    const { resourceGroupName, siteName, slotName } = args;
    const shared = sharedAppSettings(args);
    const live = stickySettingsOf(args, "live");
    const idle = stickySettingsOf(args, "idle");
    // The names come first: a setting that is not sticky yet would move with a swap in between.
    const sticky = new WebAppSlotConfigurationNames(
      `${name}-sticky`,
      { resourceGroupName, name: siteName, appSettingNames: Object.keys(live).sort() },
      childOf(this, [this.site]),
    );
    new WebAppApplicationSettings(
      `${name}-site-settings`,
      { resourceGroupName, name: siteName, properties: { ...shared, ...live } },
      childOf(this, [this.site, sticky, access.site, ...args.settingsDependOn]),
    );
    new WebAppApplicationSettingsSlot(
      `${name}-slot-settings`,
      { resourceGroupName, name: siteName, slot: slotName, properties: { ...shared, ...idle } },
      childOf(this, [this.slot, sticky, access.slot, ...args.settingsDependOn]),
    );
  }

  /** No deployment with user name and password, by neither way and on neither side. */
  private refusePasswords(name: string, { resourceGroupName, siteName, slotName }: SlotAppArgs): void {
    const site = { resourceGroupName, name: siteName, allow: false };
    const slot = { ...site, slot: slotName };
    new WebAppFtpAllowed(`${name}-site-ftp`, site, childOf(this, [this.site]));
    new WebAppScmAllowed(`${name}-site-scm`, site, childOf(this, [this.site]));
    new WebAppFtpAllowedSlot(`${name}-slot-ftp`, slot, childOf(this, [this.slot]));
    new WebAppScmAllowedSlot(`${name}-slot-scm`, slot, childOf(this, [this.slot]));
  }
}

function principalOf(side: string, { identity }: WebApp | WebAppSlot): pulumi.Output<string> {
  return identity.apply((given) => {
    if (given?.principalId === undefined) throw new Error(`Azure gave the ${side} no identity`);
    return given.principalId;
  });
}

function stickySettingsOf({ siteName, slotName, host }: SlotAppArgs, side: Side) {
  const roleName = side === "live" ? siteName : `${siteName}-${slotName}`;
  return stickyAppSettings(roleName, host, side);
}

/** Tier of a Premium v3 size, as Azure writes it: the smallest size has one of its own. */
function tierOf(planSize: string): string {
  return planSize === "P0v3" ? "Premium0V3" : "PremiumV3";
}
