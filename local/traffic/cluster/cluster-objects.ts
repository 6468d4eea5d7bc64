import {
  type EndpointSlice,
  type Gateway,
  type HttpRoute,
  keyOfObject,
  type Namespaced,
  type Service,
  serviceOfSlice,
} from "./objects";

const gatewayApi = "/apis/gateway.networking.k8s.io/v1";

/** Collections that are followed, and where they are kept. */
export const collections = {
  routes: `${gatewayApi}/httproutes`,
  gateways: `${gatewayApi}/gateways`,
  services: "/api/v1/services",
  slices: "/apis/discovery.k8s.io/v1/endpointslices",
  namespaces: "/api/v1/namespaces",
} as const;

export type CollectionName = keyof typeof collections;

/** Where a request can go: an address of the cluster. */
export interface Endpoint {
  readonly address: string;
  readonly port: number;
}

/** What the API server holds, as it was last heard of. */
export class ClusterObjects {
  readonly routes = new Map<string, HttpRoute>();
  readonly gateways = new Map<string, Gateway>();
  readonly services = new Map<string, Service>();
  readonly slices = new Map<string, EndpointSlice>();
  readonly namespaces = new Map<string, Namespaced>();
  /** When a route, a Service or its endpoints changed last, by its key, in milliseconds. */
  readonly changedAt = new Map<string, number>();

  replace(name: CollectionName, objects: readonly Namespaced[]): void {
    const kept = this[name] as Map<string, Namespaced>;
    kept.clear();
    for (const object of objects) kept.set(keyOfObject(object), object);
  }

  put(name: CollectionName, object: Namespaced): void {
    (this[name] as Map<string, Namespaced>).set(keyOfObject(object), object);
    this.#touch(name, object);
  }

  remove(name: CollectionName, object: Namespaced): void {
    (this[name] as Map<string, Namespaced>).delete(keyOfObject(object));
    this.#touch(name, object);
  }

  /** Endpoints of a Service's port that are ready; undefined when there is no such Service or port. */
  readyEndpoints(namespace: string, service: string, port: number): readonly Endpoint[] | undefined {
    const declared = this.services
      .get(`${namespace}/${service}`)
      ?.spec.ports?.find((entry) => entry.port === port);
    if (declared === undefined) return undefined;
    const found: Endpoint[] = [];
    for (const slice of this.slices.values()) {
      const { metadata, endpoints, ports } = slice;
      if (metadata.namespace !== namespace || metadata.labels?.[serviceOfSlice] !== service) continue;
      const target = ports?.find(({ name }) => (name ?? "") === (declared.name ?? ""))?.port;
      if (target === undefined) continue;
      for (const { addresses, conditions } of endpoints ?? []) {
        if (conditions?.ready === false) continue;
        for (const address of addresses) found.push({ address, port: target });
      }
    }
    return found;
  }

  #touch(name: CollectionName, object: Namespaced): void {
    const { namespace, labels } = object.metadata;
    if (name === "slices") this.changedAt.set(`service ${namespace}/${labels?.[serviceOfSlice]}`, Date.now());
    if (name === "routes") this.changedAt.set(`route ${keyOfObject(object)}`, Date.now());
  }
}
