import { answerHolds } from "../../release/engine/waiting";
import { UserError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { loadSystem } from "../release/load-release";
import { peopleOfStack } from "../release/people-of-stack";
import { carryOut, findIncident, type IncidentSession, openSession, write } from "./incident-session";

export interface TellOptions {
  readonly stack: string;
  readonly incident?: string;
  readonly role?: string;
}

/** Takes an incident: its ladders climb no further, but those that nothing but its end stops. */
export async function acknowledge(
  context: CommandContext,
  system: string,
  { role, ...options }: TellOptions,
): Promise<void> {
  const session = openSession(context, { system, stack: options.stack });
  const { id, state } = await findIncident(session, options.incident);
  requireOpen(id, state.closed !== undefined);
  const told = state.told.flatMap((one) => (one.role === undefined ? [] : [one.role]));
  await requireOneOf(session, role === undefined ? told : [role]);
  await write(session, id, {
    event: "acknowledged",
    by: session.actor,
    ...(role !== undefined && { role }),
  });
  context.out(`${id} is taken by ${session.actor}.\n`);
}

/** The answer to a question of an incident, or to one of its follow-ups. */
export async function answerIncident(
  context: CommandContext,
  system: string,
  options: TellOptions & { readonly entry: string; readonly value: string | number },
): Promise<void> {
  const session = openSession(context, { system, stack: options.stack });
  const { id, state, plan } = await findIncident(session, options.incident);
  const { entry, value } = options;
  const question = plan.questions.find(({ name }) => name === entry);
  const followUp = state.followUps.find(({ name }) => name === entry);
  const role = question?.role ?? followUp?.owner;
  if (role === undefined)
    throw new UserError(`${id} asks no question ${entry}`, {
      mend: `it asks: ${[...plan.questions, ...state.followUps].map(({ name }) => name).join(", ") || "none"}`,
    });
  if (question !== undefined) requireOpen(id, state.closed !== undefined);
  await requireOneOf(session, [role]);
  await write(session, id, { event: "answered", entry, by: session.actor, role, answer: value });
  const verdict = question === undefined ? undefined : answerHolds(question, value);
  context.out(
    `${entry}: noted, by ${session.actor} as ${role}.${verdict?.holds === false && question?.expects !== undefined ? " It is not what the runbook wants to hear: the incident goes on." : ""}\n`,
  );
}

/** Calls a ladder whose condition only a person can judge. */
export async function callLadder(
  context: CommandContext,
  system: string,
  options: TellOptions & { readonly ladder: string; readonly reason: string },
): Promise<void> {
  const session = openSession(context, { system, stack: options.stack });
  const opened = await findIncident(session, options.incident);
  requireOpen(opened.id, opened.state.closed !== undefined);
  const { callable } = opened.plan;
  if (!callable.some(({ name }) => name === options.ladder))
    throw new UserError(`nothing called ${options.ladder} can be called`, {
      mend: `there are: ${callable.map(({ name, condition }) => `${name} (${condition})`).join("; ") || "none"}`,
    });
  const loaded = await loadSystem(context, { system, stack: options.stack });
  await write(session, opened.id, {
    event: "called",
    entry: options.ladder,
    by: session.actor,
    why: options.reason,
  });
  await carryOut(session, loaded, opened);
  context.out(`${options.ladder} is called.\n`);
}

export function requireOpen(id: string, closed: boolean): void {
  if (closed)
    throw new UserError(`${id} is closed`, {
      mend: "a new one begins with switchyard incident SYSTEM --symptom S",
    });
}

/** @throws UserError when whoever sits here may act in none of the roles */
async function requireOneOf(
  { context, stack, actor }: IncidentSession,
  roles: readonly string[],
): Promise<void> {
  const people = peopleOfStack(context.workspace, stack, process.env);
  const reasons: string[] = [];
  for (const role of new Set(roles)) {
    const { holds, why } = await people.mayAct(actor, role);
    if (holds) return;
    reasons.push(why);
  }
  throw new UserError(
    `${actor} may not: ${reasons.join("; ") || "nobody has been told yet; say --role ROLE"}`,
  );
}
