import { createHash } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../../attestation/canonical-json";
import { parseStatement, type Statement, statementType } from "../../attestation/statement";

export const changeRecordType = "https://switchyard.dev/infrastructure-change/v1";

const digest = z.string().regex(/^sha256:[0-9a-f]{64}$/);
const count = z.number().int().nonnegative();

const actor = z.strictObject({
  kind: z.enum(["user", "ci"]),
  name: z.string().min(1),
  /** Host of a user, address of a pipeline's run. */
  where: z.string(),
});

/** What one `up` of a stack was, without a single value of a property: a record may be kept for years, and read by many. */
const predicateSchema = z
  .strictObject({
    stack: z.string().min(1),
    operation: z.literal("up"),
    /**
     * `begun` is written before anything changes, outside dev. A run that was killed leaves it without its end, which a later
     * update writes: `cutOff`, of which nobody knows what it changed.
     */
    result: z.enum(["begun", "succeeded", "failed", "interrupted", "cutOff"]),
    actor,
    /** Of `cutOff` alone: whose update found it without an end. */
    closedBy: actor.optional(),
    /** Null outside of a git checkout. */
    commit: z.strictObject({ id: z.string().regex(/^[0-9a-f]{40,64}$/), clean: z.boolean() }).nullable(),
    tool: z.string().min(1),
    startedAt: z.iso.datetime(),
    endedAt: z.iso.datetime().nullable(),
    /** Null when no policy was judged. */
    policies: z.strictObject({ pack: z.string(), digest, verdicts: count }).nullable(),
    changes: z.strictObject({
      create: count,
      update: count,
      replace: count,
      delete: count,
      same: count,
      resources: z.array(z.strictObject({ op: z.string(), urn: z.string() })),
    }),
    /** Until when it is to be kept. */
    retainUntil: z.iso.datetime(),
    /** Digests of the records that nothing followed when this one was written: usually one, none for the first. */
    previous: z.array(digest),
  })
  .refine(({ result, closedBy }) => (result === "cutOff") === (closedBy !== undefined), {
    error: "an update that was cut off, and no other, says who closed it",
  });
export type ChangePredicate = z.infer<typeof predicateSchema>;

export interface ChangeRecord {
  readonly statement: Statement;
  readonly predicate: ChangePredicate;
}

/** The record's text, which is what is signed; the same for the same facts. */
export function changeStatement(predicate: ChangePredicate): string {
  const changes = createHash("sha256").update(canonicalJson(predicate.changes)).digest("hex");
  const statement = {
    _type: statementType,
    subject: [{ name: `stack/${predicate.stack}/changes`, digest: { sha256: changes } }],
    predicateType: changeRecordType,
    predicate: predicateSchema.parse(predicate),
  };
  return canonicalJson(statement);
}

/** @throws Error when the text is no record of a change, or its subject is not the changes that it lists. */
export function parseChangeStatement(text: string): ChangeRecord {
  const statement = parseStatement(text);
  if (statement.predicateType !== changeRecordType)
    throw new Error(`it is a statement of another type, ${statement.predicateType}`);
  const predicate = predicateSchema.parse(statement.predicate);
  if (changeStatement(predicate) !== canonicalJson(statement))
    throw new Error("its subject is not the changes that it lists");
  return { statement, predicate };
}

/** What a later record names it by. */
export function recordDigest(payload: Uint8Array): string {
  return `sha256:${createHash("sha256").update(payload).digest("hex")}`;
}
