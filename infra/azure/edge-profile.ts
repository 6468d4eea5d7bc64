import { Profile } from "@pulumi/azure-native/cdn/profile";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";

export interface EdgeProfileArgs extends Placement {
  readonly profileName: string;
  readonly workspaceId: string;
}

/** Seconds that the edge waits for an origin's answer. */
const originTimeoutSeconds = 60;

/** A Front Door profile for the sites of a cluster. Premium: private origins and Azure's own firewall rules need it. */
export class EdgeProfile extends pulumi.ComponentResource {
  readonly profileId: string;
  readonly profile: Profile;

  constructor(name: string, args: EdgeProfileArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:EdgeProfile", name, {}, options);
    const { resourceGroupName, profileName } = args;
    this.profileId = armId(args, "Microsoft.Cdn/profiles", profileName);
    this.profile = new Profile(
      `${name}-profile`,
      {
        resourceGroupName,
        location: "Global",
        profileName,
        sku: { name: "Premium_AzureFrontDoor" },
        originResponseTimeoutSeconds: originTimeoutSeconds,
        tags: args.tags,
      },
      // Hosts and their certificates are in it.
      guardedChildOf(this, args),
    );
    sendDiagnostics(
      `${name}-diagnostics`,
      {
        resourceUri: this.profileId,
        workspaceId: args.workspaceId,
        logs: [
          { category: "FrontDoorAccessLog" },
          { category: "FrontDoorHealthProbeLog" },
          { category: "FrontDoorWebApplicationFirewallLog" },
        ],
        metrics: ["AllMetrics"],
      },
      this,
      [this.profile],
    );
    this.registerOutputs({ profileId: this.profileId });
  }
}
