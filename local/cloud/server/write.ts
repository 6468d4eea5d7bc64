import { randomUUID } from "node:crypto";
import {
  armPath,
  byArmId,
  type ComputeContext,
  idKey,
  inputsFromArmBody,
  isJson,
  type Json,
  merge,
  nameOf,
  type ResourceType,
  toArmBody,
  withoutReadOnly,
} from "../resource-types";
import { ArmError } from "./arm-error";
import type { ArmResponse } from "./arm-response";
import type { Cloud } from "./cloud";
import { deletedTwin } from "./delete";
import { refuseLockedWrite } from "./locks";
import { refuseChangedIdentity, refuseMissingParents, refuseTakenName, refuseWrong } from "./refusals";
import { render } from "./render";
import { withState } from "./resource-state";
import { keepSiteConfig } from "./sites";
import type { StoredResource } from "./store";

export interface WriteRequest {
  id: string;
  body: Json;
  /** A PATCH is laid over what was asked for before; a PUT replaces it. */
  patch: boolean;
  headers: Record<string, string | undefined>;
  stuck: boolean;
  base: string;
}

/**
 * PUT and PATCH by id: refused as Azure would refuse it, or stored.
 * @throws ArmError with the property's path
 */
export async function writeResource(cloud: Cloud, request: WriteRequest): Promise<ArmResponse> {
  const { id, patch, stuck } = request;
  const type = cloud.typeOf(id);
  const previous = cloud.store.get(id);
  if (patch && previous === undefined && type.existsByDefault === undefined) throw notFound(id);
  refuseMissingParents(cloud, id);
  refuseLockedWrite(cloud.store, id);
  cloud.refuseBusy(id);
  refuseByEtag(request, previous);

  const recovered = await recover(cloud, type, request);
  if (recovered !== undefined) return recovered;
  const asked = askedBody(type, request, previous);
  const inputs = inputsFromArmBody(type, id, asked);
  refuseWrong(cloud, type, id, inputs, previous);
  refuseChangedIdentity(type, inputs, previous);
  if (previous === undefined) refuseTakenName(cloud, type, id);

  const resource = keepSiteConfig(cloud, makeResource(cloud, type, id, asked, previous));
  const kind = previous === undefined ? "create" : "update";
  if (!type.longRunning[kind] && !stuck) {
    await cloud.store.put(resource.site);
    if (resource.settings !== undefined) await cloud.store.put(resource.settings);
    return {
      status: kind === "create" ? 201 : 200,
      body: render(resource.site),
      headers: etagOf(resource.site),
    };
  }
  const operation = await cloud.operations.begin({ kind, resourceId: id, stuck: stuck || undefined });
  const started: StoredResource = {
    ...withState(resource.site, kind === "create" ? "Creating" : "Updating"),
    operation: operation.id,
  };
  await cloud.store.put(started);
  if (resource.settings !== undefined) await cloud.store.put(resource.settings);
  cloud.operations.run(operation);
  const headers = { ...cloud.operations.headers(operation, request.base), ...etagOf(started) };
  return { status: kind === "create" ? 201 : 202, body: render(started), headers };
}

export function notFound(id: string): ArmError {
  const group = /\/resourceGroups\/([^/]+)/i.exec(id)?.[1];
  const type = byArmId(id);
  if (type?.token === "azure-native:resources:ResourceGroup") {
    return new ArmError(404, "ResourceGroupNotFound", `Resource group '${group}' could not be found.`);
  }
  return new ArmError(
    404,
    "ResourceNotFound",
    `The Resource '${type?.armType ?? ""}/${nameOf(id)}' under resource group '${group ?? "<none>"}' was not found.`,
  );
}

function refuseByEtag({ headers }: WriteRequest, previous: StoredResource | undefined): void {
  const failed = (text: string) => new ArmError(412, "PreconditionFailed", text);
  if (headers["if-none-match"] === "*" && previous !== undefined)
    throw failed("The resource already exists.");
  const expected = headers["if-match"];
  if (expected !== undefined && expected !== "*" && expected !== previous?.etag) {
    throw failed("The resource was changed since it was read.");
  }
}

