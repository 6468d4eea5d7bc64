import type { Diary } from "./diary";
import type { EngineParts, EntryOfWord, Finding } from "./parts";
import type { GivenCommand } from "./state";

/** What people were asked and what they said, held against what the entry wants. */
export async function standingOfApproval(
  entry: EntryOfWord<"approval">,
  { diary, parts }: { readonly diary: Diary; readonly parts: Pick<EngineParts, "people" | "clock"> },
): Promise<Finding> {
  const { state } = diary;
  const valid: GivenCommand[] = [];
  const refused: string[] = [];
  for (const command of state.commands) {
    if (command.command !== "approve" || command.entry !== entry.name || command.role === undefined) continue;
    const finding = await approvalCounts(command, entry, state.startedBy, parts);
    if (!finding.holds) refused.push(finding.why);
    else if (!valid.some(({ by }) => by === command.by)) valid.push(command);
  }
  const missing = entry.onePerRole
    ? entry.roles.filter((role) => !valid.some((one) => one.role === role))
    : [];
  const people = valid.map(({ by, role }) => `${by} as ${role}`).join(", ");
  if (missing.length === 0 && valid.length >= entry.atLeast) return { holds: true, why: people };
  const wanted =
    missing.length > 0
      ? missing.join(" and ")
      : `${entry.atLeast - valid.length} more of ${entry.roles.join(", ")}`;
  const so = [...(people === "" ? [] : [`given by ${people}`]), ...refused].join("; ");
  return {
    holds: false,
    why: `${entry.title}: waits for ${wanted}${so === "" ? "" : ` (${so})`}`,
  };
}

async function approvalCounts(
  command: GivenCommand,
  entry: EntryOfWord<"approval">,
  starter: string,
  { people, clock }: Pick<EngineParts, "people" | "clock">,
): Promise<Finding> {
  const { by, role, at } = command;
  const hours = ((clock.now().getTime() - Date.parse(at)) * clock.speed) / 3_600_000;
  if (hours > entry.validHours) {
    return {
      holds: false,
      why: `${by} approved more than ${entry.validHours} h ago: it must be given again`,
    };
  }
  if (by === starter) return { holds: false, why: `${by} started the release and cannot approve it` };
  if (!entry.roles.includes(role!)) return { holds: false, why: `${role} is not asked` };
  return people.mayAct(by, role!);
}

/** What was answered to a question by somebody who may, and why other answers do not count. */
export interface StandingAnswer {
  /** The last one; undefined while nobody gave one who may. */
  readonly answer: GivenCommand | undefined;
  readonly refused: readonly string[];
}

/**
 * An answer lets the release go on, so that it counts only of whom the entry asks. One on which the contract goes back
 * counts of anybody, as `release rollback` does: commands.ts sees to that.
 */
export async function standingOfAnswer(
  entry: EntryOfWord<"manual">,
  { diary, parts }: { readonly diary: Diary; readonly parts: Pick<EngineParts, "people"> },
): Promise<StandingAnswer> {
  const refused = new Set<string>();
  for (const given of diary.state.commands.toReversed()) {
    if (given.command !== "answer" || given.entry !== entry.name) continue;
    const { holds, why } = await parts.people.mayAct(given.by, entry.role);
    if (holds) return { answer: given, refused: [...refused] };
    refused.add(why);
  }
  return { answer: undefined, refused: [...refused] };
}

/** A question to a person, in a release or after it. */
type Asked = Pick<EntryOfWord<"manual">, "question" | "answer" | "expects">;

/** Whether an answer is what the runbook wants to hear. */
export function answerHolds(entry: Asked, answer: unknown): Finding {
  const said = `${entry.question} – ${JSON.stringify(answer)}`;
  if (entry.answer === "done") return { holds: answer === true || answer === "done", why: said };
  if (entry.answer === "yesNo" && entry.expects === undefined) {
    return { holds: answer === true || answer === "yes", why: said };
  }
  return { holds: entry.expects === undefined || meets(answer, entry.expects), why: said };
}

/** What follows where an answer is not what the runbook wants to hear. */
export function followsNo({
  onBreach,
  blocking,
}: Pick<EntryOfWord<"manual">, "onBreach" | "blocking">): NonNullable<EntryOfWord<"manual">["onBreach"]> {
  return onBreach ?? (blocking ? "hold" : "report");
}

function meets(answer: unknown, { operator, value }: NonNullable<Asked["expects"]>): boolean {
  const given = answer === "yes" ? true : answer === "no" ? false : answer;
  switch (operator) {
    case "equals":
      return given === value;
    case "notEquals":
      return given !== undefined && given !== value;
    case "exists":
      return given !== undefined && given !== null && given !== "";
    case "contains":
      return typeof given === "string" && given.includes(String(value));
    case "atLeast":
      return numbers(given, value, (left, right) => left >= right);
    case "atMost":
      return numbers(given, value, (left, right) => left <= right);
    case "lessThan":
      return numbers(given, value, (left, right) => left < right);
    case "greaterThan":
      return numbers(given, value, (left, right) => left > right);
  }
}

function numbers(left: unknown, right: unknown, compare: (left: number, right: number) => boolean): boolean {
  return Number.isFinite(left) && Number.isFinite(right) && compare(left as number, right as number);
}
