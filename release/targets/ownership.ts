import { UserError } from "../user-error";
import { type Json, mapAt } from "./json";
import { trackAnnotation } from "./marks";

const managedBy = "app.kubernetes.io/managed-by";
const partOf = "app.kubernetes.io/part-of";

/** Metadata of the object that carries a system's traffic. */
export function ownedMetadata(name: string, namespace: string, system: string): Json {
  return {
    name,
    namespace,
    labels: { app: name, [partOf]: system, [managedBy]: "switchyard" },
    annotations: { [trackAnnotation]: system },
  };
}

/**
 * Refuses to take over what somebody else made.
 * @throws UserError when the object was not made by a track of this system
 */
export function refuseForeignObject(object: Json, what: string, system: string): void {
  const owner = mapAt(object, "metadata", "annotations")[trackAnnotation];
  if (owner === system) return;
  const found =
    owner === undefined
      ? `labels ${JSON.stringify(mapAt(object, "metadata", "labels"))} and no annotation ${trackAnnotation}`
      : `annotation ${trackAnnotation}: ${String(owner)}`;
  throw new UserError(`${what} exists and is not ${system}'s: it has ${found}`, {
    mend: `remove or rename it; if it is meant to carry ${system}'s traffic, annotate it: ${trackAnnotation}=${system}`,
  });
}

/**
 * Refuses a namespace that says it belongs to another system. One that says nothing is let through: the program makes
 * the namespace before the track.
 */
export function refuseForeignNamespace(namespace: Json, name: string, system: string): void {
  const owner = mapAt(namespace, "metadata", "labels")[partOf];
  if (owner === undefined || owner === system) return;
  throw new UserError(`namespace ${name} belongs to ${String(owner)} (label ${partOf}), not to ${system}`, {
    mend: `choose another namespace for ${system}, or remove the label if ${String(owner)} is gone`,
  });
}
