import type { RestoreConfirmation } from "../data/data-adapter";
import type { PlanStep } from "../plan/plan";
import type { Diary } from "./diary";
import type { EngineParts, EntryOfWord } from "./parts";
import type { Walk } from "./walk";

type Restore = Extract<EntryOfWord<"step">["does"], { action: "restore" }>;

/** Who confirmed a restore, or what is missing to it. */
export type ConfirmationStanding =
  | { readonly confirmation: RestoreConfirmation }
  | { readonly missing: readonly string[]; readonly why: string };

/**
 * Holds the confirmations that were given against the roles that must give one. A word counts only of somebody who may
 * speak in that role, and stays in the journal when it does not.
 */
export async function standingOfConfirmation(
  { store, confirmedBy }: Restore,
  { diary, parts }: { readonly diary: Diary; readonly parts: Pick<EngineParts, "people"> },
): Promise<ConfirmationStanding> {
  const valid: { person: string; role: string; reason: string }[] = [];
  const refused: string[] = [];
  for (const { by, role, reason = "" } of diary.state.confirmations) {
    if (role === undefined || !confirmedBy.includes(role)) continue;
    const finding = await parts.people.mayAct(by, role);
    if (finding.holds) valid.push({ person: by, role, reason });
    else refused.push(finding.why);
  }
  const missing = confirmedBy.filter((role) => !valid.some((one) => one.role === role));
  const [first] = valid;
  if (missing.length === 0 && first !== undefined) {
    return {
      confirmation: {
        confirmedBy: valid.map(({ person, role }) => ({ person, role })),
        reason: first.reason,
      },
    };
  }
  const so = refused.length === 0 ? "" : ` (${refused.join("; ")})`;
  return { missing, why: `the restore of ${store} waits to be confirmed by ${missing.join(" and ")}${so}` };
}

/**
 * Waits until everybody confirmed a restore whom the contract names: before anything is stopped for it.
 *
 * @returns false when a person left it out: the data stay as they are
 */
export async function untilConfirmed(walk: Walk, steps: readonly PlanStep[]): Promise<boolean> {
  const { diary, parts } = walk;
  for (const step of steps) {
    const entry = diary.state.plan.entries[step.entry];
    if (entry?.word !== "step" || entry.does.action !== "restore") continue;
    for (const role of entry.does.confirmedBy)
      if (diary.state.asked.get(entry.name)?.has(role) !== true)
        await diary.write({ kind: "asked", entry: entry.name, role, question: entry.title });
    for (;;) {
      if (diary.state.leftOut.has(step.id)) {
        parts.progress(`the data of ${entry.does.store} stay as they are`);
        return false;
      }
      const standing = await standingOfConfirmation(entry.does, walk);
      if ("confirmation" in standing) break;
      if (diary.state.held?.step !== step.id || diary.state.held.why !== standing.why)
        await walk.hold({ why: standing.why, step: step.id, needsPerson: true });
      await walk.stay(standing.why);
    }
    if (diary.state.held?.step === step.id)
      await diary.write({ kind: "goesOn", by: "switchyard", why: "the restore is confirmed" });
    parts.progress(`the restore of ${entry.does.store} is confirmed`);
  }
  return true;
}
