import type * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import { securityHeaders } from "../../azure/edge-headers";
import { EdgeSite, edgeProbePath } from "../../azure/edge-site";
import { type HttpRouteArgs, httpRoute } from "../../kubernetes/http-route";
import { labelsOf } from "../../kubernetes/labels";
import { objectOf } from "../../kubernetes/options";
import type { Placement } from "../../placement";
import type { SystemSettings } from "../../settings";
import type { PlatformServices } from "../platform/services";
import type { Hosts } from "./hosts";
import type { CaseManagementNames } from "./names";

export interface EdgeArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: CaseManagementNames;
  readonly settings: SystemSettings<"case-management">;
  readonly hosts: Hosts;
  readonly platform: PlatformServices;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
}

/** What the Internet sees: both hosts, behind the firewall; `/metrics` ends there (conflicts 77). */
export function declareEdge(args: EdgeArgs): EdgeSite {
  const { name, placement, names, settings, hosts, platform, parent, group } = args;
  return new EdgeSite(
    `${name}-edge`,
    {
      ...placement,
      profile: platform.edge,
      endpointName: names.edgeEndpoint,
      siteName: names.edgeSite,
      hosts: [
        { name: "web", host: hosts.web },
        { name: "api", host: hosts.api },
      ],
      probePath: edgeProbePath(names.edgeSite),
      headers: securityHeaders,
      firewall: {
        policyName: names.firewall,
        requestsPerMinute: contract.rateLimit.perMinutePerAddress,
        uncountedRanges: settings.own.rateLimitExemptRanges,
        blockedPaths: contract.blockedPaths.paths,
        mode: "Prevention",
      },
    },
    { parent, dependsOn: [group, ...platform.ready.edge] },
  );
}

export interface RoutesArgs {
  readonly environment: string;
  readonly names: CaseManagementNames;
  readonly hosts: Hosts;
  readonly platform: PlatformServices;
  readonly parent: pulumi.Resource;
  /** The tracks, which make the active Services. */
  readonly dependsOn: readonly pulumi.Resource[];
}

/** Which host leads to which active Service. Whose pods that Service has is the release's business. */
export function declareRoutes(args: RoutesArgs): void {
  const { environment, names, hosts, platform, parent, dependsOn } = args;
  const { backend, frontend } = contract.components;
  const { stagingHealth, system } = contract;
  const gateway = platform.gateway;
  const route = (
    objectName: string,
    host: string,
    component: typeof backend | typeof frontend,
    paths: Pick<HttpRouteArgs, "pathPrefixes" | "rewritten"> = {},
  ) =>
    httpRoute(
      `${system}-${objectName}-route`,
      {
        namespace: contract.namespace.name,
        objectName,
        labels: labelsOf({ system, component: component.name, environment }),
        gateway,
        hostnames: [host],
        ...paths,
        service: component.name,
        port: component.servicePort,
      },
      objectOf(parent, { dependsOn: [...dependsOn, ...platform.ready.cluster] }),
    );
  route("api", hosts.api, backend);
  route("web", hosts.web, frontend);
  // The longest path wins: this one before the frontend's.
  route("web-health", hosts.web, backend, { pathPrefixes: [stagingHealth.path] });
  // Front Door probes the gateway by its own name.
  route("edge-probe", platform.edge.originHost, frontend, {
    rewritten: { path: edgeProbePath(names.edgeSite), to: frontend.healthPath },
  });
}
