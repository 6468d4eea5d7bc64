import { StaticSite } from "@pulumi/azure-native/web/staticSite";
import { StaticSiteCustomDomain } from "@pulumi/azure-native/web/staticSiteCustomDomain";
import * as pulumi from "@pulumi/pulumi";
import { jsonDigest } from "../../runbooks/digest";
import type { StaticSiteTarget } from "../../runbooks/target";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { Track } from "../track";
import { childOf, guardedChildOf } from "./component";

export interface WebFrontendArgs extends Placement {
  /** The system whose releases upload the artefact. */
  readonly system: string;
  readonly siteName: string;
  /** One of the few regions that have Static Web Apps. */
  readonly siteLocation: string;
}

const configuration = {
  sku: { name: "Standard", tier: "Standard" },
  allowConfigFileUpdates: true,
  stagingEnvironmentPolicy: "Disabled",
  publicNetworkAccess: "Enabled",
} as const;

/**
 * A static web app without a repository: a push to a branch deploys nothing, the release uploads the artefact
 * (conflicts 33).
 */
export class WebFrontend extends pulumi.ComponentResource {
  readonly siteId: string;
  readonly trackName: string;
  /** What its track guards. */
  readonly target: StaticSiteTarget;
  readonly track: Track;
  readonly site: StaticSite;
  private readonly args: WebFrontendArgs;
  private readonly prefix: string;

  constructor(name: string, args: WebFrontendArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:WebFrontend", name, {}, options);
    this.args = args;
    this.prefix = name;
    this.siteId = armId(args, "Microsoft.Web/staticSites", args.siteName);
    this.target = { kind: "staticSite", siteId: this.siteId };
    this.trackName = `${name}-track`;
    // Its one side is its configuration, which does not change while a release uploads.
    this.track = new Track(
      this.trackName,
      {
        system: args.system,
        target: this.target,
        initial: "production",
        sides: { production: jsonDigest(configuration) },
        journal: args.journal,
      },
      guardedChildOf(this, args),
    );
    this.site = new StaticSite(
      `${name}-site`,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.siteLocation,
        name: args.siteName,
        ...configuration,
        tags: args.tags,
      },
      childOf(this, [this.track]),
    );
    this.registerOutputs({ siteId: this.siteId });
  }

  /** Gives the site a host name of the project's own; its certificate is issued and renewed by the service. */
  bindDomain(domainName: string, dependsOn: readonly pulumi.Resource[]): void {
    new StaticSiteCustomDomain(
      `${this.prefix}-domain`,
      {
        resourceGroupName: this.args.resourceGroupName,
        name: this.args.siteName,
        domainName,
        validationMethod: "cname-delegation",
      },
      childOf(this, [this.site, ...dependsOn]),
    );
  }
}
