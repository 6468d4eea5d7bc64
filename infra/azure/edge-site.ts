import { AFDCustomDomain } from "@pulumi/azure-native/cdn/afdcustomDomain";
import { AFDEndpoint } from "@pulumi/azure-native/cdn/afdendpoint";
import { AFDOrigin } from "@pulumi/azure-native/cdn/afdorigin";
import { AFDOriginGroup } from "@pulumi/azure-native/cdn/afdoriginGroup";
import { Route } from "@pulumi/azure-native/cdn/route";
import { SecurityPolicy } from "@pulumi/azure-native/cdn/securityPolicy";
import * as pulumi from "@pulumi/pulumi";
import { armId } from "../arm-id";
import type { Placement } from "../placement";
import { childOf } from "./component";
import { EdgeFirewall, type EdgeFirewallArgs } from "./edge-firewall";
import { declareHeaderRules } from "./edge-headers";
import { declareStaticFileRules } from "./edge-static-files";

/** The Front Door profile that sites share, and the private way from it to the cluster's gateway. */
export interface EdgeProfileReference {
  readonly subscriptionId: string;
  readonly resourceGroupName: string;
  readonly profileName: string;
  /** ARM id of the Private Link service in front of the gateway. */
  readonly originLinkId: string;
  /** Region of that service. */
  readonly originLinkLocation: string;
  /** Name that the gateway's certificate holds, whatever host a request asks for. */
  readonly originHost: string;
}

export interface EdgeHost {
  readonly host: string;
  /** Short name, unique within the site: `api`. */
  readonly name: string;
}

export interface EdgeSiteArgs extends Placement {
  readonly profile: EdgeProfileReference;
  /** Name of the endpoint, unique within Azure with the digits that Azure adds. */
  readonly endpointName: string;
  /** Names what the site has in the shared profile: letters and digits. */
  readonly siteName: string;
  readonly hosts: readonly EdgeHost[];
  /**
   * Hosts of web apps, whose files the edge keeps.
   * @default - none: every request goes to the origin
   */
  readonly hostsOfFiles?: readonly string[];
  /**
   * Answers 200 while the site is well, on the gateway's own name (`originHost`): that is the host with which Front Door
   * probes, whatever hosts the site has (docs/adr/0143).
   */
  readonly probePath: string;
  /** Headers of every answer, by name. */
  readonly headers: Readonly<Record<string, string>>;
  readonly firewall: Omit<EdgeFirewallArgs, keyof Placement>;
}

/**
 * The public side of a system on the cluster: a Front Door endpoint with its hosts and their certificates, a firewall
 * in front, security headers on every answer. The origin is reached by Private Link and has no public address: there is
 * no way around the edge.
 */
export class EdgeSite extends pulumi.ComponentResource {
  /** Host of Azure's own, to which the hosts' CNAME records point. */
  readonly endpointHost: pulumi.Output<string>;
  readonly firewall: EdgeFirewall;
  /** TXT record by which each host is proven to be ours: its name and value. */
  readonly validationRecords: readonly { readonly host: string; readonly value: pulumi.Output<string> }[];

