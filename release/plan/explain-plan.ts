import { componentDigest } from "./manifest";
import type { Plan, PlanStep } from "./plan";
import { planSeconds } from "./plan-seconds";
import { changeWords, losesWhatItHolds } from "./stack-changes";
import { preflightLines } from "./swap-preflight";
import { durationWords } from "./words";

/** Columns of a terminal that everybody has. */
const columns = 100;
const indent = "      ";

/**
 * A plan for people: what is released, how long it takes, who is needed when, what cannot be undone, then every step. Fits
 * 100 columns, but for words that are longer by themselves.
 */
export function explainPlan(plan: Plan): string {
  const lines = [
    ...header(plan),
    ...section("Who is needed", needed(plan.steps)),
    ...section("What cannot be undone", irrevocable(plan)),
    ...section(
      "Worth knowing",
      plan.warnings.flatMap((warning) => bullet(warning)),
    ),
    ...Object.entries(plan.swaps ?? {}).flatMap(([track, swap]) =>
      section(`Settings when ${track} is swapped`, preflightLines(swap).flatMap(bullet)),
    ),
    "",
    ...phaseLines(plan, plan.steps),
    ...section("Should it be rolled back", wayBack(plan)),
    ...section("Should data have to be restored, which a named person decides", short(plan.restore)),
    "",
    `Plan ${plan.digest}`,
  ];
  return `${lines.join("\n")}\n`;
}

function header({
  system,
  environment,
  from,
  to,
  types,
  stack,
  reason,
  manifest,
  steps,
  manifestDigest,
}: Plan): string[] {
  const { planned, atMost } = planSeconds(steps);
  const sides = [
    ...new Set(
      Object.entries(to.sides).map(([track, side]) => `${track}: ${from.sides[track] ?? "?"} to ${side}`),
    ),
  ];
  const components = Object.entries(manifest.components).map(
    ([name, component]) => `${name} ${componentDigest(component).slice(0, "sha256:".length + 12)}`,
  );
  const brought =
    stack === undefined
      ? [
          ...wrapped(`Components: ${components.join(", ")}`, "  "),
          ...wrapped(`Traffic: ${sides.join(", ")}`, "  "),
        ]
      : [
          ...wrapped(
            `Traffic: stays where it is (${Object.entries(to.sides)
              .map(([track, side]) => `${track}: ${side}`)
              .join(", ")})`,
            "  ",
          ),
          `  Changes of the stack, ${stack.digest.slice(0, "sha256:".length + 12)}:`,
          ...stack.changes.flatMap((change) =>
            wrapped(`- ${changeWords(change)}${change.own ? "" : " (of another system)"}`, "    ", "      "),
          ),
        ];
  const versions =
    stack === undefined
      ? `${from.version ?? "an unknown version"} to ${to.version}`
      : `${to.version} stays, its infrastructure changes`;
  return [
    `${system} on ${environment}: ${versions} (${types.join(", ")})`,
    ...(reason === undefined ? [] : wrapped(`Emergency: ${reason}`, "  ")),
    ...brought,
    ...(manifest.migration
      ? wrapped(`Migration (${manifest.migration.kind}): ${manifest.migration.names.join(", ")}`, "  ")
      : []),
    `  Manifest: ${manifestDigest.slice(0, "sha256:".length + 12)}`,
    `  Duration: about ${durationWords(planned)}, at most ${durationWords(atMost)}, and the time that people take`,
  ];
}

/** Each role with the phases in which it is needed, in the order of the plan. */
function needed(steps: readonly PlanStep[]): string[] {
  const roles = new Map<string, Map<string, number>>();
  for (const { people, phase } of steps) {
    for (const role of people) {
      const phases = roles.get(role) ?? new Map<string, number>();
      phases.set(phase, (phases.get(phase) ?? 0) + 1);
      roles.set(role, phases);
    }
  }
  if (roles.size === 0) return ["  nobody"];
  return [...roles].flatMap(([role, phases]) => {
    const when = [...phases].map(([phase, times]) => (times === 1 ? phase : `${phase} (${times})`));
    return wrapped(`${role}: ${when.join(", ")}`, "  ", "    ");
  });
}

