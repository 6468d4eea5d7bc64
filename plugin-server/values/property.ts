/** Property values as the engine sends them in a protobuf Struct: JSON with two kinds of marker. */
export type PropertyMap = Record<string, unknown>;

/** Stands for a value that is not known in a preview. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

/** The engine's sentinels by type (string or any, bool, number, array, asset, archive, object). */
const UNKNOWNS: ReadonlySet<unknown> = new Set([
  UNKNOWN,
  "1c4a061d-8072-4f0a-a4cb-0ff528b18fe7",
  "3eeb2bf0-c639-47a8-9e75-3b44932eb421",
  "6a19a0b0-7e62-4c92-b797-7f8e31da9cc2",
  "030794c1-ac77-496b-92df-f27374a8bd58",
  "e48ece36-62e2-4504-bad9-02848725956a",
  "dd056dcd-154b-4c76-9bd3-c8f88648b5ff",
]);

const SIGNATURE_KEY = "4dabf18193072939515e22adb298388d";
const SECRET_SIGNATURE = "1b47061264138c4ac30d75fd1eb44270";

export interface Secret {
  value: unknown;
}

export function isObject(value: unknown): value is PropertyMap {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

export function isUnknown(value: unknown): boolean {
  return UNKNOWNS.has(value);
}

export function isSecret(value: unknown): value is Secret {
  return isObject(value) && value[SIGNATURE_KEY] === SECRET_SIGNATURE;
}

/** Marks a value as secret. An unknown stays bare, as the engine itself sends unknown secrets. */
export function secret(value: unknown): unknown {
  if (value === undefined || value === null || isUnknown(value) || isSecret(value)) return value;
  return { [SIGNATURE_KEY]: SECRET_SIGNATURE, value };
}

/** The same value without secret markers, at any depth. */
export function reveal<T = unknown>(value: T): T {
  if (isSecret(value)) return reveal(value.value) as T;
  if (Array.isArray(value)) return value.map((entry) => reveal(entry)) as T;
  if (!isObject(value)) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, reveal(entry)])) as T;
}

function some(value: unknown, test: (value: unknown) => boolean): boolean {
  if (test(value)) return true;
  if (Array.isArray(value)) return value.some((entry) => some(entry, test));
  return isObject(value) && Object.values(value).some((entry) => some(entry, test));
}

export function containsUnknown(value: unknown): boolean {
  return some(value, isUnknown);
}

export function containsSecret(value: unknown): boolean {
  return some(value, isSecret);
}

/** Absent as Azure and the engine see it. */
export function isAbsent(value: unknown): value is undefined | null {
  return value === undefined || value === null;
}

/** Without members that are `undefined`, which a protobuf Struct cannot hold. */
export function withoutUndefined(value: unknown): unknown {
  if (Array.isArray(value))
    return value.map((entry) => (entry === undefined ? null : withoutUndefined(entry)));
  if (!isObject(value)) return value;
  const kept: PropertyMap = {};
  for (const [key, entry] of Object.entries(value))
    if (entry !== undefined) kept[key] = withoutUndefined(entry);
  return kept;
}
