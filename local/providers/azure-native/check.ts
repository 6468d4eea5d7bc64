import type { CheckCall, CheckFailure, CheckResult } from "../../../plugin-server/provider";
import {
  containsSecret,
  isAbsent,
  isObject,
  isSecret,
  isUnknown,
  type PropertyMap,
  reveal,
} from "../../../plugin-server/values/property";
import { redact, secretTexts } from "../../../plugin-server/values/secrets";
import { buildArmId, type ResourceType, validateInputs } from "../../cloud/resource-types";
import { withoutInternal } from "./inputs-compare";
import { nameResource } from "./naming";
import type { Settings } from "./settings";

export interface CheckParts {
  settings: Settings;
  /** Where a resource group lies, for resources that name no region of their own. */
  locationOfGroup(name: string): Promise<string | undefined>;
  /** @throws UserError for an id outside the local subscription */
  refuseForeign(id: string): void;
}

/** Fills in name and region, then refuses what Azure would refuse without looking at other resources. */
export async function checkInputs(
  type: ResourceType,
  call: CheckCall,
  parts: CheckParts,
): Promise<CheckResult> {
  const given = Object.fromEntries(
    Object.entries(withoutInternal(call.news)).filter(([, value]) => !isAbsent(value)),
  );
  const named = nameResource(type, call, given);
  const inputs = await locate(type, call, named.inputs, parts);
  const faults = validateInputs(type, withoutInternal(reveal(inputs)));
  const failures = faults.map(({ path, reason }) => failure(inputs, path, reason));
  if (named.failure !== undefined) failures.push({ property: "", reason: named.failure });
  if (failures.length === 0 && !parts.settings.offline) {
    const id = buildArmId(type, reveal(inputs), parts.settings.subscriptionId);
    if (id !== undefined) parts.refuseForeign(id);
  }
  return { inputs, failures };
}

/**
 * The region of a resource that names none: the one it has, then the provider's, then its resource group's. A type for
 * which the program need not name one in Azure either (`global`) is left alone by its defaults.
 */
async function locate(
  type: ResourceType,
  { olds }: CheckCall,
  inputs: PropertyMap,
  { settings, locationOfGroup }: CheckParts,
): Promise<PropertyMap> {
  const takesLocation =
    type.schema.inputs.properties.location !== undefined && type.immutable.includes("location");
  if (!takesLocation || !isAbsent(inputs.location) || type.defaults.location !== undefined) return inputs;
  const group = reveal(inputs.resourceGroupName);
  const old = reveal(olds.location);
  const location =
    (typeof old === "string" ? old : undefined) ??
    settings.location ??
    (typeof group === "string" ? (isUnknown(group) ? group : await locationOfGroup(group)) : undefined);
  return location === undefined ? inputs : { ...inputs, location };
}

/**
 * The engine prints the value of the property that a failure names, secret or not; so no property is named, and the path
 * stands in the text.
 */
function failure(inputs: PropertyMap, path: string, reason: string): CheckFailure {
  const [hidden, texts] = secretsAt(inputs, path);
  const told = hidden ? reason.replace(/"(?:[^"\\]|\\.)*"/g, "[secret]") : reason;
  return { property: "", reason: `${path} ${redact(told, texts)}` };
}

/** Whether the path leads into a secret, and all texts that must not be printed. */
function secretsAt(inputs: PropertyMap, path: string): [boolean, Set<string>] {
  let value: unknown = inputs;
  for (const step of path.split(/[.[\]]/).filter(Boolean)) {
    if (isSecret(value)) break;
    if (Array.isArray(value)) value = value[Number(step)];
    else if (isObject(value)) value = value[step];
    else break;
  }
  return [containsSecret(value), secretTexts(inputs)];
}
