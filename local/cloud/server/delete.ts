import { byToken, idKey, inputsFromArmBody, nameOf, type ResourceType, valuesAt } from "../resource-types";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";
import { refuseLockedDelete } from "./locks";
import { removeTree } from "./remove-tree";
import { withState } from "./resource-state";
import type { DeletedResource, StoredResource } from "./store";

/** A kept deleted resource of this type and name, wherever it was; one past its time is forgotten first. */
export async function deletedTwin(
  cloud: Cloud,
  type: ResourceType,
  name: string,
): Promise<DeletedResource | undefined> {
  for (const entry of cloud.store.allDeleted()) {
    if (entry.token !== type.token || nameOf(entry.id).toLowerCase() !== name.toLowerCase()) continue;
    if (entry.purgeAt > cloud.now()) return entry;
    await cloud.store.removeDeleted(entry.id);
  }
  return undefined;
}

/**
 * DELETE by id.
 * @throws ArmError 405 for a part that always exists, 409 when locked, busy or held by another resource
 */
export async function deleteResource(
  cloud: Cloud,
  id: string,
  stuck: boolean,
  base: string,
): Promise<ArmResponse> {
  const type = cloud.typeOf(id);
  const { store } = cloud;
  if (type.existsByDefault !== undefined && type.token !== "azure-native:security:Pricing") {
    throw new ArmError(
      405,
      "MethodNotAllowed",
      `'${id}' is part of its parent and cannot be deleted; PUT its default values instead.`,
    );
  }
  const resource = store.get(id);
  if (resource === undefined) return { status: 204 };
  refuseLockedDelete(store, id);
  cloud.refuseBusy(id);
  refuseHeld(cloud, type, resource);
  if (!type.longRunning.delete && !stuck) {
    await removeTree(cloud, id);
    return { status: 200 };
  }
  const operation = await cloud.operations.begin({
    kind: "delete",
    resourceId: resource.id,
    stuck: stuck || undefined,
  });
  await store.put({ ...withState(resource, "Deleting"), operation: operation.id });
  cloud.operations.run(operation);
  return { status: 202, headers: cloud.operations.headers(operation, base) };
}

function refuseHeld(cloud: Cloud, type: ResourceType, resource: StoredResource): void {
  const held = type.spec.heldBy;
  if (held === undefined) return;
  const holders = cloud.store.all().filter((entry) => {
    if (entry.token !== held.token) return false;
    const inputs = inputsFromArmBody(byToken(entry.token)!, entry.id, entry.asked);
    return valuesAt(inputs, held.path).some(({ value }) => idKey(String(value)) === idKey(resource.id));
  });
  if (holders.length > 0) {
    const names = holders.map((holder) => nameOf(holder.id)).join(", ");
    throw new ArmError(409, held.code, `'${resource.id}' cannot be deleted because it is used by: ${names}.`);
  }
}

const DELETED =
  /^\/subscriptions\/[^/]+\/providers\/([^/]+\/deleted\w+|[^/]+\/locations\/[^/]+\/deleted\w+)(?:\/([^/]+))?(\/purge)?$/i;

/** The kept deleted resources: list, GET and POST purge; `undefined` when the path is none of theirs. */
export async function deletedResources(
  cloud: Cloud,
  method: string,
  path: string,
): Promise<ArmResponse | undefined> {
  const match = DELETED.exec(path);
  if (match === null) return undefined;
  const [, kind, name, purge] = match as unknown as [string, string, string | undefined, string | undefined];
  const wanted = kind.replace(/\/locations\/[^/]+/i, "").toLowerCase();
  const entries = cloud.store
    .allDeleted()
    .filter((entry) => byToken(entry.token)?.softDelete?.deletedType.toLowerCase() === wanted);
  if (name === undefined && method === "GET")
    return { status: 200, body: { value: entries.map(renderDeleted) } };
  const entry = entries.find((candidate) => nameOf(candidate.id).toLowerCase() === name?.toLowerCase());
  if (entry === undefined) {
    throw new ArmError(404, "DeletedVaultNotFound", `There is no deleted resource '${name}' of ${wanted}.`);
  }
  if (purge === undefined) return { status: 200, body: renderDeleted(entry) };
  const softDelete = byToken(entry.token)!.softDelete!;
  if (!softDelete.purgeAllowed(entry.resources[0]!.body)) {
    throw new ArmError(
      409,
      "MethodNotAllowed",
      `Operation 'DeletedVaultPurge' is not allowed: purge protection is enabled on '${name}'. It is purged by itself on ${entry.purgeAt}.`,
    );
  }
  await cloud.store.removeDeleted(entry.id);
  return { status: 200 };
}

function renderDeleted(entry: DeletedResource): unknown {
  const type = byToken(entry.token)!;
  return {
    id: `/subscriptions/${entry.id.split("/")[2]}/providers/${type.softDelete!.deletedType.replace("/", `/locations/${entry.location}/`)}/${nameOf(entry.id)}`,
    name: nameOf(entry.id),
    type: type.softDelete!.deletedType,
    properties: {
      vaultId: entry.id,
      location: entry.location,
      deletionDate: entry.deletedAt,
      scheduledPurgeDate: entry.purgeAt,
      purgeProtectionEnabled: !type.softDelete!.purgeAllowed(entry.resources[0]!.body),
    },
  };
}
