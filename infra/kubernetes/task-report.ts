import type { TaskPurpose } from "../../runbooks/task-purpose";

/** Where a container leaves its last words; the kubelet puts them, up to 4,096 characters, into the pod's status. */
export const reportFile = "/dev/termination-log";

/** Read by the kubelet of the local cluster alone; its schema is in docs/local-cluster.md. */
const emulatedJobAnnotation = "local.switchyard.dev/job";

/** What the emulated cluster of dev says in the place of a task: a database of two tables, well at all times. */
const rows = { source: { first: 3, second: 1 }, restored: { first: 3, second: 1 } } as const;
const stored = { bytes: 65_536, files: 1 } as const;

/**
 * Annotation of a task's pods on a cluster without containers.
 *
 * @param answer to a question
 */
export function emulatedTask(
  purpose: TaskPurpose | "backup" | undefined,
  answer?: unknown,
): Record<string, string> {
  if (purpose === undefined) return {};
  const report =
    purpose === "backup"
      ? stored
      : purpose.work === "ask"
        ? answer
        : { ...rows, ...(purpose.work === "prove" && { target: "scratch", dropped: true }) };
  return { [emulatedJobAnnotation]: JSON.stringify({ message: JSON.stringify(report) }) };
}
