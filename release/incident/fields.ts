import type { IncidentPlan } from "./plan";
import type { IncidentState } from "./state";

/** Values of the fields that messages of an incident have in braces. */
export function incidentFields(
  plan: IncidentPlan,
  state: IncidentState,
  incident: string,
): Readonly<Record<string, string>> {
  const { opened } = state;
  return {
    system: plan.contract.system,
    environment: opened.environment,
    release: incident,
    startsAt: opened.since,
    reason: opened.summary,
    phase: phaseOf(state),
    next: nextOf(plan, state),
    starter: opened.by,
    ...(opened.affected !== undefined && { affectedUsers: opened.affected }),
  };
}

/** Where an incident stands, in a word. */
export function phaseOf({ closed, acknowledged, timeline }: IncidentState): string {
  if (closed !== undefined) return "resolved";
  if (timeline.some(({ event }) => event === "acted" || event === "doneByHand")) return "being mended";
  return acknowledged === undefined ? "nobody has taken it yet" : "being looked into";
}

function nextOf({ offers, questions }: IncidentPlan, { answers, timeline }: IncidentState): string {
  const done = timeline.flatMap((one) => (one.event === "acted" ? [one.action] : []));
  const open = questions.find(({ name, blocking }) => blocking && !answers.has(name));
  if (open !== undefined) return open.question;
  const offer = offers.find(({ name }) => !done.includes(name));
  return offer?.title ?? "the cause is looked for";
}
