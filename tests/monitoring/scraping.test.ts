import { strict as assert } from "node:assert";
import { addonSettings } from "../../infra/monitoring/addon-settings";
import {
  type ExporterContract,
  type MetricExporterArgs,
  MetricExporterDeployment,
} from "../../infra/monitoring/metric-exporter";
import { ScrapeMonitors } from "../../infra/monitoring/scrape-monitors";
import { shopNamespace } from "../infra/kubernetes/support/shop";
import { collect } from "../infra/support/render";
import { contracts } from "./support/contracts";
import { shop } from "./support/shop-contract";

const place = { system: "retail-agentic", environment: "production" } as const;
const image = `registry.test/exporter@sha256:${"a".repeat(64)}`;

describe("what is scraped", () => {
  it("is every application and exporter by its job, with the colour of a pod as a label", async () => {
    const { resources } = await collect("production", async () => {
      new ScrapeMonitors("scrape", { ...place, namespace: "shop", exporters: shop.metrics.exporters });
      return undefined;
    });
    const monitors = resources.filter(({ type }) => type.endsWith(":PodMonitor"));
    assert.deepEqual(monitors.map(({ inputs }) => (inputs.metadata as { name: string }).name).sort(), [
      "api",
      "database",
      "probe",
    ]);
    const spec = (name: string) =>
      monitors.find(({ inputs }) => (inputs.metadata as { name: string }).name === name)!.inputs.spec as {
        selector: unknown;
        podTargetLabels?: string[];
        podMetricsEndpoints: { targetPort: number; path: string; params?: unknown; relabelings: unknown[] }[];
      };
    assert.deepEqual(spec("api").selector, { matchLabels: { app: "shop-api" } });
    assert.deepEqual(spec("api").podTargetLabels, ["deployment"]);
    assert.equal(spec("api").podMetricsEndpoints[0]!.targetPort, 8080);
    assert.deepEqual(spec("api").podMetricsEndpoints[0]!.relabelings, [
      { action: "replace", targetLabel: "job", replacement: "shop-api" },
    ]);
    assert.deepEqual(spec("probe").podMetricsEndpoints[0]!.relabelings.at(-1), {
      action: "replace",
      targetLabel: "instance",
      replacement: "https://shop.test/health",
    });
    assert.equal(monitors[0]!.inputs.apiVersion, "azmonitoring.coreos.com/v1");
  });

  it("includes all that the contracts read of the cluster's own targets: the add-on would drop it", () => {
    const kept = addonSettings(contracts.map(({ metrics }) => metrics))["default-targets-metrics-keep-list"]!;
    const names = contracts.flatMap(({ metrics }) =>
      metrics.metrics
        .filter(({ exporter }) => metrics.exporters.find(({ name }) => name === exporter)?.kind === "addon")
        .map(({ name }) => name),
    );
    assert.ok(names.length > 5);
    for (const name of names) assert.match(kept, new RegExp(`["|]${name}["|]`));
    assert.match(kept, /^minimalingestionprofile = true$/m);
  });

  it("includes every series of a histogram", () => {
    const kept = addonSettings([shop.metrics])["default-targets-metrics-keep-list"]!;
    assert.match(
      kept,
      /^kubestate = "kube_pod_info\|kube_wait_seconds_bucket\|kube_wait_seconds_count\|kube_wait_seconds_sum"$/m,
    );
  });
});

const database = shop.metrics.exporters.find(({ name }) => name === "database") as ExporterContract;

async function exporter(changes: Partial<MetricExporterArgs> = {}) {
  const { resources } = await collect("production", async () => {
    new MetricExporterDeployment("exporter", {
      ...place,
      namespace: shopNamespace(),
      exporter: database,
      image,
      secrets: { vaultName: "vault", tenantId: "tenant", names: { DATABASE_URL: "database-url" } },
      identityClientId: "client",
      egress: [{ ranges: ["10.0.0.0/24"], ports: [5432] }],
      emulated: false,
      ...changes,
    });
    return undefined;
  });
  const of = (kind: string) =>
    resources.find(({ type, name }) => type.endsWith(`:${kind}`) && name.startsWith("exporter"))!;
  return { of, resources };
}

interface DeploymentSpec {
  readonly replicas?: number;
  readonly template: {
    readonly metadata: { readonly annotations?: Record<string, string> };
    readonly spec: {
      readonly securityContext: { readonly runAsNonRoot: boolean };
      readonly containers: readonly {
        readonly image: string;
        readonly env: readonly {
          readonly name: string;
          readonly value?: string;
          readonly valueFrom?: unknown;
        }[];
        readonly securityContext: { readonly readOnlyRootFilesystem: boolean };
      }[];
    };
  };
}

describe("an exporter beside a system", () => {
  it("runs without rights, gets its secrets from the vault and declares no number of replicas", async () => {
    const { of } = await exporter();
    const spec = of("Deployment").inputs.spec as unknown as DeploymentSpec;
    const [container] = spec.template.spec.containers;
    assert.equal(spec.replicas, undefined);
    assert.equal(spec.template.spec.securityContext.runAsNonRoot, true);
    assert.equal(container!.securityContext.readOnlyRootFilesystem, true);
    assert.equal(container!.image, image);
    assert.deepEqual(container!.env, [
      {
        name: "DATA_SOURCE_NAME",
        valueFrom: { secretKeyRef: { name: "shop-database-secrets", key: "DATA_SOURCE_NAME" } },
      },
    ]);
    const provider = of("SecretProviderClass").inputs.spec as { parameters: { objects: string } };
    assert.match(provider.parameters.objects, /database-url/);
    assert.ok(of("Deployment").timeouts.create);
  });

  it("is asked by the scraper alone, and asks what it was given alone", async () => {
    const { of } = await exporter();
    const spec = of("NetworkPolicy").inputs.spec as {
      ingress: { from: unknown[]; ports: { port: number }[] }[];
      egress: { to: unknown[] }[];
    };
    assert.deepEqual(spec.ingress[0]!.from, [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "kube-system" } },
        podSelector: { matchLabels: { rsName: "ama-metrics" } },
      },
    ]);
    assert.equal(spec.ingress[0]!.ports[0]!.port, 9187);
    assert.deepEqual(spec.egress[0]!.to, [{ ipBlock: { cidr: "10.0.0.0/24" } }]);
  });

  it("is refused when it reads a secret that the system does not have, or has nobody to read it with", async () => {
    const names = { OTHER: "other" };
    await assert.rejects(
      exporter({ secrets: { vaultName: "vault", tenantId: "tenant", names } }),
      /exporter database reads DATABASE_URL, which is no secret/,
    );
    await assert.rejects(exporter({ identityClientId: undefined }), /no vault or identity/);
  });

  it("says what the emulated cluster answers, in dev only", async () => {
    const annotations = async (emulated: boolean) =>
      ((await exporter({ emulated })).of("Deployment").inputs.spec as unknown as DeploymentSpec).template
        .metadata.annotations;
    assert.equal(await annotations(false), undefined);
    const text = (await annotations(true))!["local.switchyard.dev/backend"]!;
    assert.equal((JSON.parse(text) as { metricsPath: string }).metricsPath, "/metrics");
  });
});
