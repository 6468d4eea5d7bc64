import type { GatewayTarget, SelectorTarget } from "../../runbooks/target";
import type { Workload } from "./sighting";

/** The Deployments that have pods, or are to have some. */
export function podsOf(workloads: readonly Workload[]): readonly Workload[] {
  return workloads.filter(({ replicas }) => replicas > 0);
}

/** `2 of web-green, 3 of api-green` */
export function describePods(workloads: readonly Workload[]): string {
  return workloads.map(({ name, replicas }) => `${replicas} of ${name}`).join(", ");
}

/** What to do before a side that still has pods is declared anew. */
export function withoutPodsFirst(
  system: string,
  { namespace }: SelectorTarget | GatewayTarget,
  workloads: readonly Workload[],
): string {
  const names = workloads.map(({ name }) => name).join(" ");
  return (
    `Look at what left them (switchyard release history ${system}) and take them away first: ` +
    `kubectl -n ${namespace} scale deployment ${names} --replicas=0`
  );
}