/** What the caller wants the resource to be: read-only parts ignored, defaults filled in, a patch laid over. */
function askedBody(type: ResourceType, request: WriteRequest, previous: StoredResource | undefined): Json {
  const sent = withoutReadOnly(type, inputsFromArmBody(type, request.id, request.body));
  const wire = toArmBody(type, sent);
  const base = request.patch
    ? (previous?.asked ?? { properties: type.existsByDefault ?? {} })
    : defaultsOf(type);
  const asked = merge(base, wire);
  const listed = request.body.properties;
  if (request.patch && isJson(listed)) dropNulls(asked.properties as Json, listed);
  return asked;
}

/** In a PATCH `null` takes a property away. */
function dropNulls(target: Json, patch: Json): void {
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete target[key];
    else if (isJson(value) && isJson(target[key])) dropNulls(target[key] as Json, value);
  }
}

function defaultsOf(type: ResourceType): Json {
  return toArmBody(type, type.defaults);
}

function makeResource(
  cloud: Cloud,
  type: ResourceType,
  id: string,
  asked: Json,
  previous: StoredResource | undefined,
): StoredResource {
  const kept = keepWriteOnly(type, asked, previous);
  const context: ComputeContext = cloud.computeContext(id, type, kept, previous?.body);
  const computed = type.spec.compute?.(context) ?? {};
  const etag = randomUUID();
  const now = cloud.now();
  const createdAt = previous?.createdAt ?? now;
  const declared = type.schema.outputs.properties;
  const content =
    previous === undefined
      ? type.spec.contentOfNew?.(kept, (other) => cloud.store.get(other)?.content)
      : previous.content;
  const stamps: Json = {
    ...(declared.etag === undefined ? {} : { etag: `"${etag}"` }),
    ...(declared.systemData === undefined
      ? {}
      : {
          systemData: {
            createdAt,
            createdBy: "switchyard",
            createdByType: "Application",
            lastModifiedAt: now,
            lastModifiedBy: "switchyard",
            lastModifiedByType: "Application",
          },
        }),
  };
  return {
    id: previous?.id ?? id,
    token: type.token,
    asked: kept,
    body: merge(merge(kept, computed), stamps),
    ...(previous?.config === undefined ? {} : { config: previous.config }),
    ...(content === undefined ? {} : { content }),
    etag,
    createdAt,
    changedAt: now,
  };
}

/**
 * Two things survive a PUT that does not name them: a secret's value (nobody can read it back to send it again), and a
 * vault's purge protection (it cannot be turned off).
 */
function keepWriteOnly(type: ResourceType, asked: Json, previous: StoredResource | undefined): Json {
  if (previous === undefined) return asked;
  const before = previous.asked.properties as Json;
  const properties: Json = { ...(asked.properties as Json) };
  if (type.token === "azure-native:keyvault:Secret" && properties.value === undefined)
    properties.value = before.value;
  if (type.token === "azure-native:keyvault:Vault" && before.enablePurgeProtection === true) {
    properties.enablePurgeProtection = true;
  }
  return { ...asked, properties };
}

/** A name that is kept after deletion can only be recovered, not made anew. */
async function recover(
  cloud: Cloud,
  type: ResourceType,
  request: WriteRequest,
): Promise<ArmResponse | undefined> {
  if (type.softDelete === undefined || cloud.store.get(request.id) !== undefined) return undefined;
  const twin = await deletedTwin(cloud, type, nameOf(request.id));
  const mode = isJson(request.body.properties) ? request.body.properties.createMode : undefined;
  if (String(mode).toLowerCase() === "recover") {
    if (twin === undefined || idKey(twin.id) !== idKey(request.id)) {
      throw new ArmError(
        404,
        "DeletedVaultNotFound",
        `There is no deleted resource '${request.id}' to recover.`,
      );
    }
    for (const entry of twin.resources) await cloud.store.put(entry);
    await cloud.store.removeDeleted(twin.id);
    return { status: 200, body: render(twin.resources[0]!), headers: etagOf(twin.resources[0]!) };
  }
  if (twin !== undefined) {
    throw new ArmError(
      409,
      type.softDelete.conflictCode,
      `A vault with the same name already exists in deleted state. You need to either recover or purge existing key vault. It was deleted at ${twin.deletedAt} from ${twin.id}; it is purged by itself on ${twin.purgeAt}.`,
      { target: armPath(type, type.nameInput ?? "name") },
    );
  }
  return undefined;
}

export function etagOf(resource: StoredResource): Record<string, string> {
  return { ETag: resource.etag };
}
