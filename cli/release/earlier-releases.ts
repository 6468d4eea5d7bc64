import { backupsOf, type MadeBackup } from "../../release/engine/data-done";
import type { EntryOfWord } from "../../release/engine/parts";
import { type ReleaseState, stateOf } from "../../release/engine/state";
import { answerHolds } from "../../release/engine/waiting";
import type { Command, Journal, JournalStore } from "../../release/journal/journal";
import type { Manifest } from "../../release/plan/manifest";
import { isPostMortem } from "../../release/plan/selection";
import type { Contract, Phase } from "../../runbooks/vocabulary";

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

/**
 * Components as the newest finished release left them: what a rollback of a site in one piece deploys again. A release of
 * infrastructure alone left them as they were.
 */
export async function previousManifest(
  store: JournalStore,
  system: string,
  but: string,
): Promise<Manifest | undefined> {
  const states = await earlierReleases(store, system, but);
  return states.find(({ plan, ended }) => ended?.outcome === "finished" && plan.stack === undefined)?.plan
    .manifest;
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
        closed: (await answersTo(store, system, release)).has(postMortemEntry),
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
  /** When its gates are to be looked at again; absent before the first look. */
  readonly nextLookAt?: string;
  /** What was answered and is not what the runbook wants to hear. */
  readonly missed?: string;
}

/** In which of a contract's moments a release leaves its follow-ups; one that moved nothing leaves none. */
const followedIn: Readonly<Partial<Record<string, Phase>>> = {
  finished: "follow-up",
  rolledBack: "rolled-back",
};

/** Gates that did not pass, or go on for a time without a number, are looked at again after so many minutes. */
const usualMinutes = 60;

/**
 * Follow-ups that are due and that nobody has answered as the runbook wants it: of finished releases when their hour has
 * come, of those that went back from their end on, since what is owed then has a date until which it is due; and
 * post-mortems of those that need one.
 */
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
      const given = await answersTo(store, system, release);
      const postMortem = given.has(postMortemEntry) ? [] : postMortemsOf(state);
      const moment = followedIn[ended.outcome];
      const followUps = Object.values(plan.entries).flatMap((entry): DueFollowUp[] => {
        if (entry.word !== "followUp" || moment === undefined || !entry.during.includes(moment)) return [];
        const after = (hours: number) => new Date(Date.parse(ended.at) + hours * 3_600_000);
        const due = after(entry.dueHours);
        if (moment === "follow-up" && due > now) return [];
        const answer = given.get(entry.name);
        const missed = answer === undefined ? undefined : missedBy(entry, answer);
        if (answer !== undefined && missed === undefined) return [];
        const { name, title, owner, task, blocksNextRelease, untilHours } = entry;
        const nextLookAt = nextLook(entry, given);
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
            ...(nextLookAt !== undefined && { nextLookAt }),
            ...(missed !== undefined && { missed }),
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

/** What was last answered to each entry of a release; looks at gates stand under names of their own. */
async function answersTo(
  store: JournalStore,
  system: string,
  release: string,
): Promise<ReadonlyMap<string, Command>> {
  const commands = await store.commands(system, release, new Set());
  return new Map(
    commands.flatMap((given) =>
      given.command === "answer" && given.entry ? [[given.entry, given] as const] : [],
    ),
  );
}

/**
 * What an answer misses of what the runbook wants to hear, in words; undefined when it does not. Who gives one with a
 * reason accepts it as it is, and the reason is kept.
 */
export function missedBy(
  { task, expects, unit }: EntryOfWord<"followUp">,
  { answer, reason }: Pick<Command, "answer" | "reason">,
): string | undefined {
  if (task.as !== "question" || reason !== undefined) return undefined;
  if (answerHolds({ ...task, ...(expects !== undefined && { expects }) }, answer).holds) return undefined;
  const wanted =
    expects === undefined
      ? task.answer === "done"
        ? "done"
        : "yes"
      : `${expects.operator} ${expects.value ?? ""}${unit === undefined ? "" : ` (${unit})`}`;
  return `answered ${JSON.stringify(answer)}, wanted: ${wanted}`;
}

/** Under this name a look at a follow-up's gates is kept that does not answer it yet. */
export function lookEntry(followUp: string, at: string): string {
  return `${followUp} at ${at}`;
}

/** When its gates want to be looked at again, by the last look that is kept. */
function nextLook(
  { name, task, everyMinutes = usualMinutes }: EntryOfWord<"followUp">,
  given: ReadonlyMap<string, Command>,
): string | undefined {
  if (task.as !== "gates") return undefined;
  const looks = [...given].flatMap(([entry, { at }]) => (entry === lookEntry(name, at) ? [at] : [])).sort();
  const last = looks.at(-1);
  return last === undefined ? undefined : new Date(Date.parse(last) + everyMinutes * 60_000).toISOString();
}
