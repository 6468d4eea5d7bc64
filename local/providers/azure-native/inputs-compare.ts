import { isDeepStrictEqual } from "node:util";
import { type CompareRules, type LeafChange, leafChanges } from "../../../plugin-server/values/diff";
import type { Path } from "../../../plugin-server/values/path";
import { isAbsent, isObject, type PropertyMap, reveal } from "../../../plugin-server/values/property";
import type { ResourceType } from "../../cloud/resource-types";

/** Regions are written with and without blanks and capitals: `West Europe` is `westeurope`. */
const region = (text: string) => text.toLowerCase().replaceAll(" ", "");

const rules: CompareRules = {
  sameText: (path, old, now) => /^location(Name)?$/.test(String(path.at(-1))) && region(old) === region(now),
  // Azure keeps these as the keys of a map.
  isSet: (path) => path.join(".") === "identity.userAssignedIdentities",
};

/** The leaves in which two sets of inputs mean something different: what equals a default counts as absent. */
export function inputChanges(type: ResourceType, old: PropertyMap, now: PropertyMap): LeafChange[] {
  const [before, after] = [withoutInternal(reveal(old)), withoutInternal(reveal(now))];
  const meaning = (inputs: PropertyMap) => withoutDefaults(inputs, type.defaults) ?? {};
  return leafChanges(meaning(before), meaning(after), rules).map(({ path, kind }) => {
    // A default that is spelled out is there, even if it means no more than absence.
    const spelledOut = !isAbsent(at(before, path)) && !isAbsent(at(after, path));
    return { path, kind: spelledOut ? "update" : kind };
  });
}

function at(value: unknown, path: Path): unknown {
  return path.reduce<unknown>(
    (here, step) => (Array.isArray(here) || isObject(here) ? (here as PropertyMap)[step] : undefined),
    value,
  );
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
