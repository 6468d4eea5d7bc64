import { backupsOf, type MadeBackup } from "../../release/engine/data-done";
import { type ReleaseState, stateOf } from "../../release/engine/state";
import type { Journal, JournalStore } from "../../release/journal/journal";
import type { Manifest } from "../../release/plan/manifest";
import { isPostMortem } from "../../release/plan/selection";
import type { Contract } from "../../runbooks/vocabulary";

/** So many of a system's newest releases are looked through for what is still open. */
const lookedThrough = 20;
/** What closes the post-mortem that the emergency path demands: `release answer --entry post-mortem`. */
export const postMortemEntry = "post-mortem";

/** States of a system's newest releases, the newest first. A journal that cannot be read is passed over: `verify` says why. */
export async function earlierReleases(
  store: JournalStore,
  system: string,
  but?: string,
): Promise<readonly ReleaseState[]> {
  const ids = (await store.releases(system)).filter((id) => id !== but).slice(-lookedThrough);
  const states = await Promise.all(ids.reverse().map((id) => stateIn(store.open(system, id))));
  return states.filter((state) => state !== undefined);
}

async function stateIn(journal: Journal): Promise<ReleaseState | undefined> {
  try {
    return stateOf(await journal.read());
  } catch {
    return undefined;
  }
}

/** Components as the newest finished release left them: what a rollback of a site in one piece deploys again. */
export async function previousManifest(
  store: JournalStore,
  system: string,
  but: string,
): Promise<Manifest | undefined> {
  const states = await earlierReleases(store, system, but);
  return states.find(({ ended }) => ended?.outcome === "finished")?.plan.manifest;
}

/** Backups that the newest releases made, with what proved them, the newest first. */
export async function earlierBackups(
  store: JournalStore,
  system: string,
  but: string,
): Promise<readonly MadeBackup[]> {
  const states = await earlierReleases(store, system, but);
  return states.flatMap((state) => backupsOf(state).made.toReversed());
}

/** Emergency releases whose post-mortem nobody has closed. */
export async function openPostMortems(
  store: JournalStore,
  { system, entries }: Contract,
  but: string,
): Promise<readonly string[]> {
  const demanded = entries.some(
    (entry) => entry.word === "window" && entry.rule.kind === "emergency" && entry.rule.postMortem,
  );
  if (!demanded) return [];
  const states = await earlierReleases(store, system, but);
  const open = await Promise.all(
    states
      .filter(({ plan, ended }) => plan.types.includes("emergency") && ended !== undefined)
      .map(async ({ release }) => ({
        release,
        closed: (await answered(store, system, release)).has(postMortemEntry),
      })),
  );
  return open.filter(({ closed }) => !closed).map(({ release }) => `post-mortem of ${release}`);
}

export interface DueFollowUp {
  readonly release: string;
  readonly entry: string;
  readonly title: string;
  readonly owner: string;
  readonly question?: string;
  /** Names of the gates that are looked at again, where it consists of them. */
  readonly gates?: readonly string[];
  readonly blocksNextRelease: boolean;
  readonly dueAt: string;
  /** Until when it goes on; absent for what is looked at or answered once. */
  readonly until?: string;
}

/** Follow-ups of finished releases that are due and that nobody has answered, and post-mortems of those that need one. */
export async function dueFollowUps(
  store: JournalStore,
  system: string,
  now: Date,
  but?: string,
): Promise<readonly DueFollowUp[]> {
  const states = await earlierReleases(store, system, but);
  const open = await Promise.all(
    states.map(async (state) => {
      const { release, plan, ended } = state;
      if (ended === undefined) return [];
      const given = await answered(store, system, release);
      const postMortem = given.has(postMortemEntry) ? [] : postMortemsOf(state);
      if (ended.outcome !== "finished") return postMortem;
      const followUps = Object.values(plan.entries).flatMap((entry): DueFollowUp[] => {
        if (entry.word !== "followUp" || given.has(entry.name)) return [];
        const after = (hours: number) => new Date(Date.parse(ended.at) + hours * 3_600_000);
        const due = after(entry.dueHours);
        if (due > now) return [];
        const { name, title, owner, task, blocksNextRelease, untilHours } = entry;
        return [
          {
            release,
            entry: name,
            title,
            owner,
            ...(task.as === "question" ? { question: task.question } : { gates: task.gates }),
            blocksNextRelease,
            dueAt: due.toISOString(),
            ...(untilHours !== undefined && { until: after(untilHours).toISOString() }),
          },
        ];
      });
      return [...postMortem, ...followUps];
    }),
  );
  return open.flat();
}

/** What people write after an emergency, asked for from the release's end on. */
function postMortemsOf({ release, plan, ended }: ReleaseState): readonly DueFollowUp[] {
  return Object.values(plan.entries)
    .filter(isPostMortem)
    .map(({ title, role, fields }) => ({
      release,
      entry: postMortemEntry,
      title,
      owner: role ?? "release",
      question: `Where is it, with ${fields.join(", ")}?`,
      blocksNextRelease: true,
      dueAt: ended!.at,
    }));
}

/** Those of them that block the next release, in words. */
export async function openFollowUps(
  store: JournalStore,
  system: string,
  but: string,
  now: Date,
): Promise<readonly string[]> {
  const due = await dueFollowUps(store, system, now, but);
  return (
    due
      // An open post-mortem blocks by itself, where the contract's gate asks for it.
      .filter(({ blocksNextRelease, entry }) => blocksNextRelease && entry !== postMortemEntry)
      .map(({ title, entry, release }) => `${title} (${entry} of ${release})`)
  );
}

async function answered(store: JournalStore, system: string, release: string): Promise<ReadonlySet<string>> {
  const commands = await store.commands(system, release, new Set());
  return new Set(commands.flatMap(({ command, entry }) => (command === "answer" && entry ? [entry] : [])));
}
