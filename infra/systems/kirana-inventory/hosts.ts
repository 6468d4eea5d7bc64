import * as pulumi from "@pulumi/pulumi";
import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import type { Environment } from "../../../runbooks/model";
import type { KiranaSettings } from "../../settings";
import type { KiranaNames } from "./names";

/** Host names of the project's own, and the zone they lie in. */
export interface Domains {
  readonly api: string;
  readonly app: string;
  readonly zone: string;
}

/** Production has the runbook's; elsewhere a stack names its own, or uses the hosts that Azure gives. */
export function domainsOf(environment: Environment, settings: KiranaSettings): Domains | undefined {
  if (environment === "production") {
    const { api, app, zone } = contract.domains;
    return { api, app, zone };
  }
  const { apiDomain, appDomain, dnsZone } = settings;
  return apiDomain && appDomain && dnsZone ? { api: apiDomain, app: appDomain, zone: dnsZone } : undefined;
}

/** Host that Azure gives the site or its slot. */
export function azureHosts({ functionApp, slot }: KiranaNames) {
  return {
    site: `${functionApp}.azurewebsites.net`,
    slot: `${functionApp}-${slot}.azurewebsites.net`,
  };
}

/** Addresses of API and web app without a path. The web app's own host is chosen by Azure, so known after creation. */
export function origins(
  names: KiranaNames,
  domains: Domains | undefined,
  staticHost: pulumi.Output<string>,
): { readonly api: string; readonly app: pulumi.Input<string> } {
  return {
    api: `https://${domains?.api ?? azureHosts(names).site}`,
    app: domains ? `https://${domains.app}` : pulumi.interpolate`https://${staticHost}`,
  };
}
