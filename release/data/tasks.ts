import type { ReleaseFacts, StoreKind } from "../../runbooks/release-facts";
import { versionAnnotation } from "../../runbooks/sides";
import { colours } from "../../runbooks/target";
import { storeLabel, type TaskPurpose, workLabel } from "../../runbooks/task-purpose";
import type { Manifest } from "../plan/manifest";
import { type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { JobCluster } from "./job";

/** What decides which side's CronJob is meant. */
export interface TaskScope {
  readonly facts: ReleaseFacts;
  readonly manifest: Manifest;
  /** Candidate's side by track. */
  readonly candidate: Readonly<Record<string, string>>;
  /** Version and sides by track to which the release goes back: then tasks are theirs. @default the candidate's */
  readonly former?: { readonly sides: Readonly<Record<string, string>>; readonly version?: string };
}

export interface FoundTask {
  readonly namespace: string;
  readonly name: string;
  readonly cronJob: Json;
  /** Component whose image it runs, for a task of a side. */
  readonly component?: string;
  /** Readable version of the other side, where it has one. */
  readonly otherVersion?: string;
}

/**
 * The CronJob of a task: `TASK` or `SYSTEM-TASK`, or that with the colour of the candidate, or of what was live before it
 * where the release goes back.
 *
 * @throws UserError when there is none, or the side holds another version than it should
 */
export async function findTask(cluster: JobCluster, task: string, scope: TaskScope): Promise<FoundTask> {
  const namespace = namespaceOf(scope.facts);
  const all = await cluster.list(`/apis/batch/v1/namespaces/${namespace}/cronjobs`);
  const names = [task, `${scope.facts.system}-${task}`];
  const plain = all.find((cronJob) => names.includes(nameOf(cronJob)));
  if (plain !== undefined) return { namespace, name: nameOf(plain), cronJob: suspended(plain) };
  const sides = all.filter((cronJob) =>
    names.some((name) => colours.some((colour) => nameOf(cronJob) === `${name}-${colour}`)),
  );
  const found = sides.find((cronJob) => isOfSide(cronJob, scope));
  if (found === undefined) throw noTask(task, namespace, sides.map(nameOf));
  const component = componentOf(found);
  const fault = scope.former === undefined ? imageFault(found, scope) : versionFault(found, scope.former);
  if (fault !== undefined) {
    throw new UserError(`the CronJob ${nameOf(found)} ${fault}`, {
      mend: "switchyard release prepare writes the side's block; then switchyard up",
    });
  }
  const version = versionOf(sides.find((cronJob) => cronJob !== found));
  return {
    namespace,
    name: nameOf(found),
    cronJob: suspended(found),
    component,
    ...(typeof version === "string" && { otherVersion: version }),
  };
}

/**
 * The CronJob that proves, restores or asks a store.
 *
 * @throws UserError when the cluster has none
 */
export async function findWork(
  cluster: JobCluster,
  store: StoreKind,
  work: TaskPurpose["work"],
  facts: ReleaseFacts,
): Promise<FoundTask> {
  const namespace = namespaceOf(facts);
  const selector = encodeURIComponent(`${storeLabel}=${store},${workLabel}=${work}`);
  const [cronJob] = await cluster.list(
    `/apis/batch/v1/namespaces/${namespace}/cronjobs?labelSelector=${selector}`,
  );
  if (cronJob !== undefined) return { namespace, name: nameOf(cronJob), cronJob: suspended(cronJob) };
  throw new UserError(
    `there is no CronJob in ${namespace} with ${storeLabel}: ${store} and ${workLabel}: ${work}`,
    { mend: "the stack declares it: switchyard up" },
  );
}

/** Where on its cluster a system is, and which cluster that is. */
export function clusterOf(facts: ReleaseFacts): { readonly context?: string; readonly clusterId?: string } {
  for (const { target } of facts.tracks) {
    if (target.kind === "selector" || target.kind === "gateway") {
      const { context, clusterId } = target;
      return { ...(context !== undefined && { context }), ...(clusterId !== undefined && { clusterId }) };
    }
  }
  throw new UserError(`${facts.system} is on no cluster`);
}

function namespaceOf({ cluster, system }: ReleaseFacts): string {
  if (cluster !== undefined) return cluster.namespace;
  throw new UserError(`${system} is on no cluster, so no Job can be made for it`);
}

/** Its pods' label `app` is the component's, whose track says which colour is meant. */
function isOfSide(cronJob: Json, { facts, candidate, former }: TaskScope): boolean {
  const component = componentOf(cronJob);
  const track = facts.tracks.find(({ components }) => components.includes(component));
  const sides = former?.sides ?? candidate;
  return track !== undefined && nameOf(cronJob).endsWith(`-${sides[track.name]}`);
}

function imageFault(cronJob: Json, { manifest }: TaskScope): string | undefined {
  const component = componentOf(cronJob);
  const image = String(mapAt(listAt(podOf(cronJob), "spec", "containers")[0]).image);
  const wanted = manifest.components[component];
  if (wanted !== undefined && "image" in wanted && wanted.image === image) return undefined;
  return `holds ${image}, and the release brings ${wanted && "image" in wanted ? wanted.image : `no image of ${component}`}`;
}

/** Of what was live before, the release knows the version and no manifest. */
function versionFault(cronJob: Json, { version }: NonNullable<TaskScope["former"]>): string | undefined {
  const holds = versionOf(cronJob);
  if (version === undefined || holds === version) return undefined;
  return `holds ${typeof holds === "string" ? `version ${holds}` : "no version"}, and the release goes back to ${version}`;
}

function versionOf(cronJob: Json | undefined): unknown {
  return mapAt(cronJob, "metadata", "annotations")[versionAnnotation];
}

function podOf(cronJob: Json): Json {
  return mapAt(cronJob, "spec", "jobTemplate", "spec", "template");
}

/** Contracts name a component shortly where its objects carry the system's name before it. */
function componentOf(cronJob: Json): string {
  return String(mapAt(podOf(cronJob), "metadata", "labels").app);
}

function suspended(cronJob: Json): Json {
  if (mapAt(cronJob, "spec").suspend === true) return cronJob;
  throw new UserError(`the CronJob ${nameOf(cronJob)} also runs by itself: a release makes no Job from it`, {
    mend: "somebody set suspend to false; the stack declares it as true: switchyard drift",
  });
}

function nameOf(object: Json): string {
  return String(mapAt(object, "metadata").name);
}

function noTask(task: string, namespace: string, sides: readonly string[]): UserError {
  const there = sides.length === 0 ? "" : `; of other sides there is ${sides.join(", ")}`;
  return new UserError(`the task ${task} is declared nowhere in ${namespace}${there}`, {
    mend: "switchyard release prepare writes the candidate's side; then switchyard up",
  });
}
