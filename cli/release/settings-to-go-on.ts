import type { JournalEntry } from "../../release/journal/entry";
import type { JournalStore } from "../../release/journal/journal";
import { type Train, trainsName } from "../../release/train/train";
import { requireUsableSettings } from "../stack-settings";
import type { Workspace } from "../workspace";

/** A release; a train is one of `trainsName`. */
interface Named {
  readonly system: string;
  readonly release: string;
}

/**
 * Whoever goes on with a release needs the settings of its stack, as whoever starts one. A release that goes back, or
 * was told to, waits for no setting; nor does a train in which one does.
 *
 * @throws UnusableSettings
 */
export async function requireSettingsToGoOn(
  workspace: Workspace,
  stack: string,
  store: JournalStore,
  named: Named,
): Promise<void> {
  const entries = await entriesOf(store, named);
  // Whoever asks is told elsewhere that it has ended.
  if (hasEnded(entries)) return;
  for (const one of [named, ...membersIn(named, entries)]) if (await goesBack(store, one)) return;
  requireUsableSettings(workspace, stack);
}

async function goesBack(store: JournalStore, named: Named): Promise<boolean> {
  const entries = await entriesOf(store, named);
  if (hasEnded(entries)) return false;
  if (entries.some(({ kind }) => kind === "rollback" || kind === "stopped" || kind === "reopened"))
    return true;
  const written = entries.filter((entry) => entry.kind === "command");
  const given = [...written, ...(await store.commands(named.system, named.release, new Set()))];
  return given.some(({ command }) => command === "rollback" || command === "abort");
}

function hasEnded(entries: readonly JournalEntry[]): boolean {
  return entries.findLast(({ kind }) => kind === "ended" || kind === "reopened")?.kind === "ended";
}

async function entriesOf(store: JournalStore, { system, release }: Named): Promise<readonly JournalEntry[]> {
  return (await store.open(system, release).read()).map(({ entry }) => entry);
}

function membersIn({ system }: Named, [first]: readonly JournalEntry[]): readonly Named[] {
  if (system !== trainsName || first?.kind !== "started") return [];
  return (first.plan as unknown as Train).members;
}
