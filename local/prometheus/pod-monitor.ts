import type { ApiObject } from "../cluster/api-client";

/** Kind of the add-on of AKS, which reads the same objects as the Prometheus operator's, in a group of its own. */
export const podMonitorsPath = "/apis/azmonitoring.coreos.com/v1/podmonitors";

/** What of a PodMonitor is read; what else it says has no meaning here. */
export interface PodMonitor extends ApiObject {
  readonly spec: {
    readonly selector?: LabelSelector;
    readonly namespaceSelector?: { readonly any?: boolean; readonly matchNames?: readonly string[] };
    readonly podTargetLabels?: readonly string[];
    readonly podMetricsEndpoints?: readonly MetricsEndpoint[];
  };
}

export interface LabelSelector {
  readonly matchLabels?: Readonly<Record<string, string>>;
  readonly matchExpressions?: readonly {
    readonly key: string;
    readonly operator: "In" | "NotIn" | "Exists" | "DoesNotExist";
    readonly values?: readonly string[];
  }[];
}

export interface MetricsEndpoint {
  /** Name of a container's port. */
  readonly port?: string;
  readonly portNumber?: number;
  /** Number or name of a container's port. */
  readonly targetPort?: number | string;
  readonly path?: string;
  readonly scheme?: string;
  readonly params?: Readonly<Record<string, readonly string[]>>;
  readonly honorLabels?: boolean;
  readonly relabelings?: readonly Relabeling[];
  readonly metricRelabelings?: readonly Relabeling[];
}

export interface Relabeling {
  readonly sourceLabels?: readonly string[];
  readonly separator?: string;
  readonly targetLabel?: string;
  readonly regex?: string;
  readonly modulus?: number;
  readonly replacement?: string;
  readonly action?: string;
}

/** Name that tells the targets of one endpoint of a monitor from all others. */
export function jobNameOf({ metadata }: ApiObject, endpoint: number): string {
  return `podMonitor/${metadata.namespace}/${metadata.name}/${endpoint}`;
}

/** File with the targets of an endpoint; namespaces and names hold no underscore. */
export function targetsFileName({ metadata }: ApiObject, endpoint: number): string {
  return `${metadata.namespace}_${metadata.name}_${endpoint}.json`;
}

export function watchesNamespace({ metadata, spec }: PodMonitor, namespace: string): boolean {
  const { any, matchNames } = spec.namespaceSelector ?? {};
  if (any) return true;
  return matchNames === undefined ? namespace === metadata.namespace : matchNames.includes(namespace);
}

/** An empty selector takes every pod, as that of Kubernetes does. */
export function selects(
  { matchLabels = {}, matchExpressions = [] }: LabelSelector,
  labels: Readonly<Record<string, string>>,
): boolean {
  return (
    Object.entries(matchLabels).every(([key, value]) => labels[key] === value) &&
    matchExpressions.every(({ key, operator, values = [] }) => holds[operator](labels[key], values))
  );
}

const holds = {
  In: (value, values) => value !== undefined && values.includes(value),
  NotIn: (value, values) => value === undefined || !values.includes(value),
  Exists: (value) => value !== undefined,
  DoesNotExist: (value) => value === undefined,
} as const satisfies Readonly<
  Record<string, (value: string | undefined, values: readonly string[]) => boolean>
>;

/** A label of Kubernetes as a name of Prometheus. */
export function labelName(key: string): string {
  return key.replace(/[^a-zA-Z0-9_]/g, "_");
}
