import type { KubernetesClient } from "../clients/kubernetes";
import { KubernetesRefusal } from "../clients/kubernetes-refusal";
import type { Clock } from "../engine/clock";
import { type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { type JobOutcome, lookAtJob } from "./job-outcome";
import { labelValueOf, requireJobName } from "./names";

/** Under whose name the release's fields are kept. */
const fieldManager = "switchyard-release";

/** Labels of a Job: cut where they are too long, hence found by; annotations with the same keys say them whole. */
export const releaseMark = "switchyard.dev/release";
export const stepMark = "switchyard.dev/step";

/** Attempts under one name before a person looks: `NAME`, `NAME-2`, … */
const mostAttempts = 9;
/** A Job that took longer than a second has nothing to gain from being looked at more often. */
const pauseMilliseconds = 500;
/** A rehearsal is this much faster at most where an API server is asked. */
const fastestPolls = 10;

/** What of an API server Jobs need. */
export type JobCluster = Pick<KubernetesClient, "find" | "list" | "create">;

/** A Job that a release makes from a CronJob that never runs by itself. */
export interface JobRequest {
  readonly namespace: string;
  /** The CronJob as it was read; its template is the Job, and it stays as it is. */
  readonly cronJob: Json;
  /** The recorded name; a later attempt gets a number after it. */
  readonly name: string;
  readonly release: string;
  /** What the Job is to its release; under it a Job is found again after a crash. */
  readonly step: string;
  /** Environment variables that the release alone knows, such as the name of a dump. None is a secret. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Whether it may run again by itself after its pod was taken away: true for what only reads or starts from nothing. */
  readonly repeatable: boolean;
}

export interface JobRun {
  readonly clock: Clock;
  readonly progress: (line: string) => void;
  readonly signal: AbortSignal;
}

export interface FinishedJob {
  /** Its name, which is the recorded name of what it made. */
  readonly name: string;
  /** What its container left as termination message. */
  readonly message: string | undefined;
  /** ISO 8601. */
  readonly startedAt: string;
  readonly seconds: number;
}

/**
 * Makes a Job and waits for its end. Asked again it finds the Job that it made: one that runs is waited for, one that
 * has succeeded is the answer, one that has failed is followed by a next attempt, since whoever asks again wants one.
 *
 * @throws UserError with the last words of its pod when it fails; retriable when its pod was taken away and the work is
 *   repeatable
 */
export async function runJob(cluster: JobCluster, request: JobRequest, run: JobRun): Promise<FinishedJob> {
  const own = await jobsOfStep(cluster, request);
  const unfailed = own.find((job) => !hasFailed(job));
  const name = unfailed === undefined ? await make(cluster, request, own.length) : nameOf(unfailed);
  return waitFor(cluster, request, name, run);
}

/** How a Job ended. */
export interface SettledJob {
  readonly name: string;
  readonly outcome: Exclude<JobOutcome, { as: "running" }>;
}

/**
 * The same for whoever wants to know how the Job ended, and not that it ended well: one that has failed is an answer, and
 * is followed by no attempt.
 */
export async function settleJob(cluster: JobCluster, request: JobRequest, run: JobRun): Promise<SettledJob> {
  const last = (await jobsOfStep(cluster, request)).at(-1);
  const name = last === undefined ? await make(cluster, request, 0) : nameOf(last);
  return { name, outcome: await settled(cluster, request, name, run) };
}

export const jobsPath = (namespace: string) => `/apis/batch/v1/namespaces/${namespace}/jobs`;

/** Jobs that this step of this release made before, the oldest first. */
async function jobsOfStep(
  cluster: JobCluster,
  { namespace, release, step }: JobRequest,
): Promise<readonly Json[]> {
  const selector = `${releaseMark}=${labelValueOf(release)},${stepMark}=${labelValueOf(step)}`;
  const found = await cluster.list(`${jobsPath(namespace)}?labelSelector=${encodeURIComponent(selector)}`);
  return found
    .filter((job) => isOf(job, release, step) && mapAt(job, "metadata").deletionTimestamp === undefined)
    .sort((a, b) => createdAt(a) - createdAt(b) || nameOf(a).localeCompare(nameOf(b)));
}

function isOf(job: Json, release: string, step: string): boolean {
  const annotations = mapAt(job, "metadata", "annotations");
  return annotations[releaseMark] === release && annotations[stepMark] === step;
}

function hasFailed(job: Json): boolean {
  return listAt(job, "status", "conditions").some((condition) => {
    const { type, status } = mapAt(condition);
    return type === "Failed" && status === "True";
  });
}

/** @returns the name it got: that of the request, or the next free one after it */
async function make(cluster: JobCluster, request: JobRequest, failedBefore: number): Promise<string> {
  const base = requireJobName(request.name);
  for (let attempt = failedBefore + 1; attempt <= mostAttempts; attempt++) {
    const name = attempt === 1 ? base : requireJobName(`${base}-${attempt}`);
    try {
      await cluster.create(jobsPath(request.namespace), jobOf(request, name), fieldManager);
      return name;
    } catch (error) {
      if (!(error instanceof KubernetesRefusal && error.reason === "AlreadyExists")) throw error;
    }
    // Another process of this release may have made it between the list and now; else the name is another's.
    const there = await cluster.find(`${jobsPath(request.namespace)}/${name}`);
    if (there !== undefined && isOf(there, request.release, request.step) && !hasFailed(there)) return name;
  }
  throw new UserError(
    `no Job can be made for ${request.step}: ${base} and its attempts up to ${base}-${mostAttempts} exist already`,
    { mend: `read why they failed: kubectl -n ${request.namespace} get jobs; then delete those not needed` },
  );
}

/** Without an owner: the CronJob's controller would throw away what the release still reads. */
function jobOf({ cronJob, namespace, release, step, variables = {} }: JobRequest, name: string): Json {
  const template = mapAt(cronJob, "spec", "jobTemplate");
  const spec = mapAt(template, "spec");
  const pod = mapAt(spec, "template", "spec");
  const marks = { [releaseMark]: labelValueOf(release), [stepMark]: labelValueOf(step) };
  return {
    apiVersion: "batch/v1",
    kind: "Job",
    metadata: {
      name,
      namespace,
      labels: { ...mapAt(template, "metadata", "labels"), ...marks },
      annotations: {
        ...mapAt(template, "metadata", "annotations"),
        "cronjob.kubernetes.io/instantiate": "manual",
        [releaseMark]: release,
        [stepMark]: step,
      },
    },
    spec: {
      ...spec,
      template: {
        ...mapAt(spec, "template"),
        spec: {
          ...pod,
          containers: listAt(pod, "containers").map((container, index) =>
            index === 0 ? withVariables(mapAt(container), variables) : container,
          ),
        },
      },
    },
  };
}

function withVariables(container: Json, variables: Readonly<Record<string, string>>): Json {
  const declared = listAt(container, "env").map((entry) => mapAt(entry));
  const secret = declared.find(
    ({ name, valueFrom }) => typeof name === "string" && name in variables && valueFrom !== undefined,
  );
  if (secret !== undefined)
    throw new Error(`the variable ${String(secret.name)} is a secret of the task and cannot be given`);
  return {
    ...container,
    env: [
      ...declared.filter(({ name }) => !(typeof name === "string" && name in variables)),
      ...Object.entries(variables).map(([name, value]) => ({ name, value })),
    ],
  };
}

async function waitFor(
  cluster: JobCluster,
  request: JobRequest,
  name: string,
  run: JobRun,
): Promise<FinishedJob> {
  const outcome = await settled(cluster, request, name, run);
  if (outcome.as === "succeeded") {
    run.progress(`Job ${name} succeeded after ${Math.round(outcome.seconds)} s`);
    return { name, message: outcome.message, startedAt: outcome.startedAt, seconds: outcome.seconds };
  }
  throw new UserError(outcome.why, {
    mend: `kubectl -n ${request.namespace} logs job/${name}`,
    retriable: request.repeatable && outcome.taken,
  });
}

async function settled(
  cluster: JobCluster,
  { namespace, repeatable }: JobRequest,
  name: string,
  { clock, progress, signal }: JobRun,
): Promise<SettledJob["outcome"]> {
  const pause = pauseMilliseconds * Math.min(clock.speed, fastestPolls);
  let said = "";
  for (;;) {
    signal.throwIfAborted();
    const job = await cluster.find(`${jobsPath(namespace)}/${name}`);
    if (job === undefined) {
      throw new UserError(`the Job ${name} was deleted while it ran; how far it came is not known`, {
        retriable: repeatable,
      });
    }
    const selector = encodeURIComponent(`batch.kubernetes.io/job-name=${name}`);
    const pods = await cluster.list(`/api/v1/namespaces/${namespace}/pods?labelSelector=${selector}`);
    const outcome = lookAtJob(name, job, pods, namespace);
    if (outcome.as !== "running") return outcome;
    if (outcome.state !== said) progress(`Job ${name}: ${outcome.state}`);
    said = outcome.state;
    await clock.sleep(pause, signal);
  }
}

function nameOf(job: Json): string {
  return String(mapAt(job, "metadata").name);
}

function createdAt(job: Json): number {
  return Date.parse(String(mapAt(job, "metadata").creationTimestamp)) || 0;
}
