import type { EntryOfWord, Finding } from "../engine/parts";
import type { IncidentBook } from "./book";
import { agenda, type Due } from "./due";
import type { EventOf, IncidentEvent } from "./events";
import { incidentFields } from "./fields";
import type { IncidentPlan, Ladder } from "./plan";
import { rungMessage } from "./rung-message";
import type { IncidentState } from "./state";

/** Who is told and how; injected, so that ladders climb in virtual time. */
export interface CarryingOut {
  readonly book: IncidentBook;
  now(): Date;
  /** Never throws: what could not be delivered is told by its finding. */
  tell(
    incident: string,
    entry: EntryOfWord<"notify">,
    fields: Readonly<Record<string, string>>,
  ): Promise<Finding>;
  progress(line: string): void;
}

/**
 * Tells and asks everything that is due in an incident, and climbs its ladders. What was done is written down at once, so
 * that two processes tell nobody twice but where one ended between both.
 *
 * @returns the state afterwards, and when something is due next
 */
export async function carryOutDue(
  plan: IncidentPlan,
  incident: string,
  parts: CarryingOut,
): Promise<{ readonly state: IncidentState; readonly next?: Date }> {
  for (;;) {
    const state = await parts.book.read(incident);
    const [first] = agenda(plan, state);
    if (first === undefined) return { state };
    if (first.at.getTime() > parts.now().getTime()) return { state, next: first.at };
    const event = await happen(first, plan, state, incident, parts);
    await parts.book.write(incident, (now) =>
      now === undefined || agenda(plan, now).some((due) => isSame(due, first)) ? [event] : [],
    );
  }
}

async function happen(
  due: Due,
  plan: IncidentPlan,
  state: IncidentState,
  incident: string,
  parts: CarryingOut,
): Promise<IncidentEvent> {
  const fields = incidentFields(plan, state, incident);
  switch (due.as) {
    case "question": {
      const { name, role, question } = due.entry;
      parts.progress(`asked ${role}: ${question}`);
      return { event: "asked", entry: name, role, question };
    }
    case "message": {
      const told = toldBy(due.entry, await parts.tell(incident, due.entry, fields));
      parts.progress(`${due.entry.title}: ${told.why ?? "told"}`);
      return told;
    }
    case "rung":
      return climb(due.entry, due.rung, fields, incident, parts);
  }
}

async function climb(
  ladder: Ladder,
  rung: number,
  fields: Readonly<Record<string, string>>,
  incident: string,
  parts: CarryingOut,
): Promise<EventOf<"told">> {
  const { role, channel } = ladder.ladder[rung]!;
  const message = rungMessage(ladder, rung);
  const finding: Finding =
    message === undefined
      ? {
          holds: false,
          why: `nothing here can reach anybody by ${channel}: whoever is on call calls the ${role}`,
        }
      : await parts.tell(incident, message, fields);
  parts.progress(`${ladder.name}: ${role} by ${channel}: ${finding.why}`);
  return {
    event: "told",
    entry: ladder.name,
    rung,
    role,
    channel,
    delivered: finding.holds,
    why: finding.why,
  };
}

function toldBy(entry: EntryOfWord<"notify">, { holds, why }: Finding): EventOf<"told"> {
  const channel = entry.channels.map((each) => each.channel).join(", ");
  return { event: "told", entry: entry.name, channel, delivered: holds, why };
}

function isSame(left: Due, right: Due): boolean {
  return (
    left.as === right.as &&
    left.entry.name === right.entry.name &&
    (left.as !== "rung" || right.as !== "rung" || left.rung === right.rung)
  );
}
