import type { EntryOfWord } from "../engine/parts";
import type { JournalRecord } from "../journal/entry";
import type { Plan, PlanStep } from "../plan/plan";
import { calendarOf } from "../plan/plan-calendar";
import { movingPhases } from "../plan/selection";
import { isInARole, starter } from "./people";

type Given = JournalRecord["entry"] & { readonly kind: "command" } & { readonly at: Date };

const hourMilliseconds = 3_600_000;

/** What lets a step move something forward: approvals that have not run out, and a calendar that is open. */
export class Allowance {
  readonly #approvals: Given[] = [];
  /** When the entry before was written. */
  #before: Date | undefined;

  constructor(private readonly plan: Plan) {}

  read({ entry, at }: JournalRecord): void {
    this.#before = new Date(at);
    if (entry.kind === "command" && entry.command === "approve")
      this.#approvals.push({ ...entry, at: this.#before });
  }

  /**
   * Why a step may not begin. Between the engine's look and its entry the store may have been away, so that what was
   * allowed at the entry before is.
   */
  against(step: PlanStep, at: string): string | undefined {
    const acts = step.does.as === "action" || step.does.as === "weight";
    if (!acts || !movingPhases.includes(step.phase)) return undefined;
    const now = this.#against(step, new Date(at));
    return this.#before === undefined || now === undefined ? now : this.#against(step, this.#before);
  }

  #against({ precondition }: PlanStep, now: Date): string | undefined {
    for (const id of precondition) {
      const entry = this.plan.entries[this.plan.steps.find((one) => one.id === id)?.entry ?? ""];
      if (entry?.word === "approval" && !this.#stands(entry, now)) return `${entry.name} does not stand`;
    }
    const [closed] = calendarOf(this.plan).refusals({ from: now, to: now });
    return closed && `window ${closed.entry} is closed`;
  }

  #stands({ name, roles, atLeast, validHours }: EntryOfWord<"approval">, now: Date): boolean {
    const people = this.#approvals.filter(
      ({ entry, by, role, at }) =>
        entry === name &&
        by !== starter &&
        isInARole(by) &&
        roles.includes(role ?? "") &&
        now.getTime() - at.getTime() <= validHours * hourMilliseconds,
    );
    return new Set(people.map(({ by }) => by)).size >= atLeast;
  }
}
