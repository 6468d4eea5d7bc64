import type { CheckGate } from "../../runbooks/entry-basics";
import type { KubernetesClient } from "../clients/kubernetes";
import { jobsPath, releaseMark, type SettledJob, settleJob, stepMark } from "../data/job";
import { jobName, labelValueOf } from "../data/names";
import type { FoundTask } from "../data/tasks";
import { type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { GateContext } from "./gate-provider";

/** What of an API server looks by Jobs need. */
export type LookCluster = Pick<KubernetesClient, "find" | "list" | "create" | "delete">;

export interface JobLook {
  readonly gate: Pick<CheckGate, "name" | "timeoutSeconds" | "everySeconds">;
  readonly release: string;
  readonly task: FoundTask;
  readonly variables: Readonly<Record<string, string>>;
  readonly context: Pick<GateContext, "clock" | "phaseBegan">;
  readonly signal: AbortSignal;
}

/** Looks that are kept for whoever wants to read them; those before them go. */
const keptLooks = 2;

/**
 * Looks that are Jobs: each look makes one, and a look that was cut off is taken up again. After a crash the Job that runs
 * for the gate, or has ended since the gate's last interval began, is the look; otherwise each look is a new one.
 */
export class JobLooks {
  /** Jobs whose end this process has told. */
  readonly #told = new Set<string>();

  async look(cluster: LookCluster, look: JobLook): Promise<SettledJob> {
    const earlier = await looksOf(cluster, look);
    const taken = earlier.filter((job) => !this.#told.has(job.name) && isOfNow(job, look)).at(-1);
    const number = taken?.number ?? (earlier.at(-1)?.number ?? 0) + 1;
    const settled = await settleOf(cluster, look, stepOf(look.gate.name, String(number)));
    this.#told.add(settled.name);
    await forget(cluster, look, earlier.slice(0, -keptLooks));
    return settled;
  }

  /** One look under a name of its own, which a later one finds again: `before` a migration. */
  once(cluster: LookCluster, look: JobLook, name: string): Promise<SettledJob> {
    return settleOf(cluster, look, stepOf(look.gate.name, name));
  }

  /** Whether that look was begun. */
  async has(cluster: LookCluster, look: JobLook, name: string): Promise<boolean> {
    const step = stepOf(look.gate.name, name);
    return (await jobsOfRelease(cluster, look)).some((job) => stepOfJob(job) === step);
  }
}

interface EarlierLook {
  readonly name: string;
  readonly number: number;
  readonly createdAt: number;
  /** Undefined while it runs. */
  readonly endedAt: number | undefined;
  readonly succeeded: boolean;
}

const stepOf = (gate: string, look: string) => `look ${gate} ${look}`;

function settleOf(cluster: LookCluster, look: JobLook, step: string): Promise<SettledJob> {
  const { task, release, variables, context, signal } = look;
  return settleJob(
    cluster,
    {
      namespace: task.namespace,
      cronJob: task.cronJob,
      name: jobName(...step.split(" "), release),
      release,
      step,
      variables,
      repeatable: true,
    },
    { clock: context.clock, progress: () => {}, signal },
  );
}

async function jobsOfRelease(cluster: LookCluster, { task, release }: JobLook): Promise<readonly Json[]> {
  const selector = encodeURIComponent(`${releaseMark}=${labelValueOf(release)}`);
  return cluster.list(`${jobsPath(task.namespace)}?labelSelector=${selector}`);
}

/** Looks of the gate in this release, the oldest first. */
async function looksOf(cluster: LookCluster, look: JobLook): Promise<readonly EarlierLook[]> {
  const beginning = stepOf(look.gate.name, "");
  const looks = (await jobsOfRelease(cluster, look)).flatMap((job): EarlierLook[] => {
    const { name, annotations, creationTimestamp, deletionTimestamp } = mapAt(job, "metadata");
    const step = stepOfJob(job);
    const number = step.startsWith(beginning) ? Number(step.slice(beginning.length)) : Number.NaN;
    if (mapAt(annotations)[releaseMark] !== look.release || !Number.isInteger(number)) return [];
    if (deletionTimestamp !== undefined) return [];
    const ended = endOf(job);
    return [
      {
        name: String(name),
        number,
        createdAt: Date.parse(String(creationTimestamp)) || 0,
        endedAt: ended?.at,
        succeeded: ended?.succeeded === true,
      },
    ];
  });
  return looks.sort((a, b) => a.number - b.number);
}

function stepOfJob(job: Json): string {
  return String(mapAt(job, "metadata", "annotations")[stepMark] ?? "");
}

function endOf(job: Json): { readonly at: number; readonly succeeded: boolean } | undefined {
  for (const condition of listAt(job, "status", "conditions")) {
    const { type, status, lastTransitionTime } = mapAt(condition);
    if ((type !== "Complete" && type !== "Failed") || status !== "True") continue;
    const at = lastTransitionTime ?? mapAt(job, "status").completionTime;
    return { at: Date.parse(String(at)) || 0, succeeded: type === "Complete" };
  }
  return undefined;
}

/** A Job of an earlier phase says how things were then. */
function isOfNow({ createdAt, endedAt }: EarlierLook, { gate, context }: JobLook): boolean {
  const { clock, phaseBegan } = context;
  // An API server tells times in whole seconds.
  if (createdAt < phaseBegan.getTime() - 1000) return false;
  const interval = ((gate.everySeconds ?? gate.timeoutSeconds) * 1000) / clock.speed;
  return endedAt === undefined || clock.now().getTime() - endedAt <= interval;
}

/** What ended well goes; a Job that failed stays until its time is over, so that somebody can read why. */
async function forget(cluster: LookCluster, { task }: JobLook, looks: readonly EarlierLook[]): Promise<void> {
  for (const { name, succeeded } of looks) {
    if (!succeeded) continue;
    try {
      await cluster.delete(`${jobsPath(task.namespace)}/${name}`);
    } catch (error) {
      // Finished Jobs go by themselves after a week; a look that has its answer does not fail for one.
      if (!(error instanceof UserError)) throw error;
    }
  }
}
