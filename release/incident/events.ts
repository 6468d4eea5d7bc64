import { z } from "zod";
import { severities } from "../../runbooks/vocabulary";
import { jsonValue } from "../journal/json-value";

const text = z.string();
const severity = z.enum(severities);

/**
 * Everything that an incident writes down: a closed set, in the journals' one kind of entry for incidents. `hold` and
 * `rollback` are releases that wait for somebody, whose ladders climb as an incident's do.
 */
export const incidentEventSchema = z.discriminatedUnion("event", [
  z.strictObject({
    event: z.literal("opened"),
    incident: text,
    about: z.enum(["incident", "hold", "rollback"]),
    by: text,
    environment: text,
    /** When the fault began, from which the runbook's minutes count. */
    since: z.iso.datetime(),
    summary: text,
    /** Whom it concerns, where whoever opened it said so. */
    affected: text.optional(),
    symptom: text.optional(),
    severity: severity.optional(),
    /** Release that runs, or waits, while it begins. */
    release: text.optional(),
    /** How much faster than life it is rehearsed. @default 1 */
    speed: z.number().positive().optional(),
  }),
  z.strictObject({ event: z.literal("severity"), severity, by: text, why: text.optional() }),
  /** A playbook's question or a gate, and what was seen. */
  z.strictObject({
    event: z.literal("seen"),
    entry: text,
    title: text,
    question: text,
    verdict: z.enum(["shown", "fault", "pass", "hold", "rollback", "refuse", "report", "inconclusive"]),
    seen: text,
  }),
  z.strictObject({ event: z.literal("asked"), entry: text, role: text, question: text }),
  z.strictObject({
    event: z.literal("answered"),
    entry: text,
    by: text,
    role: text.optional(),
    answer: jsonValue,
  }),
  z.strictObject({
    event: z.literal("told"),
    entry: text,
    /** Of a ladder: which of its rungs, and whom it tells. */
    rung: z.number().int().nonnegative().optional(),
    role: text.optional(),
    channel: text,
    delivered: z.boolean(),
    why: text.optional(),
  }),
  z.strictObject({ event: z.literal("acknowledged"), by: text, role: text.optional() }),
  /** A ladder that somebody has called because its condition holds. */
  z.strictObject({ event: z.literal("called"), entry: text, by: text, why: text }),
  /** Before an offered action acts: who confirmed it, in which role, and why. */
  z.strictObject({
    event: z.literal("confirmed"),
    entry: text,
    action: text,
    by: text,
    role: text,
    why: text.optional(),
  }),
  z.strictObject({ event: z.literal("acted"), entry: text, action: text, seen: jsonValue }),
  z.strictObject({
    event: z.literal("failed"),
    entry: text,
    action: text,
    why: text,
    retriable: z.boolean(),
  }),
  /** The release engine does it by its own command, or people do it by their hands. */
  z.strictObject({ event: z.literal("handedOver"), entry: text, action: text, to: text, why: text }),
  z.strictObject({ event: z.literal("doneByHand"), entry: text, action: text, by: text, what: text }),
  z.strictObject({
    event: z.literal("followUp"),
    name: text,
    title: text,
    owner: text,
    question: text,
    dueAt: z.iso.datetime(),
  }),
  z.strictObject({
    event: z.literal("closed"),
    by: text,
    rootCause: text,
    resolution: text,
    /** Name of the signed record; absent of a hold, which leaves none. */
    record: text.optional(),
  }),
]);
export type IncidentEvent = z.infer<typeof incidentEventSchema>;
export type EventOf<Name extends IncidentEvent["event"]> = Extract<IncidentEvent, { event: Name }>;
