import type { ApiClient } from "../../cluster/api-client";
import { ApiError } from "../../cluster/api-client";
import type { ClusterObjects } from "./cluster-objects";
import type { Condition, Gateway, HttpRoute, ListenerStatus, RouteParentStatus } from "./objects";
import { keyOfObject } from "./objects";
import { routeParentsOf } from "./route-parents";

const controllerName = "switchyard.dev/local-front";
const gatewayApi = "/apis/gateway.networking.k8s.io/v1";

/** Writes what the front makes of routes and Gateways into their status, as the controller of a gateway does. */
export async function writeStatus(api: ApiClient, objects: ClusterObjects): Promise<void> {
  for (const route of objects.routes.values()) {
    const parents = routeStatus(objects, route);
    if (same(parents, route.status?.parents ?? [])) continue;
    await patch(api, `${pathOf("httproutes", route)}/status`, { status: { parents } });
  }
  for (const gateway of objects.gateways.values()) {
    const status = gatewayStatus(objects, gateway);
    const { conditions = [], listeners = [] } = gateway.status ?? {};
    if (same(status, { conditions, listeners })) continue;
    await patch(api, `${pathOf("gateways", gateway)}/status`, { status });
  }
}

/** Status by parent: ours anew, those of other controllers as they are. */
export function routeStatus(objects: ClusterObjects, route: HttpRoute): RouteParentStatus[] {
  const before = route.status?.parents ?? [];
  const others = before.filter((entry) => entry.controllerName !== controllerName);
  const { generation } = route.metadata;
  const missing = missingBackends(objects, route);
  const mine = routeParentsOf(objects, route).map(({ reference, accepted, reason, message }) => {
    const old = before.find(
      (entry) => entry.controllerName === controllerName && same(entry.parentRef, reference),
    );
    const condition = conditionWriter(old?.conditions ?? [], generation);
    return {
      parentRef: reference,
      controllerName,
      conditions: [
        condition("Accepted", accepted, reason, message),
        missing.length === 0
          ? condition("ResolvedRefs", true, "ResolvedRefs", "all backends are there")
          : condition("ResolvedRefs", false, "BackendNotFound", `there is no ${missing.join(", ")}`),
      ],
    };
  });
  return [...others, ...mine];
}

function missingBackends(objects: ClusterObjects, route: HttpRoute): string[] {
  const namespace = route.metadata.namespace ?? "";
  const references = (route.spec.rules ?? []).flatMap(({ backendRefs }) => backendRefs ?? []);
  const names = references.map((backend) => `${backend.namespace ?? namespace}/${backend.name}`);
  return [...new Set(names)].filter((name) => !objects.services.has(name)).map((name) => `Service ${name}`);
}

function gatewayStatus(objects: ClusterObjects, gateway: Gateway) {
  const { conditions: before = [], listeners: listenersBefore = [] } = gateway.status ?? {};
  const { generation } = gateway.metadata;
  const attached = [...objects.routes.values()].flatMap((route) =>
    routeParentsOf(objects, route)
      .filter(({ reference }) => keyOfParent(route, reference) === keyOfObject(gateway))
      .flatMap(({ listeners }) => listeners.map(({ name }) => name)),
  );
  const condition = conditionWriter(before, generation);
  const listeners = gateway.spec.listeners.map(({ name }): ListenerStatus => {
    const own = conditionWriter(
      listenersBefore.find((entry) => entry.name === name)?.conditions ?? [],
      generation,
    );
    return {
      name,
      attachedRoutes: attached.filter((listener) => listener === name).length,
      supportedKinds: [{ group: "gateway.networking.k8s.io", kind: "HTTPRoute" }],
      conditions: [
        own("Accepted", true, "Accepted", "served by the front of dev"),
        own("Programmed", true, "Programmed", "served by the front of dev"),
        own("ResolvedRefs", true, "ResolvedRefs", "no certificate is needed on dev"),
      ],
    };
  });
  return {
    conditions: [
      condition("Accepted", true, "Accepted", "served by the front of dev"),
      condition("Programmed", true, "Programmed", "served by the front of dev"),
    ],
    listeners,
  };
}

function keyOfParent(route: HttpRoute, { namespace, name }: { namespace?: string; name: string }): string {
  return `${namespace ?? route.metadata.namespace}/${name}`;
}

/** A condition keeps the time of its last change while its status is the same. */
function conditionWriter(before: readonly Condition[], observedGeneration: number | undefined) {
  return (type: string, holds: boolean, reason: string, message: string): Condition => {
    const status = holds ? "True" : "False";
    const old = before.find((entry) => entry.type === type && entry.status === status);
    const lastTransitionTime = old?.lastTransitionTime ?? `${new Date().toISOString().slice(0, 19)}Z`;
    return {
      type,
      status,
      reason,
      message,
      lastTransitionTime,
      ...(observedGeneration === undefined ? {} : { observedGeneration }),
    };
  };
}

function pathOf(plural: string, { metadata }: HttpRoute | Gateway): string {
  return `${gatewayApi}/namespaces/${metadata.namespace}/${plural}/${metadata.name}`;
}

async function patch(api: ApiClient, path: string, body: unknown): Promise<void> {
  try {
    await api.mergePatch(path, body);
  } catch (error) {
    // Gone or changed meanwhile: its next event brings us here again.
    if (error instanceof ApiError && [404, 409].includes(error.status)) return;
    throw error;
  }
}

function same(left: unknown, right: unknown): boolean {
  return JSON.stringify(sorted(left)) === JSON.stringify(sorted(right));
}

function sorted(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sorted);
  if (typeof value !== "object" || value === null) return value;
  const entries = Object.entries(value).sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, entry]) => [key, sorted(entry)]));
}
