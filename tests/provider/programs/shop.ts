import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment";
import { HorizontalPodAutoscaler } from "@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler";
import { Namespace } from "@pulumi/kubernetes/core/v1/namespace";
import { Provider } from "@pulumi/kubernetes/provider";
import { registerCheaply } from "../../../infra/registration";
import { correctSdkSourceMaps } from "../../../infra/sdk-source-maps";
import { observe, type Target, Track } from "../../../infra/track";

correctSdkSourceMaps();
registerCheaply();

/**
 * The smallest system with two sides, switched by a Service and, beside it, by a route. Told by variables what it
 * declares: SHOP_KEYS (release key by side, JSON), SHOP_EDIT (a change that all pods would share). What one of the two tracks
 * alone is to be told otherwise: SHOP_SERVICE_KEYS, SHOP_ROUTE_KEYS.
 */
export = async () => {
  const keys = JSON.parse(process.env.SHOP_KEYS ?? "{}") as Record<string, string>;
  const where = {
    context: "switchyard-dev",
    namespace: "shop",
    components: { web: { blue: "web-blue", green: "web-green" } },
  };
  const service: Target = {
    kind: "selector",
    ...where,
    service: "web",
    ports: [{ name: "http", port: 80, targetPort: "http" }],
    selector: { app: "web" },
  };
  const route: Target = {
    kind: "gateway",
    ...where,
    route: "shop",
    hostnames: ["shop.test"],
    gateway: { name: "edge", namespace: "shop" },
    services: { blue: "web-blue", green: "web-green", port: 80 },
  };
  const observed = await observe({ system: "shop", track: "shop-service", target: service });

  const version = process.env.SWITCHYARD_KUBERNETES_PROVIDER_VERSION;
  const cluster = new Provider("cluster", { enableServerSideApply: true }, version ? { version } : {});
  const options = { provider: cluster, customTimeouts: { create: "1m", update: "1m", delete: "1m" } };
  const namespace = new Namespace(
    "shop",
    { metadata: { name: "shop", labels: { "app.kubernetes.io/part-of": "shop" } } },
    options,
  );
  const guarded = (own: string | undefined) => ({
    system: "shop",
    initial: "blue",
    sides: own === undefined ? keys : (JSON.parse(own) as Record<string, string>),
  });
  const { SHOP_SERVICE_KEYS, SHOP_ROUTE_KEYS } = process.env;
  const tracks = [
    new Track("shop-service", { ...guarded(SHOP_SERVICE_KEYS), target: service }, { dependsOn: [namespace] }),
    new Track("shop-route", { ...guarded(SHOP_ROUTE_KEYS), target: route }, { dependsOn: [namespace] }),
  ];
  for (const [colour, key] of Object.entries(keys)) {
    const name = `web-${colour}`;
    const labels = { app: "web", deployment: colour };
    const annotations = { "switchyard.dev/release-key": key };
    const template = {
      metadata: { labels, annotations: { ...annotations, edit: process.env.SHOP_EDIT ?? "none" } },
      spec: {
        containers: [
          {
            name: "web",
            image: `registry.test/web@sha256:${"0".repeat(64)}`,
            ports: [{ name: "http", containerPort: 8080 }],
          },
        ],
      },
    };
    const deployment = new Deployment(
      name,
      {
        metadata: { name, namespace: "shop", labels, annotations },
        spec: { selector: { matchLabels: labels }, template },
      },
      {
        ...options,
        dependsOn: tracks,
        ignoreChanges: observed.sides[colour] === key ? ["spec.template"] : [],
      },
    );
    new HorizontalPodAutoscaler(
      name,
      {
        metadata: { name, namespace: "shop" },
        spec: {
          scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name },
          minReplicas: 2,
          maxReplicas: 4,
          metrics: [
            {
              type: "Resource",
              resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
            },
          ],
        },
      },
      { ...options, dependsOn: [deployment] },
    );
  }
  return { live: observed.live ?? "nothing" };
};
