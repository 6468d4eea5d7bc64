import { durationWords } from "../plan/words";
import type { Notify } from "./ahead";
import type { DueNews } from "./due";
import { aheadFields, announcedTime } from "./fields";
import type { ScheduleState } from "./state";

/** A message as it is sent: by one channel, with what its braces stand for. */
export interface Outgoing {
  readonly entry: Notify;
  readonly fields: Readonly<Record<string, string>>;
}

/** Later than this what has minutes of its own says that it is late. */
const lateMinutes = 15;
const subjectLine = /^Subject: *([^\n]*)\n(.*)$/s;

/**
 * What is sent: the runbook's own text; of what moved with the time that it replaces, of what is cancelled that alone. What
 * is late says so, where its own text does not tell how long it is until then.
 */
export function outgoing(state: ScheduleState, { news, entry, by, of }: DueNews, now: Date): Outgoing {
  const { times, plan, schedule, cancelled } = state;
  const { by: person, reason } = times.at(-1)!;
  const fields = aheadFields(plan, { by: person, schedule, now, ...(of !== undefined && { of }) });
  const channels = [entry.channels[news.channel]!];
  switch (news.as) {
    case "ahead": {
      const isLate = by !== undefined && now.getTime() - by.getTime() > lateMinutes * 60_000;
      if (!isLate || entry.template.includes("{startsIn}")) return { entry: { ...entry, channels }, fields };
      const left = durationWords((Date.parse(plan.startsAt) - now.getTime()) / 1000);
      return said({ ...entry, channels }, "", { lead: `This comes late: it begins in ${left}.` }, fields);
    }
    case "moved": {
      const was = announcedTime(entry, fieldsBefore(state, news.time, now));
      const lead = `This replaces what was announced for ${was}.${becauseOf(reason)}`;
      return said({ ...entry, name: `${entry.name}-moved`, channels }, "Moved: ", { lead }, fields);
    }
    case "cancelled": {
      const when = announcedTime(entry, fields);
      const what = plan.stack === undefined ? "{system} {version}" : "the infrastructure of {system}";
      const lead = `Cancelled: ${what} is not released to {environment} as announced for ${when}.${becauseOf(cancelled?.reason)}`;
      const [, subject] = subjectLine.exec(entry.template) ?? [];
      const mail = subject === undefined ? "" : `Subject: Cancelled: ${subject}\n`;
      const told = { ...entry, name: `${entry.name}-cancelled`, channels, template: `${mail}{lead}` };
      return said(told, undefined, { lead }, fields);
    }
  }
}

/** What people wrote may hold braces, which would be taken for fields: it goes in as one. */
function said(
  entry: Notify,
  subjectBefore: string | undefined,
  { lead }: { readonly lead: string },
  fields: Readonly<Record<string, string>>,
): Outgoing {
  const filled = lead.replace(/\{(system|version|environment)\}/g, (_, name: string) => fields[name] ?? "");
  const more = { ...fields, lead: filled };
  if (subjectBefore === undefined) return { entry, fields: more };
  const [, subject, rest] = subjectLine.exec(entry.template) ?? [];
  const template =
    subject === undefined
      ? `{lead}\n${entry.template}`
      : `Subject: ${subjectBefore}${subject}\n{lead}\n\n${rest}`;
  return { entry: { ...entry, template }, fields: more };
}

function becauseOf(reason: string | undefined): string {
  return reason === undefined ? "" : ` Why: ${reason}`;
}

function fieldsBefore(
  { times, schedule }: ScheduleState,
  time: number,
  now: Date,
): Readonly<Record<string, string>> {
  const { plan, by } = times[Math.max(time - 1, 0)]!;
  return aheadFields(plan, { by, schedule, now });
}
