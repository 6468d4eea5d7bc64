export type Json = Readonly<Record<string, unknown>>;

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** The object at a path of keys, empty where there is none: an absent map and an empty one mean the same here. */
export function mapAt(value: unknown, ...keys: readonly string[]): Json {
  let current: unknown = value;
  for (const key of keys) current = isJson(current) ? current[key] : undefined;
  return isJson(current) ? current : {};
}

/** The list at a path of keys, empty where there is none. */
export function listAt(value: unknown, ...keys: readonly string[]): readonly unknown[] {
  const last = mapAt(value, ...keys.slice(0, -1))[keys.at(-1)!];
  return Array.isArray(last) ? last : [];
}
