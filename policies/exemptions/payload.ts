import { canonicalJson } from "../../attestation/canonical-json";
import type { ExemptionFields } from "./exemption";

/** The bytes that an approver signs: every field but the signatures. */
export function exemptionPayload(fields: ExemptionFields): Buffer {
  const { rule, resource, reason, owner, approver, ticket, created, expires } = fields;
  return Buffer.from(
    canonicalJson({ rule, resource, reason, owner, approver, ticket, created, expires }),
    "utf8",
  );
}
