import { agenda } from "../../release/incident/due";
import { phaseOf } from "../../release/incident/fields";
import type { Dated, IncidentState } from "../../release/incident/state";
import { durationWords } from "../../release/plan/words";
import type { CommandContext } from "../context";
import { systemsNamed } from "../release/contract-named";
import { byHand, incidentDocument, openQuestions } from "./incident-document";
import {
  findIncident,
  type IncidentSession,
  type OpenedIncident,
  openSession,
  planOf,
} from "./incident-session";

export interface StatusOptions {
  readonly stack: string;
  readonly incident?: string;
  readonly format: "text" | "json";
}

/** Where the incident of a system stands; without a system, every one that is open. */
export async function showIncidents(
  context: CommandContext,
  system: string | undefined,
  { stack, incident, format }: StatusOptions,
): Promise<void> {
  const found: (OpenedIncident & { readonly session: IncidentSession })[] = [];
  for (const name of systemsNamed(system)) {
    const session = openSession(context, { system: name, stack });
    if (system !== undefined) found.push({ session, ...(await findIncident(session, incident)) });
    else
      for (const state of await session.book.open())
        found.push({ session, id: state.opened.incident, state, plan: planOf(session, state) });
  }
  if (format === "json") {
    const documents = found.map(({ plan, state }) => incidentDocument(plan, state));
    context.out(`${JSON.stringify(system === undefined ? documents : documents[0], undefined, 2)}\n`);
    return;
  }
  if (found.length === 0) context.out(`no incident is open on ${stack}\n`);
  for (const { session, ...opened } of found) context.out(statusText(session, opened));
}

export function statusText(session: IncidentSession, { id, plan, state }: OpenedIncident): string {
  const { opened, severity, acknowledged, closed } = state;
  const { system } = plan.contract;
  // Without one the newest that is open is meant.
  const which = opened.about === "incident" ? "" : ` --incident ${id}`;
  const command = (text: string) => `npx switchyard incident ${text} ${system}${which}${session.on}`;
  const lines = [
    `${system}: ${id}, ${phaseOf(state)}`,
    `  ${opened.summary}, since ${opened.since}${opened.release === undefined ? "" : `, while release ${opened.release} was under way`}`,
    `  severity ${severity?.severity ?? "not assessed"}; ${acknowledged === undefined ? `nobody has taken it: ${command("ack")}` : `taken by ${acknowledged.by} at ${acknowledged.at}`}`,
    ...(closed === undefined
      ? []
      : [
          `  closed by ${closed.by} at ${closed.at}: ${closed.resolution}`,
          `  root cause: ${closed.rootCause}`,
          ...(closed.record === undefined ? [] : [`  record: ${closed.record}`]),
        ]),
    ...(closed === undefined
      ? openQuestions(plan, state).map(
          ({ name, role, question, blocking }) =>
            `  ${state.asked.has(name) ? "asked" : "to be asked"} ${role}: ${question}${blocking ? " (before it is closed)" : ""}\n    ${command("answer")} --entry ${name} --value ANSWER`,
        )
      : []),
    ...byHand(state).map(({ role, channel, why }) => `  to be told by hand: ${role} by ${channel} (${why})`),
    ...nextWords(plan, state, session),
    ...state.followUps
      .filter(({ name }) => !state.answers.has(name))
      .map(
        ({ title, owner, dueAt, name }) => `  follow-up: ${title} (${owner}, due ${dueAt}, --entry ${name})`,
      ),
    "  timeline:",
    ...state.timeline.map((event) => `    ${event.at}  ${eventWords(event)}`),
    ...(closed === undefined && opened.about === "incident"
      ? [`  ${command("close")} --root-cause TEXT --resolution TEXT`]
      : []),
  ];
  return `${lines.join("\n")}\n`;
}

function nextWords(plan: OpenedIncident["plan"], state: IncidentState, { clock }: IncidentSession): string[] {
  const [next] = agenda(plan, state).filter(({ at }) => at > clock.now());
  if (next === undefined) return [];
  const seconds = Math.round((next.at.getTime() - clock.now().getTime()) / 1000);
  const who = next.as === "rung" ? `${next.entry.ladder[next.rung]!.role} is told` : next.entry.title;
  return [`  next, in ${durationWords(seconds)}: ${who}`];
}

function eventWords(event: Dated): string {
  switch (event.event) {
    case "opened":
      return `opened by ${event.by}`;
    case "severity":
      return `severity ${event.severity} by ${event.by}${event.why === undefined ? "" : `: ${event.why}`}`;
    case "seen":
      return `${event.verdict}: ${event.title}: ${event.seen.split("\n")[0]!}`;
    case "asked":
      return `asked ${event.role}: ${event.question}`;
    case "answered":
      return `${event.by} answered ${event.entry}: ${JSON.stringify(event.answer)}`;
    case "told":
      return `${event.delivered ? "told" : "not told"} ${event.role ?? event.entry} by ${event.channel}`;
    case "acknowledged":
      return `taken by ${event.by}${event.role === undefined ? "" : ` as ${event.role}`}`;
    case "called":
      return `${event.by} called ${event.entry}: ${event.why}`;
    case "confirmed":
      return `${event.by} as ${event.role} confirmed ${event.action}`;
    case "acted":
      return `${event.action}: ${typeof event.seen === "string" ? event.seen : JSON.stringify(event.seen)}`;
    case "failed":
      return `${event.action} failed: ${event.why}`;
    case "handedOver":
      return `${event.action} handed over to ${event.to}`;
    case "doneByHand":
      return `${event.action} done by ${event.by}: ${event.what}`;
    case "followUp":
      return `follow-up ${event.name}, due ${event.dueAt}`;
    case "closed":
      return `closed by ${event.by}`;
  }
}
