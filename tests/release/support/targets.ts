import type { Sighting, Workload } from "../../../release/targets/sighting";
import type { GatewayTarget, SelectorTarget, SlotsTarget } from "../../../runbooks/target";

export const selectorTarget: SelectorTarget = {
  kind: "selector",
  namespace: "shop",
  service: "web",
  ports: [{ name: "http", port: 80, targetPort: "http" }],
  selector: { app: "web" },
  components: { web: { blue: "web-blue", green: "web-green" } },
};

export const gatewayTarget: GatewayTarget = {
  kind: "gateway",
  namespace: "shop",
  route: "shop",
  hostnames: ["shop.test"],
  gateway: { name: "edge", namespace: "platform" },
  services: { blue: "web-blue", green: "web-green", port: 8080 },
  components: {
    web: { blue: "web-blue", green: "web-green" },
    api: { blue: "api-blue", green: "api-green" },
  },
};

export const slotsTarget: SlotsTarget = {
  kind: "slots",
  siteId:
    "/subscriptions/00000000-0000-4000-8000-0000000de000/resourceGroups/g/providers/Microsoft.Web/sites/shop-functions",
  slot: "staging",
};

export const keyOf = (digit: string) => `sha256:${digit.repeat(64)}`;

export function workload(
  side: string,
  releaseKey: string | undefined,
  changes: Partial<Workload> = {},
): Workload {
  return {
    side,
    component: "web",
    name: `web-${side}`,
    ...(releaseKey !== undefined && { releaseKey }),
    replicas: 2,
    readyReplicas: 2,
    stub: false,
    ...changes,
  };
}

/** Blue is live with key 1, green idle with key 2. */
export function sighted(changes: Partial<Sighting> = {}): Sighting {
  return {
    exists: true,
    traffic: { blue: 100, green: 0 },
    workloads: [
      workload("blue", keyOf("1")),
      workload("green", keyOf("2"), { replicas: 0, readyReplicas: 0 }),
    ],
    ...changes,
  };
}
