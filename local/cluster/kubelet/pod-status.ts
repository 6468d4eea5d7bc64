import { type Container, type ContainerStatus, kubernetesTime, type Pod, type PodCondition } from "./pod";
import { nodeAddress } from "./pod-table";

interface PodStatusInput {
  readonly pod: Pod;
  readonly podIP: string;
  readonly containers: readonly ContainerStatus[];
  readonly startTime: string;
  readonly now: Date;
}

/** Phase of a pod, by what its containers do and whether they are started again. */
export function phaseOf(pod: Pod, containers: readonly ContainerStatus[]): string {
  const ended = containers.flatMap(({ state }) => state.terminated ?? []);
  const restarted = (pod.spec.restartPolicy ?? "Always") === "Always" && !pod.metadata.deletionTimestamp;
  if (!restarted && ended.length === containers.length) {
    return ended.every(({ exitCode }) => exitCode === 0) ? "Succeeded" : "Failed";
  }
  const began = containers.some(({ state, restartCount, lastState }) =>
    Boolean(state.running ?? state.terminated ?? lastState.terminated ?? restartCount),
  );
  return began ? "Running" : "Pending";
}

/** The whole status that a kubelet reports; conditions of others are kept. */
export function podStatus({
  pod,
  podIP,
  containers,
  startTime,
  now,
}: PodStatusInput): Record<string, unknown> {
  const phase = phaseOf(pod, containers);
  const containersReady = containers.every(({ ready }) => ready) && phase === "Running";
  const unready = containers.filter(({ ready }) => !ready).map(({ name }) => name);
  const before = pod.status?.conditions ?? [];
  const gates = (pod.spec.readinessGates ?? []).every(({ conditionType }) =>
    before.some(({ type, status }) => type === conditionType && status === "True"),
  );
  const done = phase === "Succeeded" ? "PodCompleted" : phase === "Failed" ? "PodFailed" : undefined;
  const why = done ?? "ContainersNotReady";
  const message = done ? undefined : `containers with unready status: [${unready.join(" ")}]`;
  const ours: PodCondition[] = [
    { type: "PodReadyToStartContainers", status: done ? "False" : "True" },
    { type: "Initialized", status: "True", ...(done === "PodCompleted" ? { reason: done } : {}) },
    containersReady
      ? { type: "ContainersReady", status: "True" }
      : { type: "ContainersReady", status: "False", reason: why, ...(message ? { message } : {}) },
    containersReady && gates
      ? { type: "Ready", status: "True" }
      : {
          type: "Ready",
          status: "False",
          reason: containersReady ? "ReadinessGatesNotReady" : why,
          ...(message && !containersReady ? { message } : {}),
        },
    { type: "PodScheduled", status: "True" },
  ];
  return {
    phase,
    podIP,
    podIPs: [{ ip: podIP }],
    hostIP: nodeAddress,
    hostIPs: [{ ip: nodeAddress }],
    startTime,
    conditions: [
      ...before.filter(({ type }) => !ours.some((each) => each.type === type)),
      ...ours.map((condition) => withTransition(condition, before, now)),
    ],
    initContainerStatuses: (pod.spec.initContainers ?? []).map((each) => initStatus(each, startTime)),
    containerStatuses: containers,
  };
}

function withTransition(condition: PodCondition, before: readonly PodCondition[], now: Date): PodCondition {
  const same = before.find(({ type, status }) => type === condition.type && status === condition.status);
  return { ...condition, lastTransitionTime: same?.lastTransitionTime ?? kubernetesTime(now) };
}

/** An init container has ended well at once; one that restarts always is a sidecar, which runs. */
function initStatus({ name, image = "", restartPolicy }: Container, time: string): ContainerStatus {
  const sidecar = restartPolicy === "Always";
  return {
    name,
    image,
    imageID: image,
    ready: true,
    started: sidecar,
    restartCount: 0,
    state: sidecar
      ? { running: { startedAt: time } }
      : { terminated: { exitCode: 0, reason: "Completed", startedAt: time, finishedAt: time } },
    lastState: {},
  };
}
