import * as pulumi from "@pulumi/pulumi";
import type { AppComponent } from "../../../../infra/kubernetes/app-component";
import { BlueGreen } from "../../../../infra/kubernetes/blue-green";
import { observeSides, type TrafficSwitch } from "../../../../infra/kubernetes/observed-sides";
import { SystemNamespace } from "../../../../infra/kubernetes/system-namespace";
import type { SideBlock, Sides } from "../../../../runbooks/sides";
import { collect, type RenderedResource, type World } from "../../support/render";
import { unwrapped } from "../../support/secrets";

const probe = { path: "/health", periodSeconds: 5, timeoutSeconds: 2, failureThreshold: 3 };

export const api: AppComponent = {
  name: "shop-api",
  port: 8080,
  probes: { startup: probe, readiness: probe, liveness: probe },
  environmentVariables: { MODE: "shop" },
  secrets: { vaultName: "shop-vault", tenantId: "tenant", variables: { DB_URL: "db-url" } },
  resources: { requests: { cpu: "100m", memory: "128Mi" }, limits: { memory: "256Mi" } },
  writableFolders: [{ name: "tmp", mountPath: "/tmp", sizeLimit: "64Mi" }],
  scaling: { minimumReplicas: 2, maximumReplicas: 4, targetCpuPercent: 70 },
  identityClientId: "client",
  ingress: [{ namespace: "gateway" }],
  egress: [{ ranges: ["10.0.0.0/24"], ports: [5432] }],
  previewHosts: { blue: "blue.shop.test", green: "green.shop.test" },
  emulatedBackend: { paths: { "/health": { body: { status: "UP" } } }, versionPath: "/version" },
};

export function block(version: string): SideBlock {
  const digit = version
    .charCodeAt(version.length - 1)
    .toString(16)
    .slice(-1);
  return { version, images: { "shop-api": `registry.test/shop-api@sha256:${digit.repeat(64)}` } };
}

export const shopSwitch: TrafficSwitch = {
  track: "shop-api-track",
  target: {
    kind: "selector",
    namespace: "shop",
    service: "shop-api",
    ports: [{ name: "http", port: 8080 }],
    selector: { app: "shop-api" },
    components: { "shop-api": { blue: "shop-api-blue", green: "shop-api-green" } },
  },
};

export function shopNamespace(): SystemNamespace {
  const quota = { requestedCpu: "8", requestedMemory: "16Gi", memoryLimit: "24Gi", pods: 60 };
  return new SystemNamespace("shop-space", { system: "shop", environment: "dev", quota, guarded: false });
}

export interface ShopOptions extends World {
  readonly sides: Sides;
  readonly component?: AppComponent;
  readonly emulated?: boolean;
  /** Components beside that one. @default none */
  readonly others?: readonly AppComponent[];
  /** @default the switch of `shop-api` alone */
  readonly switches?: readonly TrafficSwitch[];
}

/** A system of one component, or more, under mocks; its resources by type and name, inputs without markers of secrets. */
export async function renderShop({
  sides,
  component = api,
  emulated = false,
  others = [],
  switches = [shopSwitch],
  ...world
}: ShopOptions) {
  const { resources } = await collect(
    "dev",
    async () => {
      const observed = await observeSides("shop", switches, sides);
      new BlueGreen("shop", {
        system: "shop",
        environment: "dev",
        namespace: shopNamespace(),
        components: [component, ...others],
        sides,
        initial: "blue",
        observed,
        jobs: [
          {
            name: "shop-migration",
            component: "shop-api",
            command: ["migrate"],
            resources: component.resources,
            deadlineSeconds: 600,
          },
        ],
        gateway: { name: "edge", namespace: "gateway" },
        emulated,
        guarded: false,
      });
      return undefined;
    },
    world,
  );
  return resources.map((resource) => ({
    ...resource,
    inputs: unwrapped(resource.inputs) as Readonly<Record<string, unknown>>,
  }));
}

/** The one resource of a kind and name. */
export function the(resources: readonly RenderedResource[], kind: string, name: string): RenderedResource {
  const found = resources.filter(({ type, name: own }) => type.endsWith(`:${kind}`) && own === name);
  if (found.length !== 1) throw new pulumi.RunError(`${found.length} resources ${kind} ${name}`);
  return found[0]!;
}

/** Inputs at a path such as `spec.template`. */
export function at(resource: RenderedResource, path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>((value, key) => (value as Record<string, unknown> | undefined)?.[key], resource.inputs);
}
