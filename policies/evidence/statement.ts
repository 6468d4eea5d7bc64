import { createHash } from "node:crypto";
import { z } from "zod";
import type { Envelope } from "../../attestation/dsse";
import { payloadOf } from "../../attestation/dsse";
import {
  type Statement,
  statementPayloadType,
  statementSchema,
  statementType,
} from "../../attestation/statement";
import { envelopeSchema } from "../../attestation/trust-root";
import { schemaFault } from "../../runbooks/schema-fault";
import { type PredicateName, predicates } from "../../runbooks/vocabulary/people";

const predicateBase = "https://switchyard.dev/evidence/";

/** A signed statement as its store holds it; who signed it is not yet known. */
export interface EvidenceItem {
  /** Name in the store. */
  readonly file: string;
  readonly envelope: Envelope;
  readonly predicate: PredicateName;
  readonly subjects: readonly EvidenceSubject[];
  /** When what it states was so. */
  readonly time: Date;
  readonly fields: Readonly<Record<string, unknown>>;
}

export interface EvidenceSubject {
  readonly system: string;
  /** What the digest is that of: a component, or `manifest`, `commit`, `migration`, `contract`, `system`. */
  readonly what: string;
  /** SHA-256, hex. */
  readonly digest: string;
}

/** It is no evidence; the message says which part of it is wrong, and never repeats the rest. */
export class EvidenceError extends Error {
  override readonly name = "EvidenceError";
}

const subjectName = /^([a-z0-9]+(?:-[a-z0-9]+)*)\/([a-z0-9]+(?:-[a-z0-9]+)*)$/;
const time = z.iso.datetime({ offset: true });

/** @throws EvidenceError when it is cut off, of another type, or states what its predicate does not have. */
export function parseEvidence(text: string, file: string): EvidenceItem {
  const envelope = parsed(envelopeSchema, json(text, "the envelope"), "the envelope");
  if (envelope.payloadType !== statementPayloadType) {
    throw new EvidenceError(`its type is ${envelope.payloadType}; a statement's is ${statementPayloadType}`);
  }
  const payload = json(payloadOf(envelope).toString("utf8"), "the statement");
  const statement = parsed(statementSchema, payload, "the statement");
  return { file, envelope, ...contentOf(statement) };
}

/**
 * A statement to be signed.
 *
 * @param fields Those of the predicate; `time` is added.
 * @throws EvidenceError for a field that the predicate does not have, or a subject of another form.
 */
export function evidenceStatement(
  predicate: PredicateName,
  subject: EvidenceSubject,
  fields: Readonly<Record<string, unknown>>,
  at: Date,
): Statement {
  const made = {
    _type: statementType,
    subject: [{ name: `${subject.system}/${subject.what}`, digest: { sha256: subject.digest } }],
    predicateType: predicateTypeOf(predicate),
    predicate: { ...fields, time: at.toISOString() },
  };
  const statement = parsed(statementSchema, made, "the statement");
  contentOf(statement);
  return statement;
}

export function predicateTypeOf(predicate: PredicateName): string {
  return `${predicateBase}${predicate}/v1`;
}

/** How files that hold evidence end. */
export const evidenceFileEnding = ".dsse.json";

/** Name under which an envelope is kept: the SHA-256 of its bytes. */
export function evidenceFileName(text: string): string {
  return `${createHash("sha256").update(text).digest("hex")}${evidenceFileEnding}`;
}

function contentOf(statement: Statement): Omit<EvidenceItem, "file" | "envelope"> {
  const predicate = predicateOf(statement.predicateType);
  const { time: at, ...fields } = statement.predicate;
  const allowed: readonly string[] = predicates[predicate];
  const foreign = Object.keys(fields).filter((field) => !allowed.includes(field));
  if (foreign.length > 0) {
    throw new EvidenceError(`${predicate} has no ${foreign.join(", ")}; it has ${allowed.join(", ")}, time`);
  }
  return {
    predicate,
    subjects: statement.subject.map(({ name, digest }) => subjectOf(name, digest.sha256)),
    time: new Date(parsed(time, at, "time")),
    fields,
  };
}

function predicateOf(type: string): PredicateName {
  const name = (Object.keys(predicates) as PredicateName[]).find((each) => predicateTypeOf(each) === type);
  if (name) return name;
  throw new EvidenceError(
    `its predicate ${type} is unknown; known: ${Object.keys(predicates).join(", ")} under ${predicateBase}`,
  );
}

function subjectOf(name: string, digest: string): EvidenceSubject {
  const [, system, what] = subjectName.exec(name) ?? [];
  if (system !== undefined && what !== undefined) return { system, what, digest };
  throw new EvidenceError(`a subject is called SYSTEM/COMPONENT, such as kirana-inventory/backend`);
}

function json(text: string, what: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // The parser's message repeats a part of the text.
    throw new EvidenceError(`${what} is no JSON, or cut off`);
  }
}

function parsed<T>(schema: z.ZodType<T>, value: unknown, what: string): T {
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new EvidenceError(
    `${what}: ${issue === undefined ? "it has another form" : schemaFault(issue, value)}`,
  );
}
