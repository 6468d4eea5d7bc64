import { isJson, type Json, listAt, mapAt } from "../../release/targets/json";
import type { Path } from "./finding";

/** A field of a live object and who wrote it last, as the API server keeps it. */
export interface OwnedField {
  readonly path: Path;
  readonly manager: string;
}

/**
 * Every field that somebody owns (Kubernetes, "Server-Side Apply", managedFields), by its path in the object as it is now.
 * What is written to a subresource, such as the status, is left out: that is a controller's own.
 */
export function ownedFields(live: Json): readonly OwnedField[] {
  return listAt(live, "metadata", "managedFields").flatMap((entry) => {
    const { manager, subresource, fieldsV1 } = mapAt(entry);
    // Replicas are written by the subresource `scale`; they are nobody's input here.
    if (typeof manager !== "string" || typeof subresource === "string") return [];
    return fieldPaths(mapAt(fieldsV1), live, []).map((path) => ({ path, manager }));
  });
}

function fieldPaths(fields: Json, value: unknown, at: Path): readonly Path[] {
  const inner = Object.entries(fields).filter(([key]) => key !== ".");
  if (inner.length === 0) return [at];
  return inner.flatMap(([key, below]) => {
    const step = stepOf(key, value);
    // The field is gone, although somebody owned it.
    if (step === undefined) return [];
    const next = Array.isArray(value) ? value[step as number] : mapAt(value)[step];
    return fieldPaths(mapAt(below), next, [...at, step]);
  });
}

/** `f:spec` names a member, `k:{"name":"web"}` an item by its keys, `v:"x"` an item by its value, `i:0` by its index. */
function stepOf(key: string, value: unknown): string | number | undefined {
  const [kind, rest] = [key.slice(0, 2), key.slice(2)];
  if (kind === "f:") return rest;
  if (!Array.isArray(value)) return undefined;
  if (kind === "i:") return Number(rest);
  const wanted: unknown = JSON.parse(rest);
  const index = value.findIndex((item) => (kind === "v:" ? item === wanted : hasKeys(item, wanted)));
  return index < 0 ? undefined : index;
}

function hasKeys(item: unknown, keys: unknown): boolean {
  return isJson(keys) && Object.entries(keys).every(([name, value]) => mapAt(item)[name] === value);
}
