import type { GatewayTarget, SelectorTarget } from "../../runbooks/target";

/** Path of the object that carries the traffic; without its name, of its kind in the namespace. */
export function objectPath(target: SelectorTarget | GatewayTarget, named = true): string {
  const [kind, name] =
    target.kind === "selector"
      ? [`/api/v1/namespaces/${target.namespace}/services`, target.service]
      : [`/apis/gateway.networking.k8s.io/v1/namespaces/${target.namespace}/httproutes`, target.route];
  return named ? `${kind}/${name}` : kind;
}

/** Path of the Deployments of a target's namespace, or of one of them. */
export function workloadsPath({ namespace }: SelectorTarget | GatewayTarget, name?: string): string {
  const kind = `/apis/apps/v1/namespaces/${namespace}/deployments`;
  return name === undefined ? kind : `${kind}/${name}`;
}

export function namespacePath({ namespace }: SelectorTarget | GatewayTarget): string {
  return `/api/v1/namespaces/${namespace}`;
}
