import { createHash } from "node:crypto";

/** Hexadecimal digits that depend on the parts alone, the same on every machine. */
export function stableHex(length: number, ...parts: readonly string[]): string {
  return createHash("sha256").update(parts.join("\0")).digest("hex").slice(0, length);
}

/**
 * A GUID that depends on the parts alone. Role assignments and role definitions are named by GUIDs; a computed one is
 * known in preview and the same in every run. Version 8 marks a GUID of the maker's own making (RFC 9562).
 */
export function stableGuid(...parts: readonly string[]): string {
  const hex = stableHex(32, ...parts);
  const variant = (8 + (Number.parseInt(hex.charAt(16), 16) % 4)).toString(16);
  return [
    hex.slice(0, 8),
    hex.slice(8, 12),
    `8${hex.slice(13, 16)}`,
    `${variant}${hex.slice(17, 20)}`,
    hex.slice(20, 32),
  ].join("-");
}
