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
 * Refuses a namespace that does not say it is this system's, before a first track is made in it: an update would put our
 * labels, quotas and policies over somebody else's, and a deletion take it away with all in it. Asked in preview, where the
 * program's own is not applied yet; in an update it is, with the label.
 */
export function refuseUnownedNamespace(namespace: Json, name: string, system: string): void {
  refuseForeignNamespace(namespace, name, system);
  if (mapAt(namespace, "metadata", "labels")[partOf] === system) return;
  throw new UserError(
    `namespace ${name} exists, and nothing says that it is ${system}'s (no label ${partOf})`,
    {
      mend: `choose another namespace for ${system}; if it is meant for it: kubectl label namespace ${name} ${partOf}=${system}`,
    },
  );
}

/**
 * Refuses a namespace that says it belongs to another system. One that says nothing is let through: somebody may have
 * taken the label off since the track was made.
 */
export function refuseForeignNamespace(namespace: Json, name: string, system: string): void {
  const owner = mapAt(namespace, "metadata", "labels")[partOf];
  if (owner === undefined || owner === system) return;
  throw new UserError(`namespace ${name} belongs to ${String(owner)} (label ${partOf}), not to ${system}`, {
    mend: `choose another namespace for ${system}, or remove the label if ${String(owner)} is gone`,
  });
}
