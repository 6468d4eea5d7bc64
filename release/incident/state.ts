import type { JournalRecord } from "../journal/entry";
import { UserError } from "../user-error";
import type { EventOf, IncidentEvent } from "./events";

/** An event with the time at which it was written down. */
export type Dated<Event extends IncidentEvent = IncidentEvent> = Event & { readonly at: string };

/** What an incident's journal says about it; nothing else is known of it. */
export interface IncidentState {
  readonly opened: Dated<EventOf<"opened">>;
  readonly severity?: { readonly severity: NonNullable<EventOf<"opened">["severity"]>; readonly at: string };
  readonly acknowledged?: Dated<EventOf<"acknowledged">>;
  readonly closed?: Dated<EventOf<"closed">>;
  /** By entry: when its people were asked, and what was answered last. */
  readonly asked: ReadonlyMap<string, Dated<EventOf<"asked">>>;
  readonly answers: ReadonlyMap<string, Dated<EventOf<"answered">>>;
  readonly told: readonly Dated<EventOf<"told">>[];
  /** Ladders that somebody has called. */
  readonly called: ReadonlyMap<string, Dated<EventOf<"called">>>;
  readonly followUps: readonly Dated<EventOf<"followUp">>[];
  /** All of them, in their order. */
  readonly timeline: readonly Dated[];
}

/**
 * @param records of an incident's journal, from the first one on
 * @throws UserError for a journal that is none of an incident
 */
export function incidentState(records: readonly JournalRecord[]): IncidentState {
  const timeline = records.flatMap(({ at, entry }) =>
    entry.kind === "incident" ? [{ ...entry.event, at } satisfies Dated] : [],
  );
  const [opened] = timeline;
  if (opened?.event !== "opened") throw new UserError("this is no journal of an incident");
  const all = <Name extends IncidentEvent["event"]>(name: Name) =>
    timeline.filter((one): one is Dated<EventOf<Name>> => one.event === name);
  const set = all("severity").at(-1);
  const severity =
    set ?? (opened.severity === undefined ? undefined : { severity: opened.severity, at: opened.since });
  const [acknowledged] = all("acknowledged");
  const [closed] = all("closed");
  return {
    opened,
    ...(severity !== undefined && { severity: { severity: severity.severity, at: severity.at } }),
    ...(acknowledged !== undefined && { acknowledged }),
    ...(closed !== undefined && { closed }),
    asked: byEntry(all("asked")),
    answers: byEntry(all("answered")),
    told: all("told"),
    called: byEntry(all("called")),
    followUps: all("followUp"),
    timeline,
  };
}

function byEntry<Event extends { readonly entry: string }>(
  events: readonly Event[],
): ReadonlyMap<string, Event> {
  return new Map(events.map((event) => [event.entry, event]));
}
