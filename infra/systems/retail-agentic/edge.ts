import type * as pulumi from "@pulumi/pulumi";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import { type Component, deployments, paths } from "../../../runbooks/retail-agentic/components";
import { securityHeaders } from "../../azure/edge-headers";
import { EdgeSite, edgeProbePath } from "../../azure/edge-site";
import { httpRoute } from "../../kubernetes/http-route";
import { labelsOf } from "../../kubernetes/labels";
import { objectOf } from "../../kubernetes/options";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import type { Hosts } from "./hosts";
import type { RetailNames } from "./names";

export interface EdgeArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: RetailNames;
  readonly settings: SystemSettings<"retail-agentic">;
  readonly hosts: Hosts;
  readonly platform: PlatformServices;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
}

/** What the Internet sees: three hosts behind the firewall, which the origin admits alone (RET-030, RET-031). */
export function declareEdge(args: EdgeArgs): EdgeSite {
  const { name, placement, names, settings, hosts, platform, parent, group } = args;
  const { api, consumer, admin } = { api: "backend", consumer: "consumerWeb", admin: "adminWeb" } as const;
  return new EdgeSite(
    `${name}-edge`,
    {
      ...placement,
      profile: platform.edge,
      endpointName: names.edgeEndpoint,
      siteName: names.edgeSite,
      hosts: [
        { name: "api", host: hosts[api] },
        { name: "www", host: hosts[consumer] },
        { name: "admin", host: hosts[admin] },
      ],
      // Of the shop and its administration; the API's host keeps nothing.
      hostsOfFiles: [hosts[consumer], hosts[admin]],
      probePath: edgeProbePath(names.edgeSite),
      headers: securityHeaders,
      firewall: {
        policyName: names.firewall,
        requestsPerMinute: contract.rateLimit.perMinutePerAddress,
        uncountedRanges: settings.own.loadTestRanges,
        blockedPaths: contract.blockedPaths.paths,
        mode: "Prevention",
      },
    },
    { parent, dependsOn: [group, ...platform.ready.edge] },
  );
}

export interface RoutesArgs {
  readonly environment: string;
  readonly names: RetailNames;
  readonly hosts: Hosts;
  readonly platform: PlatformServices;
  readonly parent: pulumi.Resource;
  /** The tracks, which make the active Services. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Which host leads to which active Service. Whose pods that Service has is the release's business. */
export function declareRoutes(args: RoutesArgs): void {
  const { environment, names, hosts, platform, parent, dependsOn } = args;
  const { system, namespace, components } = contract;
  const options = () => objectOf(parent, { dependsOn: [...dependsOn, ...platform.ready.cluster] });
  for (const component of Object.keys(deployments) as Component[]) {
    const { name, servicePort } = components[component];
    httpRoute(
      `${system}-${name}-route`,
      {
        namespace: namespace.name,
        objectName: name,
        labels: labelsOf({ system, component: name, environment }),
        gateway: platform.gateway,
        hostnames: [hosts[component]],
        // Of the backend its API alone: whatever else it answers, the actuator first, ends at the gateway (RET-094).
        ...(component === "backend" && { pathPrefixes: [paths.publicApi] }),
        service: name,
        port: servicePort,
      },
      options(),
    );
  }
  // Front Door probes the gateway by its own name.
  const { name, servicePort } = components.consumerWeb;
  httpRoute(
    `${system}-edge-probe-route`,
    {
      namespace: namespace.name,
      objectName: "edge-probe",
      labels: labelsOf({ system, component: name, environment }),
      gateway: platform.gateway,
      hostnames: [platform.edge.originHost],
      rewritten: { path: edgeProbePath(names.edgeSite), to: paths.web },
      service: name,
      port: servicePort,
    },
    options(),
  );
}
