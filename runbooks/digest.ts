import { createHash } from "node:crypto";
import { canonicalJson } from "../attestation/canonical-json";

/** Digest of what a value says, `sha256:` and 64 hexadecimal digits, whatever the order of its keys. */
export function jsonDigest(value: unknown): string {
  return `sha256:${createHash("sha256").update(canonicalJson(value)).digest("hex")}`;
}
