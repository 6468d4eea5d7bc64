import type { DeclaredResource, Properties } from "./resource";
import { UnknownValueError } from "./unknown-value";

/** A property that a rule needs is not declared. The wrapper makes it a violation that names the path. */
export class AbsentValueError extends Error {
  constructor(readonly path: string) {
    super(`${path} is not declared`);
    this.name = "AbsentValueError";
  }
}

/** A property has another type than the resource's schema says. Its value may be a secret's: only its kind is told. */
export class WrongTypeError extends Error {
  constructor(path: string, wanted: string, value: unknown) {
    super(`${path} must be ${wanted}, found ${kindOf(value)}`);
    this.name = "WrongTypeError";
  }
}

/**
 * Value at a dotted path (`siteConfig.minTlsVersion`); undefined when it or an object above it is absent.
 * @throws UnknownValueError when the value, or an object above it, is not known in preview
 */
export function optional(from: DeclaredResource | Properties, path: string): unknown {
  let value: unknown = isResource(from) ? from.props : from;
  for (const key of path.split(".")) {
    if (value === undefined || value === null) return undefined;
    value = (value as Properties)[key];
  }
  return value ?? undefined;
}

/** Same, but absence is an error that names the outermost absent part: `siteConfig`, not `siteConfig.minTlsVersion`. */
export function required(from: DeclaredResource | Properties, path: string): unknown {
  let value: unknown = isResource(from) ? from.props : from;
  const keys = path.split(".");
  for (const [index, key] of keys.entries()) {
    value = (value as Properties)[key];
    if (value === undefined || value === null) throw new AbsentValueError(keys.slice(0, index + 1).join("."));
  }
  return value;
}

/** Whether preview knows the value at a path, absence included. */
export function isKnown(from: DeclaredResource | Properties, path: string): boolean {
  try {
    optional(from, path);
    return true;
  } catch (error) {
    if (error instanceof UnknownValueError) return false;
    throw error;
  }
}

export function requiredText(from: DeclaredResource | Properties, path: string): string {
  const value = required(from, path);
  if (typeof value !== "string" || value === "") throw new WrongTypeError(path, "a text", value);
  return value;
}

export function optionalText(from: DeclaredResource | Properties, path: string): string | undefined {
  return optional(from, path) === undefined ? undefined : requiredText(from, path);
}

export function requiredNumber(from: DeclaredResource | Properties, path: string): number {
  const value = required(from, path);
  if (typeof value !== "number" || Number.isNaN(value)) throw new WrongTypeError(path, "a number", value);
  return value;
}

/** Array at a path; an absent one is empty. */
export function listAt(from: DeclaredResource | Properties, path: string): readonly unknown[] {
  const value = optional(from, path);
  if (value === undefined) return [];
  if (!Array.isArray(value)) throw new WrongTypeError(path, "a list", value);
  return value;
}

/** Same for a list of objects. */
export function objectsAt(from: DeclaredResource | Properties, path: string): readonly Properties[] {
  return listAt(from, path).map((item, index) => {
    if (item === null || typeof item !== "object")
      throw new WrongTypeError(`${path}.${index}`, "an object", item);
    return item as Properties;
  });
}

/** Object at a path with free keys (app settings, tags). */
export function mapAt(from: DeclaredResource | Properties, path: string): Properties {
  const value = required(from, path);
  if (typeof value !== "object" || Array.isArray(value)) throw new WrongTypeError(path, "an object", value);
  return value as Properties;
}

/** Longest text that a message may repeat; enum values, SKUs and paths are shorter, keys and tokens longer. */
const longestShownText = 24;

/**
 * A value as a message may show it. Secrets reach rules in clear, so nothing that could be one is repeated: only
 * booleans, numbers and short plain words.
 */
export function describe(value: unknown): string {
  if (value === undefined || value === null) return "nothing";
  if (typeof value === "boolean" || typeof value === "number") return String(value);
  if (typeof value === "string") {
    if (value === "") return "an empty text";
    const plain = value.length <= longestShownText && /^[\w./ -]+$/.test(value);
    return plain ? JSON.stringify(value) : `a text of ${value.length} characters`;
  }
  return Array.isArray(value) ? "a list" : "an object";
}

function kindOf(value: unknown): string {
  return typeof value === "number" || typeof value === "boolean" ? `a ${typeof value}` : describe(value);
}

function isResource(from: DeclaredResource | Properties): from is DeclaredResource {
  return typeof from.urn === "string" && typeof from.props === "object";
}
