import { z } from "zod";
import { phases } from "../../runbooks/vocabulary";
import { incidentEventSchema } from "../incident/events";
import { scheduleEventSchema } from "../schedule/events";
import { jsonValue } from "./json-value";

/** Version of the entries' format; a journal with a higher one was written by a newer Switchyard and is not read. */
export const journalFormat = 1;

const text = z.string();
const phase = z.enum(phases);
const verdict = z.enum(["pass", "hold", "rollback", "refuse", "report", "inconclusive"]);

/** Everything that a release writes down: a closed set. What is not here did not happen. */
export const entrySchema = z.discriminatedUnion("kind", [
  /** The first entry: the plan, whole, so that a release can be taken up by any checkout. */
  z.strictObject({
    kind: z.literal("started"),
    format: z.number().int(),
    release: text,
    by: text,
    reason: text.optional(),
    /** How much faster than life a rehearsal is walked. @default 1 */
    speed: z.number().positive().optional(),
    plan: jsonValue,
  }),
  z.strictObject({ kind: z.literal("phase"), phase }),
  /** Before a step acts. */
  z.strictObject({ kind: z.literal("intent"), step: text }),
  /** After it acted: what was read back. */
  z.strictObject({
    kind: z.literal("done"),
    step: text,
    seen: jsonValue,
    milliseconds: z.number(),
    platformMilliseconds: z.number().optional(),
  }),
  z.strictObject({
    kind: z.literal("failed"),
    step: text,
    why: text,
    retriable: z.boolean(),
    attempt: z.number(),
  }),
  /**
   * A gate's verdict, written when it changes, and at each look that adds to a breach which may yet roll back or become a no;
   * `since` is when it began to say so.
   */
  z.strictObject({
    kind: z.literal("verdict"),
    gate: text,
    phase,
    verdict,
    since: text,
    why: text,
    value: z.number().optional(),
    count: z.number().optional(),
    question: text,
    /** What the gate remembers, so that a release that is taken up goes on counting where it was. */
    state: jsonValue,
  }),
  z.strictObject({ kind: z.literal("baseline"), gate: text, value: z.number(), count: z.number() }),
  /**
   * Traffic stays where it is; `gate` when a gate wants it, `gates` the others that do so at that moment, `step` when a step
   * failed or waits.
   */
  z.strictObject({
    kind: z.literal("held"),
    why: text,
    gate: text.optional(),
    gates: z.array(text).optional(),
    step: text.optional(),
    needsPerson: z.boolean(),
  }),
  z.strictObject({ kind: z.literal("goesOn"), by: text, why: text }),
  z.strictObject({
    kind: z.literal("command"),
    id: text,
    command: z.enum(["hold", "promote", "resume", "rollback", "abort", "approve", "answer", "confirm"]),
    by: text,
    reason: text.optional(),
    entry: text.optional(),
    role: text.optional(),
    answer: jsonValue.optional(),
    restore: z.boolean().optional(),
  }),
  z.strictObject({ kind: z.literal("asked"), entry: text, role: text, question: text }),
  z.strictObject({
    kind: z.literal("told"),
    entry: text,
    channel: text,
    delivered: z.boolean(),
    why: text.optional(),
  }),
  z.strictObject({ kind: z.literal("recorded"), entry: text, fields: z.record(z.string(), jsonValue) }),
  /** From here on all traffic goes back. */
  z.strictObject({
    kind: z.literal("rollback"),
    why: text,
    by: text,
    gate: text.optional(),
    /** When what triggered it was seen. */
    seenAt: text,
    /** Whether the data are restored as well, which those confirm whom the contract names. */
    restore: z.boolean().optional(),
  }),
  /** It does not go on, and nothing was moved: what was begun is taken back. */
  z.strictObject({ kind: z.literal("stopped"), why: text, outcome: z.enum(["refused", "aborted"]) }),
  z.strictObject({ kind: z.literal("takenOver"), by: text, epoch: z.number(), from: text }),
  /** The last entry, but of a release that had finished and is then taken back. */
  z.strictObject({
    kind: z.literal("ended"),
    outcome: z.enum(["finished", "rolledBack", "refused", "aborted"]),
    why: text,
  }),
  /** It had finished, and goes back after all: what follows is the way back of its plan. */
  z.strictObject({
    kind: z.literal("reopened"),
    by: text,
    why: text,
    /** Whether the data are restored as well, which those confirm whom the contract names. */
    restore: z.boolean().optional(),
    /** The process that runs it, and the epoch of its lease. */
    runner: text,
    epoch: z.number(),
    /** Where things of the system are by now, as its stack says it; the tracks are those of the plan. */
    facts: jsonValue,
    /** Ids of commands that were given before, such as answers to follow-ups: none of them is heard any more. */
    passedOver: z.array(text),
  }),
  /** In the journal of an incident, which has no other entries. */
  z.strictObject({ kind: z.literal("incident"), event: incidentEventSchema }),
  /** In the journal of a release that is yet to begin, which has no other entries. */
  z.strictObject({ kind: z.literal("schedule"), event: scheduleEventSchema }),
]);

export type JournalEntry = z.infer<typeof entrySchema>;
export type EntryOf<Kind extends JournalEntry["kind"]> = Extract<JournalEntry, { kind: Kind }>;

/** An entry at its place in the chain. */
export interface JournalRecord {
  /** From 0 without a gap. */
  readonly sequence: number;
  /** ISO 8601, UTC. */
  readonly at: string;
  /** Hash of the record before; of the first one, the release's id. */
  readonly previous: string;
  readonly entry: JournalEntry;
  /** SHA-256 of all of the above as canonical JSON. */
  readonly hash: string;
}
