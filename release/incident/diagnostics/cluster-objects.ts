import type { KubernetesClient } from "../../clients/kubernetes";
import type { Surroundings } from "../../clients/surroundings";
import { clusterOf } from "../../data/tasks";
import { answer, looking, nothing } from "../../gates/asking";
import type { GateContext, Sample } from "../../gates/gate-provider";
import { certificatesIn } from "../../gates/managed-certificates";
import { type Json, listAt, mapAt } from "../../targets/json";
import type { DiagnosticQuestion } from "../read-diagnostic";
import { shortened } from "./shortened";

type Question = Extract<DiagnosticQuestion, { source: "kubernetes" }>;
type Lister = (client: KubernetesClient, namespace: string) => Promise<Listed>;

interface Listed {
  readonly lines: readonly string[];
  /** Whether something in it is a fault by itself, such as a pod that is not ready. */
  readonly fault: boolean;
}

const limit = { timeoutSeconds: 30 };
const logLines = 20;

/** Objects of a namespace as somebody who looks into an incident lists them. */
export function clusterObjects(
  { objects, namespace }: Question,
  surroundings: Surroundings,
  context: GateContext,
): Promise<Sample> {
  const question = `Kubernetes: ${objects} of namespace ${namespace}`;
  return looking(question, limit, context, async ({ signal }) => {
    const client = await surroundings.kubernetes(clusterOf(context.facts), signal);
    const { lines, fault } = await listers[objects](client, namespace);
    if (lines.length === 0) return nothing(question, `there are none in ${namespace}`);
    return answer(question, !fault, shortened(lines));
  });
}

const podsPath = (namespace: string) => `/api/v1/namespaces/${namespace}/pods`;

const listers: Readonly<Record<Question["objects"], Lister>> = {
  async pods(client, namespace) {
    const pods = (await client.list(podsPath(namespace))).map(podOf);
    const fault = pods.some(({ ready, wanted, phase }) => phase !== "Succeeded" && ready < wanted);
    return {
      fault,
      lines: pods.map(
        ({ name, phase, ready, wanted, restarts }) =>
          `${name}: ${phase}, ${ready} of ${wanted} containers ready, ${restarts} restarts`,
      ),
    };
  },
  async services(client, namespace) {
    const [services, slices] = await Promise.all([
      client.list(`/api/v1/namespaces/${namespace}/services`),
      client.list(`/apis/discovery.k8s.io/v1/namespaces/${namespace}/endpointslices`),
    ]);
    const lines = services.map((service) => {
      const name = nameOf(service);
      const ready = slices
        .filter((slice) => mapAt(slice, "metadata", "labels")["kubernetes.io/service-name"] === name)
        .flatMap((slice) => listAt(slice, "endpoints"))
        .filter((endpoint) => mapAt(endpoint, "conditions").ready === true).length;
      const selector = Object.entries(mapAt(service, "spec", "selector"))
        .map(([label, value]) => `${label}=${String(value)}`)
        .join(",");
      return `${name}: selects ${selector || "nothing"}, ${ready} ready endpoints`;
    });
    return { lines, fault: false };
  },
  async "events of pods"(client, namespace) {
    const events = await client.list(`/api/v1/namespaces/${namespace}/events`);
    const lines = events
      .filter((event) => mapAt(event, "involvedObject").kind === "Pod")
      .map((event) => ({ event, at: String(event.lastTimestamp ?? event.eventTime ?? "") }))
      .sort((left, right) => (left.at < right.at ? 1 : -1))
      .map(({ event, at }) => {
        const pod = String(mapAt(event, "involvedObject").name);
        return `${at} ${pod}: ${String(event.reason)}: ${String(event.message)}`;
      });
    return { lines: lines.length === 0 ? ["no events of pods"] : lines, fault: false };
  },
  async "previous log of pods"(client, namespace) {
    const restarted = (await client.list(podsPath(namespace)))
      .map(podOf)
      .filter(({ restarts }) => restarts > 0);
    const logs = await Promise.all(
      restarted.map(async ({ name }) => {
        const { text } = await client.proxied(
          `${podsPath(namespace)}/${name}/log?previous=true&tailLines=${logLines}`,
        );
        return `${name}: ${text.trim().slice(-250)}`;
      }),
    );
    return { lines: logs.length === 0 ? ["no container has ended before"] : logs, fault: false };
  },
  async "container states of pods"(client, namespace) {
    const pods = await client.list(podsPath(namespace));
    const waiting = pods.flatMap((pod) =>
      listAt(pod, "status", "containerStatuses").flatMap((status) => {
        const { reason, message } = mapAt(status, "state", "waiting");
        const ended = mapAt(status, "lastState", "terminated").reason;
        if (reason === undefined && ended === undefined) return [];
        const words = [
          ...(reason === undefined ? [] : [`waits: ${String(reason)} ${String(message ?? "")}`.trim()]),
          ...(ended === undefined ? [] : [`ended before: ${String(ended)}`]),
        ];
        return [`${nameOf(pod)}/${String(mapAt(status).name)}: ${words.join("; ")}`];
      }),
    );
    return {
      lines: waiting.length === 0 ? ["no container waits, and none has ended before"] : waiting,
      fault: waiting.length > 0,
    };
  },
  async certificates(client, namespace) {
    const certificates = await certificatesIn(client, namespace);
    return {
      fault: certificates.some(({ ready }) => !ready),
      lines: certificates.map(
        ({ name, ready, why, notAfter = "not known", renewalTime = "not known" }) =>
          `${name}: ${ready ? "ready" : `not ready (${why})`}, until ${notAfter}, renewed ${renewalTime}`,
      ),
    };
  },
};

function podOf(pod: Json) {
  const statuses = listAt(pod, "status", "containerStatuses").map((status) => mapAt(status));
  return {
    name: nameOf(pod),
    phase: String(mapAt(pod, "status").phase),
    wanted: listAt(pod, "spec", "containers").length,
    ready: statuses.filter(({ ready }) => ready === true).length,
    restarts: statuses.reduce((sum, { restartCount }) => sum + (Number(restartCount) || 0), 0),
  };
}

function nameOf(object: Json): string {
  return String(mapAt(object, "metadata").name);
}
