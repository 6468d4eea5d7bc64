import { offersOf } from "../../release/incident/offers";
import { planIncident, playbooksOf } from "../../release/incident/plan";
import type { CommandContext } from "../context";
import { openSession } from "./incident-session";

/** What a system's runbook knows of incidents: symptoms, who is told when, and who can be called. */
export function listSymptoms(
  context: CommandContext,
  system: string,
  { stack, format }: { readonly stack: string; readonly format: "text" | "json" },
): void {
  const { contract, environment, on } = openSession(context, { system, stack });
  const playbooks = playbooksOf(contract, environment).map((playbook) => ({
    symptom: playbook.symptom,
    title: playbook.title,
    condition: playbook.condition,
    statements: playbook.ids,
    offers: offersOf(playbook).map(({ name, title, confirmedBy }) => ({ name, title, confirmedBy })),
  }));
  const plan = planIncident(contract, environment, undefined);
  const ladders = [...plan.ladders, ...plan.callable].map((ladder) => ({
    name: ladder.name,
    condition: ladder.condition,
    severity: ladder.severity ?? null,
    calledBy: ladder.calledBy ?? null,
    rungs: ladder.ladder.map(({ afterMinutes, role, channel }) => ({ afterMinutes, role, channel })),
  }));
  if (format === "json") {
    context.out(`${JSON.stringify({ system, stack, playbooks, ladders }, undefined, 2)}\n`);
    return;
  }
  for (const { symptom, condition, offers } of playbooks) {
    context.out(`${symptom}: ${condition}\n`);
    for (const { name, title, confirmedBy } of offers)
      context.out(`  offers ${name}: ${title} (${confirmedBy})\n`);
  }
  for (const { name, condition, severity, calledBy, rungs } of ladders) {
    const when = calledBy === null ? (severity ?? "by itself") : `called by ${calledBy}`;
    context.out(`ladder ${name} (${when}): ${condition}\n`);
    for (const { afterMinutes, role, channel } of rungs)
      context.out(`  after ${afterMinutes} min ${role} by ${channel}\n`);
  }
  const [first] = playbooks;
  if (first !== undefined) context.out(`npx switchyard incident ${system} --symptom ${first.symptom}${on}\n`);
}
