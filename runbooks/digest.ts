import { createHash } from "node:crypto";

/** Digest of what a value says, `sha256:` and 64 hexadecimal digits, whatever the order of its keys. */
export function jsonDigest(value: unknown): string {
  return `sha256:${createHash("sha256").update(canonicalJson(value)).digest("hex")}`;
}

/** JSON without spaces whose objects list their keys in the order of code points; absent values are left out. */
export function canonicalJson(value: unknown): string {
  if (typeof value !== "object" || value === null) return JSON.stringify(value);
  if (Array.isArray(value)) {
    // A third of the time of a plan went into lists of names, whose text is the same either way.
    if (value.every((item) => typeof item === "string")) return JSON.stringify(value);
    return `[${value.map(canonicalJson).join(",")}]`;
  }
  let members = "";
  for (const key of Object.keys(value).sort()) {
    const member = (value as Readonly<Record<string, unknown>>)[key];
    if (member !== undefined) members += `,${JSON.stringify(key)}:${canonicalJson(member)}`;
  }
  return `{${members.slice(1)}}`;
}
