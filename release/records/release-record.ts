import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../../attestation/canonical-json";
import { type Envelope, payloadOf, signPayload } from "../../attestation/dsse";
import type { Signer } from "../../attestation/keys";
import { parseStatement, statementPayloadType, statementType } from "../../attestation/statement";
import { envelopeSchema } from "../../attestation/trust-root";

export const releaseRecordType = "https://switchyard.dev/release-record/v1";

const predicateSchema = z.strictObject({
  release: z.string().min(1),
  stack: z.string().min(1),
  system: z.string().min(1),
  /** Name of the contract's entry that wants it. */
  entry: z.string().min(1),
  phase: z.string().min(1),
  kind: z.string().min(1),
  /** Statements of the runbook that it keeps. */
  statements: z.array(z.string()),
  fields: z.record(z.string(), z.string()),
  /** Fields that the entry wants and the release does not know. */
  unknown: z.array(z.string()),
  /** The entry's text with its fields filled. */
  text: z.string().optional(),
  writtenAt: z.iso.datetime(),
});
export type ReleaseRecord = z.infer<typeof predicateSchema>;

/** Its name in the place of records: one for each entry and phase of a release, so that none is written twice. */
export function releaseRecordName({
  release,
  phase,
  entry,
}: Pick<ReleaseRecord, "release" | "phase" | "entry">): string {
  return `release-${release.replace(/[^\w.-]/g, "-")}-${phase}-${entry}.dsse.json`;
}

/** An in-toto statement about the fields, in a DSSE envelope; as text, the same for the same record but its signature. */
export async function signedRecord(record: ReleaseRecord, signer: Signer): Promise<string> {
  const payload = Buffer.from(statementOf(record));
  const envelope = await signPayload(statementPayloadType, payload, [signer]);
  return `${JSON.stringify(envelope)}\n`;
}

/** @throws Error when the text is no record of a release, or its subject is not what it says; it verifies no signature */
export function parseReleaseRecord(text: string): { record: ReleaseRecord; envelope: Envelope } {
  const envelope = envelopeSchema.parse(JSON.parse(text));
  const statement = parseStatement(payloadOf(envelope).toString("utf8"));
  if (statement.predicateType !== releaseRecordType)
    throw new Error(`it is a statement of another type, ${statement.predicateType}`);
  const record = predicateSchema.parse(statement.predicate);
  if (statementOf(record) !== canonicalJson(statement))
    throw new Error("its subject is not the fields that it lists");
  return { record, envelope };
}

function statementOf(record: ReleaseRecord): string {
  const sha256 = createHash("sha256").update(canonicalJson(record.fields)).digest("hex");
  return canonicalJson({
    _type: statementType,
    subject: [{ name: `release/${record.release}/${record.entry}`, digest: { sha256 } }],
    predicateType: releaseRecordType,
    predicate: predicateSchema.parse(record),
  });
}
