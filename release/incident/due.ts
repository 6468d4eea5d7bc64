import type { EntryOfWord } from "../engine/parts";
import type { IncidentPlan, Ladder } from "./plan";
import type { IncidentState } from "./state";

const millisecondsPerMinute = 60_000;

/** Something that is to happen at a moment of an incident. */
export type Due = { readonly at: Date } & (
  | { readonly as: "message"; readonly entry: EntryOfWord<"notify"> }
  | { readonly as: "question"; readonly entry: EntryOfWord<"manual"> }
  | { readonly as: "rung"; readonly entry: Ladder; readonly rung: number }
);

/**
 * What is still to come of an incident, the earliest first; what is due stands before what is not yet. A rung whose
 * ladder somebody has ended is not among it, and nothing is once the incident is closed.
 */
export function agenda(plan: IncidentPlan, state: IncidentState): readonly Due[] {
  if (state.closed !== undefined) return [];
  const { opened } = state;
  const minutesAfter = (began: string, minutes: number) =>
    new Date(Date.parse(began) + (Math.max(0, minutes) * millisecondsPerMinute) / (opened.speed ?? 1));
  const messages = plan.messages.flatMap((entry): Due[] => {
    const last = state.told.findLast((told) => told.entry === entry.name);
    if (last === undefined)
      return [{ as: "message", entry, at: minutesAfter(opened.since, entry.offsetMinutes ?? 0) }];
    const { repeatEveryMinutes } = entry;
    return repeatEveryMinutes === undefined
      ? []
      : [{ as: "message", entry, at: minutesAfter(last.at, repeatEveryMinutes) }];
  });
  const questions = plan.questions
    .filter(({ name }) => !state.asked.has(name))
    .map(
      (entry): Due => ({
        as: "question",
        entry,
        at: minutesAfter(opened.since, entry.offsetMinutes ?? 0),
      }),
    );
  const rungs = [...plan.ladders, ...plan.callable].flatMap((entry): Due[] => {
    const began = beginOf(entry, plan, state);
    if (began === undefined || isEnded(entry, began, state)) return [];
    return entry.ladder.flatMap(({ afterMinutes }, rung): Due[] =>
      wasTold(entry, rung, state) ? [] : [{ as: "rung", entry, rung, at: minutesAfter(began, afterMinutes) }],
    );
  });
  return [...messages, ...questions, ...rungs].sort(
    (left, right) => left.at.getTime() - right.at.getTime() || order[left.as] - order[right.as],
  );
}

/** People hear of it before they are asked about it. */
const order: Readonly<Record<Due["as"], number>> = { rung: 0, message: 1, question: 2 };

/** When a ladder begins: with the incident, when its severity is known, or when it is called. */
function beginOf(ladder: Ladder, { callable }: IncidentPlan, state: IncidentState): string | undefined {
  const called = state.called.get(ladder.name);
  if (called !== undefined) return called.at;
  if (callable.includes(ladder)) return undefined;
  if (ladder.severity === undefined) return state.opened.since;
  return state.severity?.severity === ladder.severity ? state.severity.at : undefined;
}

/** Who has acknowledged an incident has not acknowledged what somebody calls afterwards. */
function isEnded({ until, name }: Ladder, began: string, state: IncidentState): boolean {
  if (until === "resolved" || state.acknowledged === undefined) return false;
  return !state.called.has(name) || Date.parse(state.acknowledged.at) > Date.parse(began);
}

function wasTold({ name }: Ladder, rung: number, { told }: IncidentState): boolean {
  return told.some((one) => one.entry === name && one.rung === rung);
}
