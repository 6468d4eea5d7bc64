import { asJson, asList, asText, type Json } from "./json";
import { type CloudResource, keyOf, propertiesOf, type Resources } from "./resources";

/** What a deployment has left on a site. */
export interface SiteContent {
  /** `sha256:…` of the package. */
  readonly digest: string;
  readonly deploymentId: string;
  readonly deployedAt: string;
}

export interface RampRule {
  readonly name: string;
  readonly host: string;
  readonly percent: number;
}

/** A site, a slot of it, or a static site. */
export interface Site {
  readonly id: string;
  /** Name of the site; of a slot that of its site. */
  readonly name: string;
  /** Absent for production. */
  readonly slot?: string;
  /** Name under which telemetry knows it: `NAME`, `NAME-SLOT`. */
  readonly role: string;
  readonly kind: "webApp" | "functionApp" | "staticSite";
  readonly running: boolean;
  readonly defaultHost: string;
  readonly hosts: readonly string[];
  readonly content?: SiteContent;
  /** Of production, where it has any. */
  readonly rampRules: readonly RampRule[];
  /** Time of the last swap that the site took part in. */
  readonly swappedAt?: string;
}

/** The sites of the cloud, by host and by id. */
export class SiteTable {
  readonly byHost = new Map<string, Site>();
  readonly byId = new Map<string, Site>();
  /** Deployment host of each site and slot, which static sites have not. */
  readonly byDeploymentHost = new Map<string, Site>();

  constructor(resources: Resources) {
    const bound = boundHosts(resources);
    for (const resource of resources.all("web:WebApp", "web:WebAppSlot")) {
      this.add(siteOf(resource, bound.get(keyOf(resource.id)) ?? []));
    }
    for (const resource of resources.all("web:StaticSite")) {
      this.add(staticSiteOf(resource, bound.get(keyOf(resource.id)) ?? []));
    }
  }

  slotOf(site: Site, name: string): Site | undefined {
    return this.byId.get(keyOf(`${site.id}/slots/${name}`));
  }

  private add(site: Site): void {
    this.byId.set(keyOf(site.id), site);
    for (const host of site.hosts) this.byHost.set(host, site);
    if (site.kind !== "staticSite") {
      this.byDeploymentHost.set(site.defaultHost.replace(".", ".scm."), site);
    }
  }
}

/** Domains of a site's own: `…/hostNameBindings/HOST` and `…/customDomains/HOST`. */
function boundHosts(resources: Resources): Map<string, string[]> {
  const bound = new Map<string, string[]>();
  for (const { id } of resources.all("web:WebAppHostNameBinding", "web:StaticSiteCustomDomain")) {
    const parts = id.split("/");
    const owner = keyOf(parts.slice(0, -2).join("/"));
    bound.set(owner, [...(bound.get(owner) ?? []), parts.at(-1)!.toLowerCase()]);
  }
  return bound;
}

function siteOf(resource: CloudResource, bound: readonly string[]): Site {
  const properties = propertiesOf(resource);
  const [, name, , slot] = /\/sites\/([^/]+)(\/slots\/([^/]+))?$/i.exec(resource.id) ?? [];
  const defaultHost = String(properties.defaultHostName).toLowerCase();
  const hosts = asList(properties.hostNames).map((host) => String(host).toLowerCase());
  const experiments = asJson(asJson(resource.config).experiments);
  const swappedAt = asText(asJson(properties.slotSwapStatus).timestampUtc);
  const content = contentOf(resource.content);
  return {
    id: resource.id,
    name: name!,
    ...(slot === undefined ? {} : { slot }),
    role: slot === undefined ? name! : `${name}-${slot}`,
    kind: String(resource.body.kind).toLowerCase().includes("functionapp") ? "functionApp" : "webApp",
    running: properties.state !== "Stopped" && properties.enabled !== false,
    defaultHost,
    hosts: [...new Set([defaultHost, ...hosts, ...bound])],
    rampRules: slot === undefined ? asList(experiments.rampUpRules).map(ruleOf) : [],
    ...(swappedAt === undefined ? {} : { swappedAt }),
    ...(content === undefined ? {} : { content }),
  };
}

function staticSiteOf(resource: CloudResource, bound: readonly string[]): Site {
  const name = resource.id.split("/").at(-1)!;
  const defaultHost = String(propertiesOf(resource).defaultHostname).toLowerCase();
  const content = contentOf(resource.content);
  return {
    id: resource.id,
    name,
    role: name,
    kind: "staticSite",
    running: true,
    defaultHost,
    hosts: [defaultHost, ...bound],
    rampRules: [],
    ...(content === undefined ? {} : { content }),
  };
}

function contentOf(content: Json | undefined): SiteContent | undefined {
  const { digest, deploymentId, deployedAt } = asJson(content);
  if (typeof digest !== "string") return undefined;
  return { digest, deploymentId: String(deploymentId), deployedAt: String(deployedAt) };
}

function ruleOf(rule: unknown): RampRule {
  const { name, actionHostName, reroutePercentage } = asJson(rule);
  return {
    name: String(name ?? ""),
    host: String(actionHostName ?? "").toLowerCase(),
    percent: Number(reroutePercentage ?? 0),
  };
}
