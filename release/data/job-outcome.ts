import { lastWords } from "../redacted";
import { isJson, type Json, listAt, mapAt } from "../targets/json";

/** How a Job stands. */
export type JobOutcome =
  | { readonly as: "running" /** For people: `1 pod runs`. */; readonly state: string }
  | {
      readonly as: "succeeded";
      readonly message: string | undefined;
      readonly startedAt: string;
      readonly seconds: number;
    }
  | {
      readonly as: "failed";
      readonly why: string;
      /** Whether the platform took its last pod away, and not its program gave up. */
      readonly taken: boolean;
    };

/** Exit codes of SIGKILL and SIGTERM: the program was ended, it did not end. */
const signalled: readonly unknown[] = [137, 143];

/**
 * @param job a Job of batch/v1
 * @param pods its pods
 */
export function lookAtJob(name: string, job: Json, pods: readonly Json[], namespace: string): JobOutcome {
  const status = mapAt(job, "status");
  const conditions = listAt(status, "conditions").map((condition) => mapAt(condition));
  const held = (type: string) =>
    conditions.find((condition) => condition.type === type && condition.status === "True");
  if (held("Complete")) {
    const startedAt = String(status.startTime ?? mapAt(job, "metadata").creationTimestamp ?? "");
    const ended = Date.parse(String(status.completionTime ?? startedAt));
    return {
      as: "succeeded",
      message: messageOf(pods.filter((pod) => mapAt(pod, "status").phase === "Succeeded").at(-1)),
      startedAt,
      seconds: Math.max(0, (ended - Date.parse(startedAt)) / 1000 || 0),
    };
  }
  const failed = held("Failed");
  if (failed) return failure(name, failed, lastOf(pods), namespace);
  return { as: "running", state: stateOf(job, pods) };
}

function failure(
  name: string,
  { reason, message }: Json,
  pod: Json | undefined,
  namespace: string,
): JobOutcome {
  const { exitCode, reason: ended } = terminationOf(pod);
  const { reason: podReason } = mapAt(pod, "status");
  const disrupted = listAt(pod, "status", "conditions").some((condition) => {
    const { type, status } = mapAt(condition);
    return type === "DisruptionTarget" && status === "True";
  });
  // A program that used up its memory is killed too, and would be again.
  const killed = signalled.includes(exitCode) && ended !== "OOMKilled" && reason !== "DeadlineExceeded";
  const taken = pod === undefined || disrupted || podReason === "Evicted" || killed;
  const words = messageOf(pod);
  const how =
    reason === "DeadlineExceeded"
      ? "did not end in time"
      : pod === undefined
        ? "failed, and its pod is gone"
        : disrupted || podReason === "Evicted"
          ? `failed: its pod was taken away (${String(podReason ?? "disruption")})`
          : ended === "OOMKilled"
            ? "failed: it needed more memory than its limit (OOMKilled)"
            : exitCode === undefined
              ? `failed: ${String(message ?? reason)}`
              : `failed with exit code ${String(exitCode)}${killed ? " (it was killed)" : ""}`;
  return {
    as: "failed",
    why: `Job ${name} in ${namespace} ${how}${words === undefined ? "" : `; its last words: ${lastWords(words)}`}`,
    taken: taken && reason !== "DeadlineExceeded",
  };
}

function lastOf(pods: readonly Json[]): Json | undefined {
  const start = (pod: Json) => Date.parse(String(mapAt(pod, "metadata").creationTimestamp)) || 0;
  return [...pods].sort((a, b) => start(a) - start(b)).at(-1);
}

function containerOf(pod: Json | undefined): Json {
  return mapAt(listAt(pod, "status", "containerStatuses")[0]);
}

function terminationOf(pod: Json | undefined): Json {
  return mapAt(containerOf(pod), "state", "terminated");
}

/** What the container wrote to its termination log, or the end of its log when it failed. */
function messageOf(pod: Json | undefined): string | undefined {
  const { message } = terminationOf(pod);
  return typeof message === "string" && message !== "" ? message : undefined;
}

function stateOf(job: Json, pods: readonly Json[]): string {
  const pod = lastOf(pods);
  if (mapAt(job, "spec").suspend === true) return "it is suspended by somebody";
  if (pod === undefined) return "no pod yet";
  const { phase, conditions } = mapAt(pod, "status");
  const waiting = mapAt(containerOf(pod), "state").waiting;
  if (isJson(waiting) && waiting.reason !== "ContainerCreating")
    return `its container waits: ${lastWords([waiting.reason, waiting.message].filter(Boolean).join(": "))}`;
  if (phase === "Running") return "its pod runs";
  const unscheduled = (Array.isArray(conditions) ? conditions : [])
    .map((condition) => mapAt(condition))
    .find(({ type, status }) => type === "PodScheduled" && status === "False");
  if (unscheduled) return `its pod has no node: ${String(unscheduled.message ?? unscheduled.reason)}`;
  return `its pod is ${String(phase ?? "new").toLowerCase()}`;
}
