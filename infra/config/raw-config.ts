import { sealedValue } from "./placeholder";

/** Configuration as the engine hands it to a program: texts by `namespace:key`, and which of them are secrets. */
export interface RawConfig {
  readonly values: Readonly<Record<string, string>>;
  readonly secretKeys: ReadonlySet<string>;
}

/**
 * The `config` map of a stack file in the same form, for a look at settings without the engine. Encrypted values are
 * not decrypted; they stand as `sealedValue`.
 */
export function rawConfigOf(config: Readonly<Record<string, unknown>>): RawConfig {
  const values: Record<string, string> = {};
  const secretKeys = new Set<string>();
  for (const [key, value] of Object.entries(config)) {
    const { opened, sealed } = unseal(value);
    if (sealed) secretKeys.add(key);
    values[key] =
      typeof opened === "object" && opened !== null ? JSON.stringify(opened) : String(opened ?? "");
  }
  return { values, secretKeys };
}

/** Replaces `{secure: …}` at any depth. */
function unseal(value: unknown): { opened: unknown; sealed: boolean } {
  if (Array.isArray(value)) {
    const parts = value.map(unseal);
    return { opened: parts.map((part) => part.opened), sealed: parts.some((part) => part.sealed) };
  }
  if (typeof value !== "object" || value === null) return { opened: value, sealed: false };
  const entries = Object.entries(value);
  if (entries.length === 1 && entries[0]?.[0] === "secure") return { opened: sealedValue, sealed: true };
  const parts = entries.map(([key, entry]) => [key, unseal(entry)] as const);
  return {
    opened: Object.fromEntries(parts.map(([key, part]) => [key, part.opened])),
    sealed: parts.some(([, part]) => part.sealed),
  };
}
