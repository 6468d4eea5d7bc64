import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import type { Environment } from "../../../runbooks/model";
import type { KiranaSettings } from "../../config/kirana-settings";
import type { KiranaNames } from "./names";

/** Host names of the project's own. */
export interface Domains {
  /** @default - the API has the host that Azure gives it (KIR-007) */
  readonly api?: string | undefined;
  readonly app: string;
  /** Zone that the stack declares. */
  readonly zone?: string | undefined;
}

/** Production has the runbook's, other stacks those of their settings. */
export function domainsOf(environment: Environment, settings: KiranaSettings): Domains {
  const { api, app, zone } = contract.domains;
  const managed = settings.dnsZoneManagedBy === "stack";
  if (environment === "production") return { api, app, zone: managed ? zone : undefined };
  if (settings.appDomain === undefined) throw new Error("the settings let a stack without appDomain through");
  return { api: settings.apiDomain, app: settings.appDomain, zone: managed ? settings.dnsZone : undefined };
}

/** Host that Azure gives the site or its slot. */
export function azureHosts({ functionApp, slot }: KiranaNames) {
  return {
    site: `${functionApp}.azurewebsites.net`,
    slot: `${functionApp}-${slot}.azurewebsites.net`,
  };
}

/** Addresses of API and web app without a path; known in preview. */
export function originsOf(names: KiranaNames, domains: Domains) {
  return {
    api: `https://${domains.api ?? azureHosts(names).site}`,
    app: `https://${domains.app}`,
  } as const;
}
