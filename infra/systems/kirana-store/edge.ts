import type * as pulumi from "@pulumi/pulumi";
import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import { securityHeaders } from "../../azure/edge-headers";
import { EdgeSite } from "../../azure/edge-site";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import type { KiranaStoreNames } from "./names";

export interface EdgeArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: KiranaStoreNames;
  readonly settings: SystemSettings<"kirana-store">;
  readonly platform: PlatformServices;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
}

/**
 * What the Internet sees: one host on ports 443 and 80, which redirects. Front Door absorbs floods (STO-058), counts
 * the API's requests by address (STO-051), sets the headers (STO-060) and lets admin functions answer the VPN alone (STO-059).
 */
export function declareEdge(args: EdgeArgs): EdgeSite {
  const { name, placement, names, settings, platform, parent, group } = args;
  const { edge, components } = contract;
  return new EdgeSite(
    `${name}-edge`,
    {
      ...placement,
      profile: platform.edge,
      endpointName: names.edgeEndpoint,
      siteName: names.edgeSite,
      hosts: [{ name: "store", host: settings.own.host }],
      probePath: components.backend.healthPath,
      headers: {
        ...securityHeaders,
        "Content-Security-Policy": edge.headers.contentSecurityPolicy,
        "Permissions-Policy": edge.headers.permissionsPolicy,
      },
      firewall: {
        policyName: names.firewall,
        requestsPerMinute: edge.requestsPerMinutePerAddress,
        countedPaths: edge.countedPaths,
        uncountedRanges: settings.own.loadTestRanges,
        blockedPaths: edge.blockedPaths,
        restricted: {
          hosts: [],
          pathPrefixes: edge.admin.pathPrefixes,
          allowedRanges: settings.own.adminRanges,
        },
        mode: "Prevention",
      },
    },
    { parent, dependsOn: [group, ...platform.ready.edge] },
  );
}
