import { UserError } from "../user-error";
import type { EventOf } from "./events";
import type { IncidentPlan } from "./plan";

const millisecondsPerHour = 3_600_000;

/**
 * The post-mortem that follows an incident. What must stand in it, who owns it and when it is due say the contract's
 * record of that kind and the follow-up for the same statement; where the runbook has none, whoever closes it may set a
 * date.
 *
 * @param by date that was given; it wins over the runbook's
 * @returns undefined when neither the runbook nor anybody wants one
 */
export function postMortemOf(
  { contract }: IncidentPlan,
  now: Date,
  by: string | undefined,
): EventOf<"followUp"> | undefined {
  const record = contract.entries.find((entry) => entry.word === "record" && entry.kind === "postMortem");
  const asked = record?.word === "record" ? record : undefined;
  const due = contract.entries.find(
    (entry) =>
      entry.word === "followUp" &&
      asked !== undefined &&
      [...entry.ids, ...(entry.supports ?? [])].some((id) => asked.ids.includes(id)),
  );
  const hours = due?.word === "followUp" ? due.dueHours : undefined;
  const dueAt =
    by === undefined ? hours && new Date(now.getTime() + hours * millisecondsPerHour) : dateOf(by);
  if (dueAt === undefined || dueAt === 0) return undefined;
  return {
    event: "followUp",
    name: "post-mortem",
    title: "Post-mortem of the incident",
    owner: asked?.role ?? "on-call-engineer",
    question:
      asked === undefined
        ? "Where is the post-mortem?"
        : `Where is the post-mortem, with ${asked.fields.join(", ")}?`,
    dueAt: dueAt.toISOString(),
  };
}

function dateOf(text: string): Date {
  const date = new Date(text);
  if (!Number.isNaN(date.getTime())) return date;
  throw new UserError(`"${text}" is no date`, { mend: "such as 2026-12-01" });
}
