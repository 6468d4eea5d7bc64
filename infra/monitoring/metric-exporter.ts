import { Deployment } from "@pulumi/kubernetes/apps/v1/deployment";
import { NetworkPolicy } from "@pulumi/kubernetes/networking/v1/networkPolicy";
import type * as inputs from "@pulumi/kubernetes/types/input";
import * as pulumi from "@pulumi/pulumi";
import type { ExporterProgram, MetricExporter } from "../../runbooks/prometheus";
import type {
  ComponentSecrets,
  ContainerResources,
  Egress,
  EmulatedMetric,
} from "../kubernetes/app-component";
import { emulatedBackendAnnotation } from "../kubernetes/emulated-backend";
import { labelsOf } from "../kubernetes/labels";
import { allow } from "../kubernetes/network-policies";
import { objectOf, workloadTimeouts } from "../kubernetes/options";
import { containerSecurity, podSecurityOf } from "../kubernetes/pod-template";
import { secretProviderClass } from "../kubernetes/secret-provider-class";
import { serviceAccount } from "../kubernetes/service-account";
import type { SystemNamespace } from "../kubernetes/system-namespace";
import { scrapeIngress } from "./scrape-monitors";

export type ExporterContract = Extract<MetricExporter, { kind: "exporter" }>;

export interface MetricExporterArgs {
  readonly system: string;
  readonly environment: string;
  readonly namespace: SystemNamespace;
  readonly exporter: ExporterContract;
  /** By digest. */
  readonly image: string;
  /** Vault, and the name there of each variable in the contract's `secretEnvironment`. @default - no secrets */
  readonly secrets?: Omit<ComponentSecrets, "variables"> & {
    /** Variable of the system's secrets to name of the vault's secret. */
    readonly names: Readonly<Record<string, string>>;
  };
  /** Client id of the identity that reads the vault. @default - no secrets */
  readonly identityClientId?: pulumi.Input<string>;
  /** What it asks: the database, the cache, the host that is probed. */
  readonly egress: readonly Egress[];
  /** Whether pods say what the emulated cluster answers for them. */
  readonly emulated: boolean;
  /** Series that the emulated cluster shows in the exporter's place. @default - none */
  readonly emulatedMetrics?: readonly EmulatedMetric[];
}

/** Exporters hold no state and answer one question in 30 seconds. */
const resources: ContainerResources = {
  requests: { cpu: "25m", memory: "64Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
};

/** Where each program answers that it runs, without asking what it watches. */
const healthPaths = {
  mongodb: "/",
  redis: "/health",
  postgres: "/",
  elasticsearch: "/healthz",
  blackbox: "/-/healthy",
} as const satisfies Record<ExporterProgram, string>;

/**
 * A program that turns what a database, a cache or a host says into metrics. One pod: a second would write every series
 * twice. It is not of any colour and is updated by a rolling replacement, which costs a gap of one scrape.
 */
export class MetricExporterDeployment extends pulumi.ComponentResource {
  constructor(name: string, args: MetricExporterArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:monitoring:MetricExporter", name, {}, options);
    const { exporter, secrets, identityClientId } = args;
    const namespace = args.namespace.namespaceName;
    const within = objectOf(this, { dependsOn: [args.namespace.namespace] });
    const objectName = exporter.job;
    const labels = labelsOf({ ...args, component: objectName });
    const metadata = { name: objectName, namespace, labels };
    const account = serviceAccount(`${name}-account`, { metadata, identityClientId }, within);
    const { port } = exporter;
    const policy = new NetworkPolicy(
      `${name}-network`,
      {
        metadata,
        spec: allow({
          component: objectName,
          port,
          ingress: [scrapeIngress(port)],
          egress: args.egress,
        }),
      },
      within,
    );
    const before: pulumi.Resource[] = [account, policy];
    const variables = secretVariables(args);
    if (Object.keys(variables).length > 0) {
      if (!secrets || identityClientId === undefined)
        throw new Error(`${objectName} has secrets and no vault or identity to read them with`);
      before.push(
        secretProviderClass(
          `${name}-secrets`,
          {
            namespace,
            objectName,
            labels,
            secrets: { ...secrets, variables },
            clientId: identityClientId,
            syncedSecret: syncedSecretOf(objectName),
          },
          within,
        ),
      );
    }
    new Deployment(
      name,
      {
        metadata,
        spec: {
          selector: { matchLabels: { app: objectName } },
          template: pod(args, objectName, labels, Object.keys(variables)),
        },
      },
      objectOf(this, { dependsOn: before, timeouts: workloadTimeouts }),
    );
    this.registerOutputs({});
  }
}

function syncedSecretOf(objectName: string): string {
  return `${objectName}-secrets`;
}

/** Variable of the container to name of the vault's secret. */
function secretVariables({ exporter, secrets }: MetricExporterArgs): Record<string, string> {
  return Object.fromEntries(
    Object.entries(exporter.secretEnvironment ?? {}).map(([variable, source]) => {
      const secretName = secrets?.names[source];
      if (secretName === undefined)
        throw new Error(`exporter ${exporter.name} reads ${source}, which is no secret`);
      return [variable, secretName];
    }),
  );
}

function pod(
  { exporter, image, identityClientId, emulated, emulatedMetrics }: MetricExporterArgs,
  objectName: string,
  labels: Record<string, string>,
  variables: readonly string[],
): inputs.core.v1.PodTemplateSpec {
  const probe = { httpGet: { path: healthPaths[exporter.exporter], port: exporter.port, scheme: "HTTP" } };
  const usesSecrets = variables.length > 0;
  return {
    metadata: {
      labels: {
        ...labels,
        ...(identityClientId !== undefined && { "azure.workload.identity/use": "true" }),
      },
      ...(emulated && {
        annotations: { [emulatedBackendAnnotation]: emulatedAnswers(exporter, emulatedMetrics) },
      }),
    },
    spec: {
      serviceAccountName: objectName,
      automountServiceAccountToken: false,
      enableServiceLinks: false,
      securityContext: podSecurityOf(),
      containers: [
        {
          name: objectName,
          image,
          imagePullPolicy: "IfNotPresent",
          ...(exporter.arguments && { args: [...exporter.arguments] }),
          ports: [{ name: "metrics", containerPort: exporter.port, protocol: "TCP" }],
          env: variables.map((variable) => ({
            name: variable,
            valueFrom: { secretKeyRef: { name: syncedSecretOf(objectName), key: variable } },
          })),
          resources,
          securityContext: containerSecurity,
          startupProbe: { ...probe, periodSeconds: 2, timeoutSeconds: 2, failureThreshold: 30 },
          readinessProbe: { ...probe, periodSeconds: 10, timeoutSeconds: 5, failureThreshold: 3 },
          livenessProbe: { ...probe, periodSeconds: 20, timeoutSeconds: 5, failureThreshold: 3 },
          terminationMessagePolicy: "FallbackToLogsOnError",
          ...(usesSecrets && {
            volumeMounts: [{ name: "secrets", mountPath: "/mnt/secrets", readOnly: true }],
          }),
        },
      ],
      ...(usesSecrets && {
        volumes: [
          {
            name: "secrets",
            csi: {
              driver: "secrets-store.csi.k8s.io",
              readOnly: true,
              volumeAttributes: { secretProviderClass: objectName },
            },
          },
        ],
      }),
    },
  };
}

function emulatedAnswers(
  { exporter, port, path }: ExporterContract,
  metrics: readonly EmulatedMetric[] = [],
): string {
  return JSON.stringify({
    ports: [port],
    paths: { [healthPaths[exporter]]: { status: 200 } },
    metricsPath: path,
    metrics,
  });
}
