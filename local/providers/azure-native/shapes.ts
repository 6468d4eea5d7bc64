import {
  isAbsent,
  isObject,
  isSecret,
  type PropertyMap,
  reveal,
  secret,
  UNKNOWN,
} from "../../../plugin-server/values/property";
import type { ResourceType } from "../../cloud/resource-types";
import { type ObjectSchema, schema, type TypeRef } from "../../cloud/resource-types/schema";

/** Known of every version of the SDK, also in a preview. */
const API_VERSION = "azureApiVersion";

function objectOf(reference: TypeRef): ObjectSchema | undefined {
  return typeof reference === "string" && reference.startsWith("=")
    ? schema.objects[reference.slice(1)]
    : undefined;
}

/**
 * Outputs before a resource exists, as the real provider gives them: what the inputs say under the same name, and
 * unknown for all else; so neither the id nor `name` is known unless it is an input itself.
 */
export function previewOutputs(type: ResourceType, inputs: PropertyMap): PropertyMap {
  const outputs = previewObject(inputs, type.schema.outputs);
  if (outputs[API_VERSION] !== undefined) outputs[API_VERSION] = type.apiVersion;
  return outputs;
}

function previewObject(inputs: PropertyMap, declared: ObjectSchema): PropertyMap {
  return Object.fromEntries(
    Object.entries(declared.properties).map(([name, reference]) => [
      name,
      previewValue(inputs[name], reference),
    ]),
  );
}

/** The value if it is of the output's shape, with unknowns where the output has more than the input. */
export function previewValue(value: unknown, reference: TypeRef): unknown {
  if (isAbsent(value)) return UNKNOWN;
  if (isSecret(value)) return secret(previewValue(value.value, reference));
  const declared = objectOf(reference);
  if (declared !== undefined) return isObject(value) ? previewObject(value, declared) : UNKNOWN;
  if (typeof reference === "string") {
    const wanted = reference.startsWith("#") || reference.startsWith("'") ? "string" : reference;
    return wanted === "any" || typeof value === wanted ? value : UNKNOWN;
  }
  if ("array" in reference) {
    return Array.isArray(value) ? value.map((entry) => previewValue(entry, reference.array)) : UNKNOWN;
  }
  if ("map" in reference) {
    if (!isObject(value)) return UNKNOWN;
    return Object.fromEntries(
      Object.entries(value).map(([key, entry]) => [key, previewValue(entry, reference.map)]),
    );
  }
  return value;
}

/** Computed leaves that keep their value for the life of the resource (or of its identity). */
const STABLE = new Set(["id", "principalId", "tenantId", "clientId"]);
/** Computed outputs that every change touches. */
const VOLATILE = new Set(["etag", "eTag", "systemData", "lastModifiedTimeUtc", "lastModifiedTime"]);

/** Outputs of a changed resource before the change: the old ones where nothing that they hang on changed. */
export function previewUpdate(
  type: ResourceType,
  olds: PropertyMap,
  oldInputs: PropertyMap,
  news: PropertyMap,
): PropertyMap {
  const outputs: PropertyMap = {};
  const same = (name: string) =>
    JSON.stringify(reveal(oldInputs[name] ?? null)) === JSON.stringify(reveal(news[name] ?? null));
  for (const [name, reference] of Object.entries(type.schema.outputs.properties)) {
    if (VOLATILE.has(name)) outputs[name] = UNKNOWN;
    else if (same(name)) outputs[name] = olds[name];
    else outputs[name] = keepStable(previewValue(news[name], reference), olds[name]);
  }
  return outputs;
}

function keepStable(value: unknown, old: unknown): unknown {
  if (!isObject(value) || isSecret(value) || !isObject(old)) return value;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => {
      if (entry === UNKNOWN && STABLE.has(key) && old[key] !== undefined) return [key, old[key]];
      return [key, keepStable(entry, old[key])];
    }),
  );
}

/** What of a value the input's declaration knows: an import must not carry what only Azure writes. */
export function onlyDeclared(value: PropertyMap, declared: ObjectSchema): PropertyMap {
  const kept: PropertyMap = {};
  for (const [name, entry] of Object.entries(value)) {
    const reference = declared.properties[name];
    if (reference === undefined || isAbsent(entry)) continue;
    const left = onlyDeclaredValue(entry, reference);
    if (!isAbsent(left)) kept[name] = left;
  }
  return kept;
}

function onlyDeclaredValue(value: unknown, reference: TypeRef): unknown {
  const declared = objectOf(reference);
  if (declared !== undefined) return isObject(value) ? onlyDeclared(value, declared) : undefined;
  if (typeof reference === "string" || "union" in reference) return value;
  if ("array" in reference) {
    return Array.isArray(value) ? value.map((entry) => onlyDeclaredValue(entry, reference.array)) : undefined;
  }
  if (!isObject(value)) return undefined;
  return Object.fromEntries(
    Object.entries(value).map(([key, entry]) => [key, onlyDeclaredValue(entry, reference.map)]),
  );
}

/**
 * The live values of what the program declares: members that it never named are not drift, an entry more in a map (a
 * tag) or in a list is.
 * @param hidden whether the service never returns what lies at a path; the old value stands for it then
 */
export function projectLive(
  old: PropertyMap,
  live: PropertyMap,
  declared: ObjectSchema,
  hidden: (path: readonly string[]) => boolean,
): PropertyMap {
  return projectObject(old, live, declared, hidden, []);
}

function projectObject(
  old: PropertyMap,
  live: PropertyMap,
  declared: ObjectSchema,
  hidden: (path: readonly string[]) => boolean,
  at: readonly string[],
): PropertyMap {
  const result: PropertyMap = {};
  for (const [name, before] of Object.entries(old)) {
    const path = [...at, name];
    const reference = declared.properties[name] ?? "any";
    const now = live[name];
    if (isAbsent(now)) {
      if (isAbsent(before) || hidden(path)) result[name] = before;
    } else result[name] = projectValue(before, now, reference, hidden, path);
  }
  return result;
}

function projectValue(
  old: unknown,
  live: unknown,
  reference: TypeRef,
  hidden: (path: readonly string[]) => boolean,
  at: readonly string[],
): unknown {
  const declared = objectOf(reference);
  if (declared !== undefined && isObject(old) && isObject(live))
    return projectObject(old, live, declared, hidden, at);
  if (typeof reference === "object" && "array" in reference && Array.isArray(old) && Array.isArray(live)) {
    return live.map((entry, index) =>
      old[index] === undefined
        ? entry
        : projectValue(old[index], entry, reference.array, hidden, [...at, "*"]),
    );
  }
  if (typeof reference === "object" && "map" in reference && isObject(old) && isObject(live)) {
    return Object.fromEntries(
      Object.entries(live).map(([key, entry]) => [
        key,
        old[key] === undefined ? entry : projectValue(old[key], entry, reference.map, hidden, [...at, key]),
      ]),
    );
  }
  if (typeof reference === "object" && "union" in reference && isObject(old) && isObject(live)) {
    return projectObject(old, live, { properties: {} }, hidden, at);
  }
  return live;
}
