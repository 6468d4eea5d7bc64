import { mapAt, patternSteps } from "./path";
import { containsSecret, isObject, isSecret, isUnknown, type PropertyMap, reveal, secret } from "./property";

/** Shorter texts ("true", "443") say nothing and would mark half of the outputs. */
const TELLING_LENGTH = 6;

/** Every text inside a secret that is long enough to be recognised elsewhere. */
export function secretTexts(...values: unknown[]): Set<string> {
  const texts = new Set<string>();
  const walk = (value: unknown, inside: boolean): void => {
    if (isSecret(value)) walk(value.value, true);
    else if (Array.isArray(value)) for (const entry of value) walk(entry, inside);
    else if (isObject(value)) for (const entry of Object.values(value)) walk(entry, inside);
    else if (inside && typeof value === "string" && value.length >= TELLING_LENGTH && !isUnknown(value)) {
      texts.add(value);
    }
  };
  for (const value of values) walk(value, false);
  return texts;
}

/** Takes secrets out of a text that a person will read. */
export function redact(text: string, texts: Iterable<string>): string {
  let result = text;
  for (const found of [...texts].sort((a, b) => b.length - a.length)) {
    result = result.replaceAll(found, "[secret]");
    // A cloud quotes values in JSON, where a quote or a backslash looks different.
    result = result.replaceAll(JSON.stringify(found).slice(1, -1), "[secret]");
  }
  return result;
}

/**
 * Wraps in `value` what is wrapped at the same place in `like`. A list that has another length than its model is wrapped
 * whole when its model held a secret: which element moved where cannot be told.
 */
export function wrapLike(value: unknown, like: unknown): unknown {
  if (isSecret(value)) return value;
  if (isSecret(like)) return secret(reveal(value));
  if (Array.isArray(value) && Array.isArray(like)) {
    if (!containsSecret(like)) return value;
    if (value.length !== like.length) return secret(reveal(value));
    return value.map((entry, index) => wrapLike(entry, like[index]));
  }
  if (isObject(value) && isObject(like)) {
    return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, wrapLike(entry, like[key])]));
  }
  return value;
}

/** Wraps every string that is one of the texts. */
export function wrapTexts(value: unknown, texts: ReadonlySet<string>): unknown {
  if (texts.size === 0 || isSecret(value)) return value;
  if (typeof value === "string") return texts.has(value) ? secret(value) : value;
  if (Array.isArray(value)) return value.map((entry) => wrapTexts(entry, texts));
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, wrapTexts(entry, texts)]));
}

/** Wraps what table paths (`keys[*].value`) reach. */
export function wrapPaths(value: PropertyMap, patterns: readonly string[]): PropertyMap {
  let result: unknown = value;
  for (const pattern of patterns)
    result = mapAt(result, patternSteps(pattern), (found) => secret(reveal(found)));
  return result as PropertyMap;
}