  constructor(name: string, args: EdgeSiteArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:EdgeSite", name, {}, options);
    const { profile, endpointName, siteName } = args;
    const within = { resourceGroupName: profile.resourceGroupName, profileName: profile.profileName };
    const endpoint = new AFDEndpoint(
      `${name}-endpoint`,
      { ...within, location: "Global", endpointName, enabledState: "Enabled", tags: args.tags },
      childOf(this),
    );
    const domains = args.hosts.map(({ host, name: shortName }) => ({
      host,
      id: armId(
        profile,
        "Microsoft.Cdn/profiles/customDomains",
        profile.profileName,
        domainName(siteName, shortName),
      ),
      resource: new AFDCustomDomain(
        `${name}-domain-${shortName}`,
        {
          ...within,
          customDomainName: domainName(siteName, shortName),
          hostName: host,
          tlsSettings: { certificateType: "ManagedCertificate", minimumTlsVersion: "TLS12" },
        },
        childOf(this),
      ),
    }));
    const headers = declareHeaderRules(
      name,
      { ...within, ruleSetName: `${siteName}headers`, headers: args.headers },
      this,
    );
    const { hostsOfFiles = [] } = args;
    const files =
      hostsOfFiles.length === 0
        ? []
        : declareStaticFileRules(
            name,
            { ...within, ruleSetName: `${siteName}files`, hosts: hostsOfFiles },
            this,
          );
    const origin = this.declareOrigin(name, args);
    const endpointId = armId(
      profile,
      "Microsoft.Cdn/profiles/afdEndpoints",
      profile.profileName,
      endpointName,
    );
    this.firewall = new EdgeFirewall(`${name}-firewall`, { ...args, ...args.firewall }, { parent: this });
    const guarded = new SecurityPolicy(
      `${name}-security`,
      {
        ...within,
        securityPolicyName: `${siteName}-firewall`,
        parameters: {
          type: "WebApplicationFirewall",
          wafPolicy: { id: this.firewall.policyId },
          associations: [
            { domains: [{ id: endpointId }, ...domains.map(({ id }) => ({ id }))], patternsToMatch: ["/*"] },
          ],
        },
      },
      childOf(this, [endpoint, this.firewall.policy, ...domains.map(({ resource }) => resource)]),
    );
    new Route(
      `${name}-route`,
      {
        ...within,
        endpointName,
        routeName: "all",
        originGroup: { id: origin.groupId },
        customDomains: domains.map(({ id }) => ({ id })),
        ruleSets: ["headers", ...(files.length === 0 ? [] : ["files"])].map((set) => ({
          id: armId(profile, "Microsoft.Cdn/profiles/ruleSets", profile.profileName, `${siteName}${set}`),
        })),
        patternsToMatch: ["/*"],
        supportedProtocols: ["Http", "Https"],
        httpsRedirect: "Enabled",
        forwardingProtocol: "HttpsOnly",
        // Only the site's own hosts answer.
        linkToDefaultDomain: "Disabled",
        enabledState: "Enabled",
      },
      // The firewall first: no request reaches the origin before it stands.
      childOf(this, [origin.resource, guarded, ...headers, ...files]),
    );
    this.endpointHost = endpoint.hostName;
    this.validationRecords = domains.map(({ host, resource }) => ({
      host: `_dnsauth.${host}`,
      value: resource.validationProperties.validationToken,
    }));
    this.registerOutputs();
  }

  private declareOrigin(name: string, args: EdgeSiteArgs) {
    const { profile, siteName } = args;
    const within = { resourceGroupName: profile.resourceGroupName, profileName: profile.profileName };
    const group = new AFDOriginGroup(
      `${name}-origins`,
      {
        ...within,
        originGroupName: siteName,
        healthProbeSettings: {
          probePath: args.probePath,
          probeProtocol: "Https",
          probeRequestType: "GET",
          probeIntervalInSeconds: 30,
        },
        loadBalancingSettings: { sampleSize: 4, successfulSamplesRequired: 3 },
        sessionAffinityState: "Disabled",
      },
      childOf(this),
    );
    const resource = new AFDOrigin(
      `${name}-origin`,
      {
        ...within,
        originGroupName: siteName,
        originName: "gateway",
        // The gateway's certificate is checked for it. The request keeps the host that the client asked for.
        hostName: profile.originHost,
        httpsPort: 443,
        enforceCertificateNameCheck: true,
        enabledState: "Enabled",
        sharedPrivateLinkResource: {
          privateLink: { id: profile.originLinkId },
          privateLinkLocation: profile.originLinkLocation,
          requestMessage: `switchyard ${siteName}`,
        },
      },
      childOf(this, [group]),
    );
    return {
      resource,
      groupId: armId(profile, "Microsoft.Cdn/profiles/originGroups", profile.profileName, siteName),
    };
  }
}

function domainName(siteName: string, host: string): string {
  return `${siteName}-${host}`;
}

/** Path on the gateway's name that leads to one site: sites share the gateway, so that each needs its own. */
export function edgeProbePath(siteName: string): string {
  return `/edge/${siteName}`;
}
