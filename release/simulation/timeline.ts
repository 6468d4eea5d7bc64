import type { JournalEntry } from "../journal/entry";
import type { Plan, PlanStep } from "../plan/plan";
import type { Simulation } from "./simulate";

/** One thing that happened in a simulated release. */
export interface TimelineLine {
  /** Virtual seconds from the start. */
  readonly seconds: number;
  /** Kind of the journal's entry; `process` for what becomes of the processes that run it. */
  readonly kind: JournalEntry["kind"] | "process";
  readonly step?: string;
  readonly gate?: string;
  readonly verdict?: string;
  readonly text: string;
}

/** A simulated release as people read it: each step, each verdict when it changes, and when. */
export function timelineOf(plan: Plan, { records, times, notes }: Simulation): readonly TimelineLine[] {
  const steps = new Map(
    [...plan.steps, ...plan.rollback, ...plan.restore, ...plan.aborted].map((step) => [step.id, step]),
  );
  const said = new Map<string, string>();
  const lines: TimelineLine[] = [];
  for (const [index, { entry }] of records.entries()) {
    const seconds = times[index]!;
    if (entry.kind === "verdict") {
      if (said.get(entry.gate) === entry.verdict) continue;
      said.set(entry.gate, entry.verdict);
      const { gate, verdict, why } = entry;
      lines.push({ seconds, kind: "verdict", gate, verdict, text: `${gate}: ${verdict} – ${why}` });
      continue;
    }
    const step = "step" in entry && entry.step !== undefined ? { step: entry.step } : {};
    const text = textOf(entry, steps);
    if (text !== undefined) lines.push({ seconds, kind: entry.kind, ...step, text });
  }
  for (const { seconds, text } of notes) lines.push({ seconds, kind: "process", text });
  return lines.sort((left, right) => left.seconds - right.seconds);
}

/** What an entry says to people; nothing where another line says it already. */
function textOf(entry: JournalEntry, steps: ReadonlyMap<string, PlanStep>): string | undefined {
  switch (entry.kind) {
    case "phase":
      return `phase ${entry.phase}`;
    case "intent":
      return steps.get(entry.step)?.action ?? entry.step;
    case "done":
      return doneWords(entry, steps.get(entry.step));
    case "failed":
      return `${entry.step}: attempt ${entry.attempt} failed – ${entry.why}`;
    case "held":
      return `on hold: ${entry.why}${entry.needsPerson ? " (a person decides)" : ""}`;
    case "goesOn":
      return `goes on: ${entry.why}`;
    case "command":
      return `${entry.command} by ${entry.by}${entry.reason === undefined ? "" : `: ${entry.reason}`}`;
    case "asked":
      return `${entry.role} is asked: ${entry.question}`;
    case "rollback":
      return `rolls back: ${entry.why}`;
    case "reopened":
      return `taken back after its end: ${entry.why}`;
    case "stopped":
      return `does not go on: ${entry.why}`;
    case "ended":
      return `${entry.outcome}: ${entry.why}`;
    default:
      return undefined;
  }
}

function doneWords(
  { step: id, milliseconds }: Extract<JournalEntry, { kind: "done" }>,
  step: PlanStep | undefined,
): string | undefined {
  switch (step?.does.as) {
    case "action":
    case "weight":
      return `${id}: done after ${clockWords(milliseconds / 1000)}`;
    case "wait":
    case "watch":
    case "approval":
    case "question":
    case "evidence":
      return `${id}: done`;
    default:
      return undefined;
  }
}

/** `1:02:03` for an hour, two minutes and three seconds. */
export function clockWords(seconds: number): string {
  const whole = Math.floor(seconds);
  const two = (number: number) => String(number).padStart(2, "0");
  return `${Math.floor(whole / 3600)}:${two(Math.floor(whole / 60) % 60)}:${two(whole % 60)}`;
}
