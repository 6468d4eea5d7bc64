import { isDeepStrictEqual } from "node:util";
import { LOCAL_SUBSCRIPTION_ID } from "../identity";
import {
  armPath,
  byArmId,
  idKey,
  inputsFromArmBody,
  type Json,
  nameOf,
  parentOf,
  parseArmId,
  type ResourceType,
  validateInputs,
  valuesAt,
} from "../resource-types";
import { ArmError } from "./arm-error";
import type { Cloud } from "./cloud";
import type { StoredResource } from "./store";

/** @throws ArmError 404 for a group or a parent that does not exist */
export function refuseMissingParents(cloud: Cloud, id: string): void {
  const parent = parentOf(id);
  if (parent === undefined) return;
  const group = /^\/subscriptions\/[^/]+\/resourceGroups\/([^/]+)/i.exec(id);
  if (group !== null && idKey(group[0]) !== idKey(id) && cloud.store.get(group[0]) === undefined) {
    throw new ArmError(404, "ResourceGroupNotFound", `Resource group '${group[1]}' could not be found.`);
  }
  if (cloud.exists(parent)) return;
  throw new ArmError(
    404,
    "ParentResourceNotFound",
    `Failed to perform 'write' on resource(s) of type '${byArmId(id)?.armType ?? ""}', because the parent resource '${parent}' could not be found.`,
    { target: parent },
  );
}

/** Everything that is wrong with the inputs, in one answer. */
export function refuseWrong(
  cloud: Cloud,
  type: ResourceType,
  id: string,
  inputs: Json,
  previous: StoredResource | undefined,
): void {
  const faults = validateInputs(type, inputs);
  const tracked = type.envelope.includes("location") && type.envelope.includes("tags") && isTopLevel(id);
  if (tracked && inputs.location === undefined) {
    throw new ArmError(400, "LocationRequired", "The location property is required for this definition.", {
      target: "location",
    });
  }
  if (faults.length > 0) {
    const details = faults.map(({ path, reason }) => {
      const target = armPath(type, path);
      return { code: "InvalidProperty", target, message: `'${target}' ${reason}` };
    });
    throw new ArmError(
      400,
      "InvalidRequestContent",
      `The request content was invalid: ${details.map((detail) => detail.message).join("; ")}.`,
      {
        target: details[0]!.target,
        details,
      },
    );
  }
  refuseMissingReferences(cloud, type, inputs);
  const fault = type.spec.admit?.({
    id,
    params: parseArmId(type, id)!,
    inputs,
    previous: previous?.body,
    lookUp: (other) => cloud.lookUp(other),
    below: (other) => cloud.below(other),
  });
  if (fault !== undefined)
    throw new ArmError(fault.status, fault.code, fault.message, { target: fault.target });
}

function isTopLevel(id: string): boolean {
  const at = id.toLowerCase().lastIndexOf("/providers/");
  return at < 0 || id.slice(at + 1).split("/").length === 4;
}

function refuseMissingReferences(cloud: Cloud, type: ResourceType, inputs: Json): void {
  for (const { path, code } of type.references) {
    for (const found of valuesAt(inputs, path)) {
      const id = String(found.value);
      const known = id.startsWith("/") && byArmId(id) !== undefined;
      if (known && !cloud.exists(id)) {
        const target = armPath(type, found.path);
        throw new ArmError(
          code === "NotFound" ? 404 : 400,
          code,
          `'${target}' refers to '${id}', which does not exist.`,
          { target },
        );
      }
    }
  }
}

/** @throws ArmError 409 for a change of what cannot be changed */
export function refuseChangedIdentity(
  type: ResourceType,
  inputs: Json,
  previous: StoredResource | undefined,
): void {
  if (previous === undefined) return;
  const before = inputsFromArmBody(type, previous.id, previous.asked);
  for (const path of type.immutable) {
    if (type.pathInputs.includes(path)) continue;
    const [was, is] = [valuesAt(before, path)[0]?.value, valuesAt(inputs, path)[0]?.value];
    if (is === undefined || isDeepStrictEqual(plain(was), plain(is))) continue;
    const target = armPath(type, path);
    if (path === "location") {
      throw new ArmError(
        409,
        "InvalidResourceLocation",
        `The resource '${nameOf(previous.id)}' already exists in location '${String(was)}'. A resource with the same name cannot be created in location '${String(is)}'. Please select a new resource name.`,
        { target },
      );
    }
    throw new ArmError(409, "PropertyChangeNotAllowed", `Changing property '${target}' is not allowed.`, {
      target,
    });
  }
}

/** Regions and names are compared without case and blanks. */
function plain(value: unknown): unknown {
  return typeof value === "string" ? value.toLowerCase().replaceAll(" ", "") : value;
}

/** @throws ArmError 409 when a name that must be unique in all of Azure is taken in another group */
export function refuseTakenName(cloud: Cloud, type: ResourceType, id: string): void {
  const code = type.spec.globalName;
  if (code === undefined) return;
  const name = nameOf(id).toLowerCase();
  const holder = cloud.store
    .all()
    .find((entry) => entry.token === type.token && nameOf(entry.id).toLowerCase() === name);
  if (holder !== undefined) {
    throw new ArmError(409, code, `The name '${nameOf(id)}' is already taken (by ${holder.id}).`, {
      target: "name",
    });
  }
}

/** @throws ArmError for a missing or malformed api-version */
export function refuseApiVersion(version: unknown): void {
  if (typeof version !== "string" || version === "") {
    throw new ArmError(
      400,
      "MissingApiVersionParameter",
      "The api-version query parameter (?api-version=) is required for all requests.",
    );
  }
  if (!/^\d{4}-\d{2}-\d{2}(-preview)?$/.test(version)) {
    throw new ArmError(400, "InvalidApiVersionParameter", `The api-version '${version}' is invalid.`);
  }
}

/** @throws ArmError 404 for any subscription but the local one */
export function refuseForeignSubscription(path: string): void {
  const subscription = /^\/subscriptions\/([^/]+)/i.exec(path)?.[1];
  if (subscription !== undefined && subscription.toLowerCase() !== LOCAL_SUBSCRIPTION_ID) {
    throw new ArmError(
      404,
      "SubscriptionNotFound",
      `The subscription '${subscription}' could not be found. The local cloud has only ${LOCAL_SUBSCRIPTION_ID}.`,
    );
  }
}
