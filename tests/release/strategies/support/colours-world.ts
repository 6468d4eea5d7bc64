import { surroundingsOf } from "../../../../release/clients/surroundings";
import type { SidesOfRelease, WriteGuard } from "../../../../release/strategies/strategy";
import type { StrategyOptions } from "../../../../release/strategies/strategy-of";
import { strategyOf } from "../../../../release/strategies/strategy-of";
import { gatewayTraffic, initialRoute } from "../../../../release/targets/gateway";
import { mapAt } from "../../../../release/targets/json";
import { initialService, selectorTraffic } from "../../../../release/targets/selector";
import type { GatewayTarget, SelectorTarget } from "../../../../runbooks/target";
import { gatewayTarget, selectorTarget } from "../../support/targets";
import { newVersion, oldVersion, type World } from "../conformance";
import { FakeCluster } from "./fake-cluster";

export const servicePath = "/api/v1/namespaces/shop/services/web";
export const routePath = "/apis/gateway.networking.k8s.io/v1/namespaces/shop/httproutes/shop";
export const deploymentPath = (name: string) => `/apis/apps/v1/namespaces/shop/deployments/${name}`;

export const imageOf = (component: string, version: string) =>
  `registry.test/${component}@sha256:${(version === newVersion ? "2" : "1").repeat(64)}`;

/** Blue is live with the old version, green declared with the new one and without pods. */
export class ColoursWorld implements World {
  private constructor(
    readonly target: SelectorTarget | GatewayTarget,
    readonly cluster: FakeCluster,
  ) {}

  static async make(kind: "selector" | "gateway"): Promise<ColoursWorld> {
    const target = kind === "selector" ? selectorTarget : gatewayTarget;
    const cluster = await FakeCluster.start();
    const world = new ColoursWorld(target, cluster);
    if (target.kind === "selector") cluster.put(servicePath, initialService(target, "shop", "blue"));
    else cluster.put(routePath, initialRoute(target, "shop", "blue"));
    for (const component of Object.keys(target.components)) {
      world.deploy(component, "blue", oldVersion, 2);
      world.deploy(component, "green", newVersion, 0);
      for (const colour of ["blue", "green"]) {
        cluster.put(`/apis/autoscaling/v2/namespaces/shop/horizontalpodautoscalers/${component}-${colour}`, {
          spec: { scaleTargetRef: { name: `${component}-${colour}` }, minReplicas: 2, maxReplicas: 6 },
        });
      }
    }
    return world;
  }

  get path(): string {
    return this.target.kind === "selector" ? servicePath : routePath;
  }

  deploy(component: string, colour: "blue" | "green", version: string, replicas: number): void {
    const name = this.target.components[component]![colour];
    this.cluster.deploy({
      name,
      app: component,
      colour,
      version,
      replicas,
      image: imageOf(component, version),
    });
  }

  replicas(name: string): unknown {
    return mapAt(this.cluster.get(deploymentPath(name)), "spec").replicas;
  }

  annotations(): Readonly<Record<string, unknown>> {
    return mapAt(this.cluster.get(this.path), "metadata", "annotations");
  }

  strategy(guard: WriteGuard = async () => {}, options: StrategyOptions = {}) {
    const components = Object.keys(this.target.components);
    const sides: SidesOfRelease = {
      release: "shop-1",
      system: "shop",
      candidate: "green",
      live: "blue",
      version: newVersion,
      liveVersion: oldVersion,
      components: Object.fromEntries(components.map((name) => [name, { image: imageOf(name, newVersion) }])),
      previous: Object.fromEntries(components.map((name) => [name, { image: imageOf(name, oldVersion) }])),
    };
    const surroundings = surroundingsOf("staging", { KUBECONFIG: this.cluster.kubeconfig });
    const patience = { readySeconds: 0.3, servedSeconds: 0.1, lookMilliseconds: 5 };
    return strategyOf(this.target, sides, surroundings, guard, { patience, ...options });
  }

  async served(): Promise<Readonly<Record<string, number>>> {
    const object = this.cluster.get(this.path);
    const { blue, green } =
      this.target.kind === "selector"
        ? selectorTraffic(this.target, object)
        : gatewayTraffic(this.target, object);
    return Object.fromEntries(
      [[oldVersion, blue] as const, [newVersion, green] as const].filter(([, percent]) => percent > 0),
    );
  }

  async snapshot(): Promise<unknown> {
    return this.cluster.writes.length;
  }

  async makeIdleWrong(): Promise<void> {
    for (const component of Object.keys(this.target.components))
      this.deploy(component, "green", oldVersion, 2);
  }

  async remove(): Promise<void> {
    await this.cluster.stop();
  }
}
