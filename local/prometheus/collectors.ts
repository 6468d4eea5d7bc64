import type { ApiObject } from "../cluster/api-client";
import type { Container, Pod } from "../cluster/kubelet/pod";
import type { MetricFamily, Sample } from "./exposition";

/** Objects that the cluster's own collectors speak of. */
export interface ClusterObjects {
  readonly pods: readonly Pod[];
  readonly deployments: readonly DeploymentObject[];
  readonly cronJobs: readonly CronJobObject[];
}

export interface DeploymentObject extends ApiObject {
  readonly spec?: { readonly replicas?: number };
  readonly status?: { readonly availableReplicas?: number };
}

export interface CronJobObject extends ApiObject {
  readonly status?: { readonly lastSuccessfulTime?: string };
}

/** What an emulated container uses: there is none, so these are made up, and far from every limit. */
const cpuShareOfLimit = 0.2;
const memoryShareOfLimit = 0.4;
const cpuWithoutLimit = 0.05;
const memoryWithoutLimit = 128 * 2 ** 20;
const networkBytesPerSecond = 20_000;
const diskBytes = 64 * 2 ** 30;
const freeShareOfDisk = 0.6;

/** Jobs by the names of the targets that Azure's add-on scrapes in every cluster. */
export const collectorJobs = ["kube-state-metrics", "cadvisor", "node"] as const;
export type CollectorJob = (typeof collectorJobs)[number];

/** @param now milliseconds since 1970 */
export function collected(job: CollectorJob, objects: ClusterObjects, now: number): readonly MetricFamily[] {
  switch (job) {
    case "kube-state-metrics":
      return stateMetrics(objects);
    case "cadvisor":
      return containerMetrics(objects, now);
    case "node":
      return nodeMetrics();
  }
}

function stateMetrics({ pods, deployments, cronJobs }: ClusterObjects): readonly MetricFamily[] {
  return [
    gauge(
      "kube_deployment_status_replicas_available",
      deployments.map((deployment) => ({
        labels: { ...namespaced(deployment), deployment: deployment.metadata.name },
        value: deployment.status?.availableReplicas ?? 0,
      })),
    ),
    gauge(
      "kube_deployment_spec_replicas",
      deployments.map((deployment) => ({
        labels: { ...namespaced(deployment), deployment: deployment.metadata.name },
        value: deployment.spec?.replicas ?? 1,
      })),
    ),
    gauge(
      "kube_cronjob_created",
      cronJobs.map((job) => ({
        labels: { ...namespaced(job), cronjob: job.metadata.name },
        value: secondsOf(job.metadata.creationTimestamp),
      })),
    ),
    gauge(
      "kube_cronjob_status_last_successful_time",
      cronJobs.flatMap((job) =>
        job.status?.lastSuccessfulTime === undefined
          ? []
          : [
              {
                labels: { ...namespaced(job), cronjob: job.metadata.name },
                value: secondsOf(job.status.lastSuccessfulTime),
              },
            ],
      ),
    ),
    gauge(
      "kube_pod_container_resource_limits",
      pods.flatMap((pod) =>
        pod.spec.containers.flatMap((container) => {
          const labels = { ...namespaced(pod), pod: pod.metadata.name, container: container.name };
          const { cpu, memory } = limitsOf(container);
          return [
            ...(cpu === undefined
              ? []
              : [{ labels: { ...labels, resource: "cpu", unit: "core" }, value: cpu }]),
            ...(memory === undefined
              ? []
              : [{ labels: { ...labels, resource: "memory", unit: "byte" }, value: memory }]),
          ];
        }),
      ),
    ),
    {
      name: "kube_pod_container_status_restarts_total",
      type: "counter",
      samples: pods.flatMap((pod) =>
        (pod.status?.containerStatuses ?? []).map(({ name, restartCount }) => ({
          labels: { ...namespaced(pod), pod: pod.metadata.name, container: name },
          value: restartCount,
        })),
      ),
    },
  ];
}

function containerMetrics({ pods }: ClusterObjects, now: number): readonly MetricFamily[] {
  const running = pods.flatMap((pod) =>
    (pod.status?.containerStatuses ?? []).flatMap(({ name, state }) => {
      const container = pod.spec.containers.find((each) => each.name === name);
      if (state.running === undefined || container === undefined) return [];
      const seconds = Math.max(0, now / 1000 - secondsOf(state.running.startedAt));
      const labels = { ...namespaced(pod), pod: pod.metadata.name };
      return [{ labels, container: { ...labels, container: name }, seconds, limits: limitsOf(container) }];
    }),
  );
  const perPod = (name: string): MetricFamily => ({
    name,
    type: "counter",
    samples: running
      .filter(({ labels }, index) => running.findIndex((each) => each.labels.pod === labels.pod) === index)
      .map(({ labels, seconds }) => ({ labels, value: seconds * networkBytesPerSecond })),
  });
  return [
    {
      name: "container_cpu_usage_seconds_total",
      type: "counter",
      samples: running.map(({ container, seconds, limits: { cpu } }) => ({
        labels: container,
        value: seconds * (cpu === undefined ? cpuWithoutLimit : cpu * cpuShareOfLimit),
      })),
    },
    gauge(
      "container_memory_working_set_bytes",
      running.map(({ container, limits: { memory } }) => ({
        labels: container,
        value: memory === undefined ? memoryWithoutLimit : memory * memoryShareOfLimit,
      })),
    ),
    perPod("container_network_receive_bytes_total"),
    perPod("container_network_transmit_bytes_total"),
  ];
}

function nodeMetrics(): readonly MetricFamily[] {
  const labels = { device: "/dev/vda1", fstype: "ext4", mountpoint: "/" };
  return [
    gauge("node_filesystem_size_bytes", [{ labels, value: diskBytes }]),
    gauge("node_filesystem_avail_bytes", [{ labels, value: diskBytes * freeShareOfDisk }]),
  ];
}

function gauge(name: string, samples: readonly Sample[]): MetricFamily {
  return { name, type: "gauge", samples };
}

function namespaced({ metadata }: ApiObject): { readonly namespace: string } {
  return { namespace: metadata.namespace ?? "" };
}

function secondsOf(time: string | undefined): number {
  return time === undefined ? 0 : Date.parse(time) / 1000;
}

function limitsOf({ resources }: Container): { readonly cpu?: number; readonly memory?: number } {
  const { cpu, memory } = resources?.limits ?? {};
  return {
    ...(cpu !== undefined && { cpu: quantity(cpu) }),
    ...(memory !== undefined && { memory: quantity(memory) }),
  };
}

const scales: Readonly<Record<string, number>> = {
  m: 1e-3,
  "": 1,
  k: 1e3,
  M: 1e6,
  G: 1e9,
  T: 1e12,
  Ki: 2 ** 10,
  Mi: 2 ** 20,
  Gi: 2 ** 30,
  Ti: 2 ** 40,
};

/** A quantity of Kubernetes, such as `250m` or `512Mi`, as a number. */
export function quantity(text: string | number): number {
  const [, digits, suffix = ""] = /^([\d.]+)([A-Za-z]*)$/.exec(String(text)) ?? [];
  const scale = scales[suffix];
  if (digits === undefined || scale === undefined) throw new Error(`${text} is no quantity of Kubernetes`);
  return Number(digits) * scale;
}
