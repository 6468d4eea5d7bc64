import type { ReadCall, ReadResult } from "../../../plugin-server/provider";
import { isAtOrBelow, patternSteps } from "../../../plugin-server/values/path";
import { isObject, type PropertyMap, reveal } from "../../../plugin-server/values/property";
import { wrapLike, wrapPaths } from "../../../plugin-server/values/secrets";
import { inputsFromArmBody, type Json, parseArmId, type ResourceType } from "../../cloud/resource-types";
import { UserError } from "../../user-error";
import type { ArmClient } from "./arm/client";
import type { Task } from "./arm/waiting";
import { withoutDefaults } from "./inputs-compare";
import { type Live, markSecrets, readLive } from "./live";
import { onlyDeclared, projectLive } from "./shapes";

/**
 * The resource as it is now. For a refresh the inputs are the live values of what the program declares; for an import
 * they are made from the resource itself. @returns undefined when it is gone
 */
export async function readResource(
  task: Task,
  client: ArmClient,
  type: ResourceType,
  { id, inputs }: ReadCall,
): Promise<ReadResult | undefined> {
  if (parseArmId(type, id) === undefined) {
    throw new UserError(`"${id}" is not an id of ${type.token}; it must look like ${type.id}`);
  }
  client.refuseForeign(id);
  const live = await readLive(task, client, type, id);
  if (live === undefined) return undefined;
  if (inputs === undefined || Object.keys(inputs).length === 0) {
    const imported = importedInputs(type, live);
    return { id: live.id, inputs: imported, outputs: markSecrets(type, live.outputs, imported) };
  }
  return { id, inputs: liveInputs(type, inputs, live), outputs: markSecrets(type, live.outputs, inputs) };
}

/** The live values of what these inputs declare; what the service never shows counts as it was declared. */
export function liveInputs(type: ResourceType, inputs: PropertyMap, live: Live): PropertyMap {
  const writeOnly = type.writeOnly.map(patternSteps);
  const hidden = (path: readonly string[]) =>
    // What the id holds and the provider's own marks are in no answer.
    (path.length === 1 && (type.pathInputs.includes(path[0]!) || path[0]!.startsWith("__"))) ||
    writeOnly.some((pattern) => isAtOrBelow(path, pattern));
  const plain = reveal(inputs);
  const answered = {
    ...asInputs(type, live),
    ...Object.fromEntries(type.pathInputs.map((name) => [name, plain[name]])),
  };
  const defaults = type.defaults as PropertyMap;
  const projected = projectLive(plain, withDefaultsOf(plain, answered, defaults), type.schema.inputs, hidden);
  return wrapLike(projected, inputs) as PropertyMap;
}

/** The live resource in the inputs' shape. */
function asInputs(type: ResourceType, { id, body, outputs }: Live): PropertyMap {
  const inputs: PropertyMap = inputsFromArmBody(type, id, body as Json);
  for (const name of Object.keys(type.mergedFrom)) inputs[name] = outputs[name];
  return inputs;
}

/** A default that the program spells out and the service leaves unsaid is no drift. */
function withDefaultsOf(declared: PropertyMap, live: PropertyMap, defaults: PropertyMap): PropertyMap {
  const filled = { ...live };
  for (const [name, value] of Object.entries(defaults)) {
    if (!(name in declared)) continue;
    const [own, below] = [filled[name], declared[name]];
    if (own === undefined || own === null) filled[name] = value;
    else if (isObject(own) && isObject(value) && isObject(below))
      filled[name] = withDefaultsOf(below, own, value);
  }
  return filled;
}

function importedInputs(type: ResourceType, live: Live): PropertyMap {
  const declared = onlyDeclared(asInputs(type, live), type.schema.inputs);
  const params = parseArmId(type, live.id) ?? {};
  const named = Object.fromEntries(type.pathInputs.map((name) => [name, params[name]]));
  const inputs: PropertyMap = { ...(withoutDefaults(declared, type.defaults) ?? {}), ...named };
  for (const name of type.required) inputs[name] ??= declared[name];
  return wrapPaths(inputs, type.secret.inputs);
}
