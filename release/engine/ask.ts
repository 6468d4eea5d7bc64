import type { PlanStep } from "../plan/plan";
import { backupNamed, type Chosen } from "./chosen-backup";
import { holdForPerson, untilPhaseLasted } from "./dwell";
import type { EntryOfWord, Finding } from "./parts";
import { Refuse, RollBack } from "./turns";
import { answerHolds, followsNo, standingOfAnswer, standingOfApproval } from "./waiting";
import type { Walk } from "./walk";

/** Waits until everybody approved whom the contract wants. */
export async function approval(walk: Walk, step: PlanStep, entry: EntryOfWord<"approval">): Promise<void> {
  for (;;) {
    const standing = await standingOfApproval(entry, walk);
    if (standing.holds) return walk.done(step, { why: standing.why }, 0);
    if (walk.diary.state.held?.step !== step.id) {
      const asked = walk.diary.state.asked.get(entry.name);
      for (const role of entry.roles.filter((one) => !asked?.has(one)))
        await walk.diary.write({ kind: "asked", entry: entry.name, role, question: entry.title });
      await walk.hold({ why: standing.why, step: step.id, needsPerson: true });
    }
    await walk.stay(standing.why);
  }
}

/** Asks a person, and waits for the answer where the contract does. */
export async function question(
  walk: Walk,
  step: PlanStep,
  entry: EntryOfWord<"manual">,
  afterSeconds: number,
): Promise<void> {
  const { diary } = walk;
  if (afterSeconds > 0) await untilPhaseLasted(walk, afterSeconds);
  for (;;) {
    const { answer, refused: notCounted } = await standingOfAnswer(entry, walk);
    const refused = [...notCounted];
    if (answer !== undefined) {
      const { holds, why, fault, ...chosen } = await judged(entry, answer.answer, walk);
      const breach = followsNo(entry);
      if (holds || breach === "report") return walk.done(step, { why, by: answer.by, ...chosen }, 0);
      if (fault !== undefined) refused.push(fault);
      if (breach === "rollback") throw new RollBack(why, answer.by, walk.parts.clock.now());
      if (breach === "refuse") throw new Refuse(why);
    }
    if (!diary.state.asked.has(entry.name)) {
      await diary.write({ kind: "asked", entry: entry.name, role: entry.role, question: entry.question });
      walk.parts.progress(`asked ${entry.role}: ${entry.question}`);
    }
    if (!entry.blocking) return walk.done(step, { why: "asked, not waited for" }, 0);
    const undecided = await holdForPerson(walk);
    if (undecided !== undefined) {
      await walk.stay(undecided);
      continue;
    }
    const so = refused.length === 0 ? "" : ` (${refused.join("; ")})`;
    const why = `${entry.role}: ${entry.question}${so}`;
    if (diary.state.held?.step !== step.id || diary.state.held.why !== why)
      await walk.hold({ why, step: step.id, needsPerson: true });
    await walk.stay(why);
  }
}

/** Whether an answer is what is wanted; where it is to name a backup, which one that is, or why it names none. */
async function judged(
  entry: EntryOfWord<"manual">,
  answer: unknown,
  walk: Walk,
): Promise<Finding & Partial<Chosen> & { readonly fault?: string }> {
  const finding = answerHolds(entry, answer);
  if (!finding.holds || entry.namesBackupOf === undefined) return finding;
  const named = await backupNamed(answer, entry.namesBackupOf, walk);
  if (typeof named !== "string") return { ...finding, restoreFrom: named };
  return { holds: false, why: `${finding.why}: ${named}`, fault: named };
}
