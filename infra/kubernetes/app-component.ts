import type * as pulumi from "@pulumi/pulumi";
import type { Colour } from "../../runbooks/target";
import type { SecretKeys } from "./secret-variables";

/** Request that a probe sends, and how often it may fail. */
export interface HttpProbe {
  readonly path: string;
  /** @default the component's port */
  readonly port?: number;
  readonly periodSeconds: number;
  readonly timeoutSeconds: number;
  /** Failures in a row after which the probe has failed. */
  readonly failureThreshold: number;
  /** @default 0 */
  readonly initialDelaySeconds?: number;
}

/** What a container is given and may take, in Kubernetes' quantities. */
export interface ContainerResources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu?: string; readonly memory: string };
}

/** A folder that the program may write to; everything else is read-only. It is empty in every new pod. */
export interface WritableFolder {
  readonly name: string;
  readonly mountPath: string;
  /** Quantity; a pod that writes more is ended. */
  readonly sizeLimit: string;
}

/** Size of a colour; replicas are never declared. */
export interface Scaling {
  readonly minimumReplicas: number;
  readonly maximumReplicas: number;
  /** Percent of the requested CPU at which pods are added. */
  readonly targetCpuPercent: number;
  /** Percent of the requested memory at which pods are added. @default - memory does not scale */
  readonly targetMemoryPercent?: number;
}

/** Where a program may connect to, besides the name server. */
export type Egress =
  /** Pods of the same namespace with this label `app`. */
  | { readonly toComponent: string; readonly ports: readonly number[] }
  /** Address ranges in CIDR notation, at least one: none would mean every address. */
  | { readonly ranges: readonly string[]; readonly ports: readonly number[] };

/** Where connections come from: pods of a namespace, all or those with labels. */
export interface Ingress {
  /** Name of a namespace; @default the component's own */
  readonly namespace?: string;
  readonly labels?: Readonly<Record<string, string>>;
  /** @default the component's port */
  readonly ports?: readonly number[];
}

/** Secrets of a component that the vault's CSI driver brings into its pods. */
export interface ComponentSecrets {
  readonly vaultName: string;
  readonly tenantId: string;
  /** Environment variable to name of the vault's secret. */
  readonly variables: Readonly<Record<string, string>>;
}

/** One program of a system, of which there is a Deployment per colour. Values are flat and typed; none is a secret. */
export interface AppComponent {
  /** Name of the container and of the active Service; `NAME-COLOUR` of what each colour has. At most 50 characters. */
  readonly name: string;
  readonly port: number;
  readonly probes: {
    /** Guards a slow start: the other probes wait for it. */
    readonly startup: HttpProbe;
    readonly readiness: HttpProbe;
    readonly liveness: HttpProbe;
  };
  /** Plain environment variables; they go to a ConfigMap per colour. */
  readonly environmentVariables: Readonly<Record<string, string>>;
  /** Those whose value is a colour's own, such as the address of another component of the same colour. @default - none */
  readonly variablesByColour?: Readonly<Record<string, Readonly<Record<Colour, string>>>>;
  /** @default - none */
  readonly secrets?: ComponentSecrets;
  /** Environment variable to key of a Secret of the namespace that something else makes. @default - none */
  readonly clusterSecrets?: SecretKeys;
  readonly resources: ContainerResources;
  readonly writableFolders?: readonly WritableFolder[];
  readonly scaling: Scaling;
  /** Pods that an eviction may take at once, a number or a percentage. @default 1 */
  readonly maximumUnavailable?: number | string;
  /** Client id of the identity that pods sign in to Azure with. @default - none */
  readonly identityClientId?: pulumi.Input<string>;
  /** Who may connect. */
  readonly ingress: readonly Ingress[];
  readonly egress: readonly Egress[];
  /** Host under which the release reaches a colour before it has traffic. @default - no preview host */
  readonly previewHosts?: { readonly blue: string; readonly green: string };
  /** Where metrics are read; the scrape object itself is made by infra/monitoring. */
  readonly metrics?: { readonly port: number; readonly path: string };
  /** Arguments of the container. @default - the image's own */
  readonly arguments?: readonly string[];
  /** User that the container runs as, never 0. @default 10001 */
  readonly userId?: number;
  /** Seconds between the wish to stop a pod and the signal, in which the routes forget it. @default 10 */
  readonly drainSeconds?: number;
  /** Seconds from the wish to stop until the pod is ended by force. @default 45 */
  readonly terminationGraceSeconds?: number;
  /** What the emulated cluster of dev puts in the program's place; elsewhere not rendered. */
  readonly emulatedBackend?: EmulatedBackend;
}

/** What an emulated program answers. Rendered as the annotation that docs/local-cluster.md describes. */
export interface EmulatedBackend {
  /** Answers by path: probes and whatever a gate asks. A value `$version` in a body is the version that is deployed. */
  readonly paths: Readonly<Record<string, { readonly status?: number; readonly body?: unknown }>>;
  /** Answers the version that is deployed. */
  readonly versionPath?: string;
  /** Accepts WebSocket handshakes. */
  readonly webSockets?: boolean;
  readonly metricsPath?: string;
  readonly metricsPort?: number;
  readonly metrics?: readonly EmulatedMetric[];
  readonly startDelaySeconds?: number;
  readonly latencyMilliseconds?: number;
}

/** A series that an emulated program shows. Label values may be `$method`, `$path`, `$status`, `$pod`, `$version`. */
export interface EmulatedMetric {
  readonly name: string;
  readonly type: "counter" | "gauge" | "histogram";
  readonly labels?: Readonly<Record<string, string>>;
  /** Counter: what it counts. */
  readonly counts?: "requests" | "errors";
  /** Gauge: what it measures. */
  readonly measures?: "inFlight" | "uptimeSeconds" | "ready";
  /** Counter and gauge: what it shows, or begins with. */
  readonly value?: number;
  /** Counter: how it grows. */
  readonly ratePerSecond?: number;
  /** Histogram of the seconds that a request takes. */
  readonly buckets?: readonly number[];
  /** Histogram: seconds that the program observes by itself, in place of its requests. */
  readonly observes?: { readonly seconds: number; readonly ratePerSecond: number };
}
