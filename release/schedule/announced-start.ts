import { movingSpan } from "../plan/calendar-refusals";
import type { Plan, PlanStep } from "../plan/plan";
import { movingPhases } from "../plan/selection";
import { aheadMessages } from "./ahead";
import type { ScheduleState } from "./state";

/** Fields by which a message says when what moves begins, rather than the release. */
const timeField = "maintenanceStart";

/**
 * The plan of a release that was announced, with a wait before its first step that moves something where people were told when
 * that begins: what comes before it is planned to take half of what it may, and is often done sooner. Who was told of no
 * such time, and the emergency path, are not waited for. The digest is what it was: what is done is the same.
 *
 * @param isTold whether a message of the release was told, or is going to be
 */
export function withAnnouncedStart(
  plan: Plan,
  { plan: announced }: Pick<ScheduleState, "plan">,
  isTold: (entry: string) => boolean,
): Plan {
  if (plan.types.includes("emergency")) return plan;
  const [message] = aheadMessages(announced).filter(
    ({ entry }) => entry.fields.includes(timeField) && isTold(entry.name),
  );
  const since = announced.startsAt;
  const begins = movingSpan(announced.steps, new Date(since))?.from;
  const first = plan.steps.findIndex(({ phase }) => movingPhases.includes(phase));
  if (message === undefined || begins === undefined || first < 0) return plan;
  const { phase } = plan.steps[Math.max(0, first - 1)]!;
  const minute = begins.toISOString().slice(0, 16).replace("T", " ");
  const wait: PlanStep = {
    id: `${phase}/announced-start`,
    phase,
    entry: "announced-start",
    statements: message.entry.ids,
    title: "What moves begins when it was announced to",
    action: `wait until ${minute} UTC: ${message.entry.audience} were told that it begins then`,
    does: { as: "wait", since, seconds: (begins.getTime() - Date.parse(since)) / 1000 },
    precondition: [],
    observation: "the time",
    timeoutSeconds: 0,
    plannedSeconds: 0,
    undo: "not needed",
    people: [],
    tells: [],
  };
  return { ...plan, steps: [...plan.steps.slice(0, first), wait, ...plan.steps.slice(first)] };
}
