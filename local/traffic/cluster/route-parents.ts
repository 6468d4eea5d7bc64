import type { ClusterObjects } from "./cluster-objects";
import type { Gateway, HttpRoute, LabelSelector, Listener, ParentReference } from "./objects";

export interface RouteParent {
  readonly reference: ParentReference;
  readonly accepted: boolean;
  /** In the words of the Gateway API. */
  readonly reason: string;
  readonly message: string;
  /** Listeners that admit the route. */
  readonly listeners: readonly Listener[];
}

/** Whether each Gateway that a route names takes it. Gateways that do not exist are nobody's: they give nothing. */
export function routeParentsOf(objects: ClusterObjects, route: HttpRoute): RouteParent[] {
  return (route.spec.parentRefs ?? []).flatMap((reference) => {
    if ((reference.kind ?? "Gateway") !== "Gateway") return [];
    const namespace = reference.namespace ?? route.metadata.namespace ?? "";
    const gateway = objects.gateways.get(`${namespace}/${reference.name}`);
    return gateway === undefined ? [] : [parentOf(objects, route, reference, gateway)];
  });
}

function parentOf(
  objects: ClusterObjects,
  route: HttpRoute,
  reference: ParentReference,
  gateway: Gateway,
): RouteParent {
  const named = gateway.spec.listeners.filter(
    ({ name, port }) =>
      (reference.sectionName === undefined || reference.sectionName === name) &&
      (reference.port === undefined || reference.port === port),
  );
  const refused = (reason: string, message: string) => ({
    reference,
    accepted: false,
    reason,
    message,
    listeners: [],
  });
  if (named.length === 0) {
    return refused(
      "NoMatchingParent",
      `the gateway has no listener ${reference.sectionName ?? reference.port}`,
    );
  }
  const admitted = named.filter((listener) => admits(objects, listener, gateway, route));
  if (admitted.length === 0) {
    return refused("NotAllowedByListeners", "no listener admits routes of this namespace");
  }
  const listeners = admitted.filter(({ hostname }) => hostsMeet(hostname, route.spec.hostnames ?? []));
  if (listeners.length === 0) {
    return refused("NoMatchingListenerHostname", "no listener has a hostname of the route");
  }
  return { reference, accepted: true, reason: "Accepted", message: "route is served", listeners };
}

function admits(
  objects: ClusterObjects,
  { allowedRoutes }: Listener,
  gateway: Gateway,
  route: HttpRoute,
): boolean {
  const { from = "Same", selector } = allowedRoutes?.namespaces ?? {};
  if (from === "All") return true;
  if (from === "Same") return gateway.metadata.namespace === route.metadata.namespace;
  if (from !== "Selector") return false;
  const namespace = objects.namespaces.get(`/${route.metadata.namespace}`);
  return namespace !== undefined && selects(selector ?? {}, namespace.metadata.labels ?? {});
}

function selects(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([name, value]) => labels[name] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => {
      const value = labels[key];
      switch (operator) {
        case "In":
          return value !== undefined && values.includes(value);
        case "NotIn":
          return value === undefined || !values.includes(value);
        case "Exists":
          return value !== undefined;
        default:
          return value === undefined;
      }
    })
  );
}

function hostsMeet(listener: string | undefined, hostnames: readonly string[]): boolean {
  if (listener === undefined || hostnames.length === 0) return true;
  const covers = (wide: string, narrow: string) =>
    wide === narrow || (wide.startsWith("*.") && narrow.endsWith(wide.slice(1)));
  return hostnames.some((host) => covers(listener, host) || covers(host, listener));
}