function irrevocable({ steps, rollback, stack, entries }: Plan): string[] {
  const changesData = ({ entry }: PlanStep) => {
    const step = entries[entry];
    return step?.word === "step" && step.does.action === "migrate";
  };
  const lines = [
    // Of the way back what touches data: the rest of it can be gone forwards again.
    ...[...steps, ...rollback.filter(changesData)]
      .filter(({ undo }) => undo === "nothing")
      .flatMap(({ id, action }) => bullet(`${action} (${id})`)),
    ...(stack?.changes ?? [])
      .filter(losesWhatItHolds)
      .flatMap((change) => bullet(`${changeWords(change)}: what it holds goes with it`)),
  ];
  return lines.length === 0 ? ["  nothing"] : lines;
}

function phaseLines({ watched, entries }: Plan, steps: readonly PlanStep[]): string[] {
  const phases = [...new Set(steps.map(({ phase }) => phase))];
  const lines: string[] = [];
  let number = 0;
  for (const phase of phases) {
    const own = steps.filter((step) => step.phase === phase);
    const { planned } = planSeconds(own);
    lines.push(`${phase} (about ${durationWords(planned)})`);
    for (const step of own) {
      number++;
      const ids = step.statements.length === 0 ? "" : ` [${step.statements.join(", ")}]`;
      lines.push(...wrapped(`${String(number).padStart(4)}. ${step.action}${ids}`, "", indent));
      if (step.does.as === "action" && step.undo !== "not needed")
        lines.push(...wrapped(`undone by: ${step.undo}`, indent, indent));
    }
    const gates = watched.filter(({ phases: during }) => during.includes(phase));
    if (gates.length > 0) {
      lines.push(`${indent}Looked at all the time:`);
      for (const gate of gates) {
        const title = entries[gate.entry]?.title ?? gate.entry;
        const when = phase === "ramp" ? weightsWords(gate) : "";
        lines.push(...wrapped(`- ${title}${when}`, `${indent}  `, `${indent}    `));
      }
    }
    lines.push("");
  }
  return lines.slice(0, -1);
}

function weightsWords({ fromPercent, atPercent }: Plan["watched"][number]): string {
  if (atPercent !== undefined) return ` (at ${atPercent} %)`;
  return fromPercent === undefined ? "" : ` (from ${fromPercent} %)`;
}

/** Where nothing is carried out on the way back, people are asked to. */
function wayBack({ stack, rollback }: Plan): string[] {
  if (stack === undefined) return short(rollback);
  const asked = rollback.filter(({ does, phase }) => does.as === "question" && phase === "rollback");
  return [
    ...bullet("nothing goes back by itself: the stack stays as it was updated until people have changed it"),
    ...asked.flatMap(({ action }) => bullet(action)),
    ...short(rollback),
  ];
}

function short(steps: readonly PlanStep[]): string[] {
  return steps
    .filter(({ does }) => does.as === "action" || does.as === "watch")
    .flatMap(({ action }) => bullet(action));
}

function section(title: string, lines: readonly string[]): string[] {
  return lines.length === 0 ? [] : ["", title, ...lines];
}

function bullet(text: string): string[] {
  return wrapped(`- ${text}`, "  ", "    ");
}

/** Breaks a line between words. */
function wrapped(text: string, first: string, rest = `${first}  `): string[] {
  const lines: string[] = [];
  let line = first;
  let empty = true;
  // The number of a step is set off by blanks of its own.
  const [, lead = "", body = ""] = /^(\s*)([\s\S]*)$/.exec(text) ?? [];
  line += lead;
  for (const word of body.split(/\s+/)) {
    if (!empty && line.length + 1 + word.length > columns) {
      lines.push(line);
      line = rest;
      empty = true;
    }
    line += empty ? word : ` ${word}`;
    empty = false;
  }
  return [...lines, line];
}
