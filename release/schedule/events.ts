import { z } from "zod";
import { jsonValue } from "../journal/json-value";

const text = z.string();

/** One message by one of its channels, and which of the times it is about: 0 is the first, each move adds one. */
const news = {
  entry: text,
  /** Place among the entry's channels, from 0. */
  channel: z.number().int().nonnegative(),
  as: z.enum(["ahead", "moved", "cancelled"]),
  time: z.number().int().nonnegative(),
} as const;

/** Everything that the schedule of a release writes down: a closed set, in the journals' one kind of entry for it. */
export const scheduleEventSchema = z.discriminatedUnion("event", [
  /** The first: the plan, whole, as it was made for the time that it names. */
  z.strictObject({
    event: z.literal("planned"),
    schedule: text,
    by: text,
    /** Of the whole system, where whoever scheduled it said so. */
    requestsPerSecond: z.number().positive().optional(),
    plan: jsonValue,
  }),
  /** To another time, for which it was planned anew. */
  z.strictObject({ event: z.literal("moved"), by: text, reason: text.optional(), plan: jsonValue }),
  /** Before a message is sent: one that nothing follows may have been delivered. */
  z.strictObject({ event: z.literal("telling"), ...news }),
  z.strictObject({ event: z.literal("told"), ...news, delivered: z.boolean(), why: text }),
  z.strictObject({ event: z.literal("cancelled"), by: text, reason: text.optional() }),
  /** The last one, unless the release that began gives it back. */
  z.strictObject({ event: z.literal("started"), by: text, release: text }),
  /** That release was refused or aborted and changed nothing: what was announced is to come again. */
  z.strictObject({ event: z.literal("givenBack"), release: text }),
]);
export type ScheduleEvent = z.infer<typeof scheduleEventSchema>;
export type EventOf<Name extends ScheduleEvent["event"]> = Extract<ScheduleEvent, { event: Name }>;
/** What a message is about. */
export type NewsOf = Pick<EventOf<"telling">, "entry" | "channel" | "as" | "time">;
