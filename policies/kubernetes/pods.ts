import { AbsentValueError, objectsAt, required } from "../read";
import type { DeclaredResource } from "../resource";
import { kubernetes } from "./types";

/** Where each kind that makes pods holds what they are made from; kinds that are banned included, so that none escapes. */
const templatePaths: ReadonlyMap<string, string> = new Map([
  [kubernetes.deployment, "spec.template"],
  [kubernetes.statefulSet, "spec.template"],
  [kubernetes.cronJob, "spec.jobTemplate.spec.template"],
  ["kubernetes:apps/v1:DaemonSet", "spec.template"],
  ["kubernetes:apps/v1:ReplicaSet", "spec.template"],
  ["kubernetes:batch/v1:Job", "spec.template"],
  ["kubernetes:core/v1:ReplicationController", "spec.template"],
  ["kubernetes:core/v1:Pod", ""],
]);

/** Types that make pods. */
export const podMakers: readonly string[] = [...templatePaths.keys()];

/** Those whose pods are to stay. */
export const workloads: readonly string[] = [kubernetes.deployment, kubernetes.statefulSet];

/** Path of a part of the pod: `podPath(deployment, "spec.volumes")`. */
export function podPath(maker: DeclaredResource, part: string): string {
  const template = templatePaths.get(maker.type);
  if (template === undefined) throw new Error(`${maker.type} makes no pods`);
  return template === "" ? part : `${template}.${part}`;
}

/** Paths of the containers of a pod that run for as long as it does. */
export function mainContainersOf(maker: DeclaredResource): readonly string[] {
  const path = podPath(maker, "spec.containers");
  required(maker, path);
  const containers = objectsAt(maker, path);
  if (containers.length === 0) throw new AbsentValueError(`${path}.0`);
  return containers.map((_container, index) => `${path}.${index}`);
}

/** Paths of every container of a pod, those that run before it and those added to look into it included. */
export function containersOf(maker: DeclaredResource): readonly string[] {
  const others = ["spec.initContainers", "spec.ephemeralContainers"].flatMap((part) => {
    const path = podPath(maker, part);
    return objectsAt(maker, path).map((_container, index) => `${path}.${index}`);
  });
  return [...mainContainersOf(maker), ...others];
}
