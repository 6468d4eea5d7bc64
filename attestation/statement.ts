import { z } from "zod";

/** In-toto attestation, version 1 (https://github.com/in-toto/attestation/tree/main/spec/v1). */
export const statementType = "https://in-toto.io/Statement/v1";
export const statementPayloadType = "application/vnd.in-toto+json";

const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

export const statementSchema = z.strictObject({
  _type: z.literal(statementType),
  subject: z.array(z.strictObject({ name: z.string().min(1), digest: z.strictObject({ sha256 }) })).min(1),
  /** Address of the predicate's schema, such as `https://switchyard.dev/evidence/test-run/v1`. */
  predicateType: z.url(),
  predicate: z.record(z.string(), z.unknown()),
});
export type Statement = z.infer<typeof statementSchema>;

/** @throws Error when the text is no statement; names the field. */
export function parseStatement(text: string): Statement {
  return statementSchema.parse(JSON.parse(text));
}
