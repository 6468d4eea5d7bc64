import type { PlanStep } from "../plan/plan";
import { untilPhaseLasted } from "./dwell";
import type { EntryOfWord } from "./parts";
import { Refuse, RollBack } from "./turns";
import { answerHolds, standingOfAnswer, standingOfApproval } from "./waiting";
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
    const { answer, refused } = await standingOfAnswer(entry, walk);
    if (answer !== undefined) {
      const { holds, why } = answerHolds(entry, answer.answer);
      const breach = entry.onBreach ?? (entry.blocking ? "hold" : "report");
      if (holds || breach === "report") return walk.done(step, { why, by: answer.by }, 0);
      if (breach === "rollback") throw new RollBack(why, answer.by, walk.parts.clock.now());
      if (breach === "refuse") throw new Refuse(why);
    }
    if (!diary.state.asked.has(entry.name)) {
      await diary.write({ kind: "asked", entry: entry.name, role: entry.role, question: entry.question });
      walk.parts.progress(`asked ${entry.role}: ${entry.question}`);
    }
    if (!entry.blocking) return walk.done(step, { why: "asked, not waited for" }, 0);
    const so = refused.length === 0 ? "" : ` (${refused.join("; ")})`;
    const why = `${entry.role}: ${entry.question}${so}`;
    if (diary.state.held?.step !== step.id || diary.state.held.why !== why)
      await walk.hold({ why, step: step.id, needsPerson: true });
    await walk.stay(why);
  }
}
