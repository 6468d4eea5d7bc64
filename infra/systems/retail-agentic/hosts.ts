import type { Environment } from "../../../runbooks/model";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import { type Component, deployments, paths } from "../../../runbooks/retail-agentic/components";
import type { Colour } from "../../../runbooks/target";

/** Public host of each component (RET-062 to RET-064, RET-077). */
export type Hosts = Readonly<Record<Component, string>>;

export function hostsOf(environment: Environment, domain: string): Hosts {
  const { api, consumer, admin } = contract.hosts[environment];
  return { backend: `${api}${domain}`, consumerWeb: `${consumer}${domain}`, adminWeb: `${admin}${domain}` };
}

/** Hosts under which a release reaches a colour that has no traffic; known inside the network alone (RET-068). */
export function previewHostsOf(component: Component, domain: string): Record<Colour, string> {
  const name = deployments[component];
  return { blue: `${name}-blue.preview.${domain}`, green: `${name}-green.preview.${domain}` };
}

/** What is asked from outside to see that a component is well (RET-074 to RET-076). */
export function healthUrlOf(component: Component, hosts: Hosts): string {
  return `https://${hosts[component]}${component === "backend" ? paths.health : paths.web}`;
}
