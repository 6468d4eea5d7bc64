import { createHash } from "node:crypto";
import { canonicalJson } from "../../attestation/canonical-json";
import type { PolicyVerdict } from "../../reports/model";

/**
 * Digest of what the policies said: pack version, rule, level, URN and verdict of each, sorted, without times and
 * messages. Two runs with the same verdicts have the same digest.
 */
export function policyDigest(packVersion: string, policies: readonly PolicyVerdict[]): string {
  const rows = policies.map(({ rule, level, urn, verdict }) =>
    canonicalJson([packVersion, rule, level, urn, verdict]),
  );
  const sorted = [...new Set(rows)].sort();
  return `sha256:${createHash("sha256")
    .update(`[${sorted.join(",")}]`)
    .digest("hex")}`;
}
