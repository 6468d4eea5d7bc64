import { isDeepStrictEqual } from "node:util";
import type { ResourceType } from "../../cloud/resource-types";
import { type CompareRules, type LeafChange, leafChanges } from "../values/diff";
import { isAbsent, isObject, type PropertyMap, reveal } from "../values/property";

/** Regions are written with and without blanks and capitals: `West Europe` is `westeurope`. */
const region = (text: string) => text.toLowerCase().replaceAll(" ", "");

const rules: CompareRules = {
  sameText: (path, old, now) => /^location(Name)?$/.test(String(path.at(-1))) && region(old) === region(now),
  // Azure keeps these as the keys of a map.
  isSet: (path) => path.join(".") === "identity.userAssignedIdentities",
};

/** The leaves in which two sets of inputs mean something different: what equals a default counts as absent. */
export function inputChanges(type: ResourceType, old: PropertyMap, now: PropertyMap): LeafChange[] {
  const meaning = (inputs: PropertyMap) =>
    withoutDefaults(withoutInternal(reveal(inputs)), type.defaults) ?? {};
  return leafChanges(meaning(old), meaning(now), rules);
}

/** Inputs without the provider's own marks, which begin with two underscores. */
export function withoutInternal(inputs: PropertyMap): PropertyMap {
  return Object.fromEntries(Object.entries(inputs).filter(([key]) => !key.startsWith("__")));
}

/** A copy without leaves that equal the default at their place; an object that is left empty by that goes, too. */
export function withoutDefaults(value: unknown, defaults: unknown): PropertyMap | undefined {
  return strip(value, defaults) as PropertyMap | undefined;
}

function strip(value: unknown, defaults: unknown): unknown {
  if (isAbsent(defaults)) return value;
  if (!isObject(value) || !isObject(defaults)) return isDeepStrictEqual(value, defaults) ? undefined : value;
  const kept: PropertyMap = {};
  for (const [key, entry] of Object.entries(value)) {
    const left = strip(entry, defaults[key]);
    if (left !== undefined) kept[key] = left;
  }
  return Object.keys(kept).length === 0 && Object.keys(value).length > 0 ? undefined : kept;
}
