import { AbsentValueError, describe, listAt, mapAt, optional, requiredText } from "../read";
import type { DeclaredResource, Properties } from "../resource";

/** Name of an object on the cluster. */
export function objectName(object: DeclaredResource): string {
  return requiredText(object, "metadata.name");
}

/** Namespace of an object; every object here says its own. */
export function namespaceOf(object: DeclaredResource): string {
  return requiredText(object, "metadata.namespace");
}

/**
 * Text under a key that may hold dots, such as an annotation's.
 * @throws AbsentValueError, UnknownValueError
 */
export function textUnder(from: DeclaredResource | Properties, path: string, key: string): string {
  const value = mapAt(from, path)[key];
  if (value === undefined || value === null) throw new AbsentValueError(`${path}["${key}"]`);
  return typeof value === "string" ? value : describe(value);
}

export type Labels = Readonly<Record<string, unknown>>;

/** Whether a selector at a path names pods with these labels. An empty one names all; an expression is not read. */
export function selects(object: DeclaredResource, path: string, labels: Labels): boolean {
  if (listAt(object, `${path}.matchExpressions`).length > 0) return false;
  const wanted = (optional(object, `${path}.matchLabels`) ?? {}) as Labels;
  return Object.entries(wanted).every(([key, value]) => labels[key] === value);
}

/** Whether a selector at a path is there and names every pod. */
export function selectsAll(object: DeclaredResource, path: string): boolean {
  return Object.keys(mapAt(object, path)).length === 0;
}
