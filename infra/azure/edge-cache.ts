import { AFDEndpoint } from "@pulumi/azure-native/cdn/afdendpoint";
import { AFDOrigin } from "@pulumi/azure-native/cdn/afdorigin";
import { AFDOriginGroup } from "@pulumi/azure-native/cdn/afdoriginGroup";
import { Profile } from "@pulumi/azure-native/cdn/profile";
import { Route } from "@pulumi/azure-native/cdn/route";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";

export interface EdgeCacheArgs extends Placement {
  readonly profileName: string;
  readonly endpointName: string;
  readonly originHost: pulumi.Input<string>;
}

const originGroupName = "frontend";

/**
 * A Front Door endpoint that caches the web app. The classic CDN that the runbook names retires in 2027; purging works
 * the same way (KIR-092).
 */
export class EdgeCache extends pulumi.ComponentResource {
  readonly hostName: pulumi.Output<string>;

  constructor(name: string, args: EdgeCacheArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:EdgeCache", name, {}, options);
    const { resourceGroupName, profileName, endpointName, tags } = args;
    const profile = new Profile(
      `${name}-profile`,
      { resourceGroupName, location: "Global", profileName, sku: { name: "Standard_AzureFrontDoor" }, tags },
      childOf(this),
    );
    const endpoint = new AFDEndpoint(
      `${name}-endpoint`,
      { resourceGroupName, location: "Global", profileName, endpointName, enabledState: "Enabled", tags },
      childOf(this, [profile]),
    );
    const group = new AFDOriginGroup(
      `${name}-origins`,
      {
        resourceGroupName,
        profileName,
        originGroupName,
        healthProbeSettings: {
          probePath: "/",
          probeProtocol: "Https",
          probeRequestType: "HEAD",
          probeIntervalInSeconds: 120,
        },
        loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3 },
      },
      childOf(this, [profile]),
    );
    const origin = new AFDOrigin(
      `${name}-origin`,
      {
        resourceGroupName,
        profileName,
        originGroupName,
        originName: "static-site",
        hostName: args.originHost,
        originHostHeader: args.originHost,
        httpsPort: 443,
        enforceCertificateNameCheck: true,
        enabledState: "Enabled",
      },
      childOf(this, [group]),
    );
    new Route(
      `${name}-route`,
      {
        resourceGroupName,
        profileName,
        endpointName,
        routeName: "all",
        originGroup: { id: armId(args, "Microsoft.Cdn/profiles/originGroups", profileName, originGroupName) },
        patternsToMatch: ["/*"],
        supportedProtocols: ["Http", "Https"],
        httpsRedirect: "Enabled",
        forwardingProtocol: "HttpsOnly",
        linkToDefaultDomain: "Enabled",
        enabledState: "Enabled",
        cacheConfiguration: { queryStringCachingBehavior: "UseQueryString" },
      },
      childOf(this, [endpoint, origin]),
    );
    this.hostName = endpoint.hostName;
    this.registerOutputs();
  }
}
