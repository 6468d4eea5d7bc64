import type { Backup } from "../data/data-adapter";
import { UserError } from "../user-error";
import { backupsOf } from "./data-done";
import type { Diary } from "./diary";
import type { EngineParts } from "./parts";

const mostShown = 10;

interface Asked {
  readonly diary: Diary;
  readonly parts: Pick<EngineParts, "earlierBackups">;
}

/**
 * The backup that an answer names with its first word: one that this release or one before it made and proved.
 *
 * @returns why it names none, with those that there are
 */
export async function backupNamed(answer: unknown, store: string, asked: Asked): Promise<Backup | string> {
  const [name = ""] = /[\w-]+(?:\.[\w-]+)*/.exec(String(answer ?? "")) ?? [];
  const known = await restorable(store, asked).catch((error: unknown) => {
    if (error instanceof UserError) return error.message;
    throw error;
  });
  if (typeof known === "string") return known;
  const found = known.find(({ recordedAs }) => recordedAs === name);
  if (found !== undefined) return found;
  const names = known.slice(0, mostShown).map(({ recordedAs }) => recordedAs);
  const there = names.length === 0 ? "there is none" : `there are ${names.join(", ")}`;
  return `${JSON.stringify(name)} is no recorded and proven backup of ${store}: ${there}`;
}

/** The newest first. */
async function restorable(store: string, { diary, parts }: Asked): Promise<readonly Backup[]> {
  const own = backupsOf(diary.state).made.toReversed();
  const earlier = (await parts.earlierBackups?.()) ?? [];
  return [...own, ...earlier]
    .filter(({ backup, proof }) => backup.store === store && proof !== undefined)
    .map(({ backup }) => backup);
}

/** What a question of the release chose, in what is written down of it. */
export interface Chosen {
  readonly restoreFrom: Backup;
}

/** The backup that somebody chose for a store; undefined where nobody was asked. */
export function chosenBackup({ state }: Diary, store: string): Backup | undefined {
  for (const { seen } of state.done.values()) {
    const chosen = (seen as Partial<Chosen> | null)?.restoreFrom;
    if (chosen?.store === store) return chosen;
  }
  return undefined;
}
