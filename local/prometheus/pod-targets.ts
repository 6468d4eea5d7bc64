import type { Container, Pod } from "../cluster/kubelet/pod";
import type { PodRow } from "../cluster/kubelet/pod-table";
import { labelName, type MetricsEndpoint, type PodMonitor, selects, watchesNamespace } from "./pod-monitor";

/** Targets as a file of Prometheus holds them. */
export interface TargetGroup {
  readonly targets: readonly string[];
  readonly labels: Readonly<Record<string, string>>;
}

/** A pod as the API server has it, and where the emulated one listens. */
export interface SeenPod {
  readonly pod: Pod;
  readonly row: PodRow;
}

const ended: readonly string[] = ["Succeeded", "Failed"];

/** Pods of an endpoint that listen, each with the labels that Prometheus' own discovery of Kubernetes would give. */
export function targetsOf(
  monitor: PodMonitor,
  endpoint: MetricsEndpoint,
  pods: readonly SeenPod[],
): readonly TargetGroup[] {
  return pods
    .filter(
      ({ row }) =>
        !ended.includes(row.phase) &&
        watchesNamespace(monitor, row.namespace) &&
        selects(monitor.spec.selector ?? {}, row.labels),
    )
    .flatMap((seen) =>
      seen.pod.spec.containers.flatMap((container) =>
        (container.ports ?? [])
          .filter((port) => isAsked(endpoint, port))
          .flatMap((port) => targetOf(seen, container, port)),
      ),
    );
}

type ContainerPort = NonNullable<Container["ports"]>[number];

function isAsked({ port, portNumber, targetPort }: MetricsEndpoint, own: ContainerPort): boolean {
  if (port !== undefined) return own.name === port;
  if (portNumber !== undefined) return own.containerPort === portNumber;
  return own.name === targetPort || own.containerPort === Number(targetPort);
}

function targetOf({ row }: SeenPod, { name }: Container, port: ContainerPort): readonly TargetGroup[] {
  const local = row.ports[port.containerPort];
  if (local === undefined) return [];
  return [
    {
      targets: [`127.0.0.1:${local}`],
      labels: {
        __meta_kubernetes_namespace: row.namespace,
        __meta_kubernetes_pod_name: row.name,
        __meta_kubernetes_pod_uid: row.uid,
        __meta_kubernetes_pod_ip: row.podIP,
        __meta_kubernetes_pod_phase: row.phase,
        __meta_kubernetes_pod_ready: String(row.ready),
        __meta_kubernetes_pod_container_name: name,
        __meta_kubernetes_pod_container_port_number: String(port.containerPort),
        ...(port.name !== undefined && { __meta_kubernetes_pod_container_port_name: port.name }),
        ...Object.fromEntries(
          Object.entries(row.labels).map(([key, value]) => [
            `__meta_kubernetes_pod_label_${labelName(key)}`,
            value,
          ]),
        ),
      },
    },
  ];
}
