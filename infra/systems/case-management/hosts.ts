import { caseManagement as contract } from "../../../runbooks/case-management";
import type { Environment } from "../../../runbooks/model";
import type { Colour } from "../../../runbooks/target";

/** Public host names (CAS-023). */
export interface Hosts {
  readonly api: string;
  readonly web: string;
}

export function hostsOf(environment: Environment, domain: string): Hosts {
  const { api, web } = contract.hosts[environment];
  return { api: `${api}${domain}`, web: `${web}${domain}` };
}

/** Hosts under which a release reaches a colour that has no traffic; known inside the network alone. */
export function previewHostsOf(component: string, domain: string): Record<Colour, string> {
  return { blue: `${component}-blue.preview.${domain}`, green: `${component}-green.preview.${domain}` };
}
