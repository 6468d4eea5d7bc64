import { databaseInUse, isNamed } from "../../release/data/in-use";
import type { ReleaseState } from "../../release/engine/state";
import type { JournalStore } from "../../release/journal/journal";
import type { Planned } from "../../release/plan/planner";
import type { Refusal } from "../../release/plan/refusal";
import { UserError } from "../../release/user-error";
import { restoredSetting } from "../../runbooks/connection-secrets";
import type { ReleaseFacts, StoreKind } from "../../runbooks/release-facts";
import type { CommandContext } from "../context";
import { earlierReleases } from "./earlier-releases";
import { journalStoreOf } from "./journal-store";
import type { LoadedRelease } from "./load-release";

/** What the last restore of a store has made. */
interface LastRestore {
  readonly store: StoreKind;
  readonly target: string;
  readonly release: string;
}

/**
 * The plan, or that it is refused: an earlier release has restored a store to another place, and the stack still names the one
 * before. Its backups and proofs would be of data that nobody uses any more, while migrations run on those that people do.
 */
export async function withRestoredNamed(
  context: CommandContext,
  { facts, surroundings, stack }: Pick<LoadedRelease, "facts" | "surroundings" | "stack">,
  planned: Planned,
): Promise<Planned> {
  if ("refusals" in planned) return planned;
  const { workspace, say, signal } = context;
  try {
    const journals = journalStoreOf({ workspace, stack, user: process.env, warn: say });
    const refusals = await restoredElsewhere(journals, facts, (store) =>
      databaseInUse(surroundings, facts, store, signal),
    );
    return refusals.length === 0 ? planned : { refusals };
  } catch (error) {
    if (!(error instanceof UserError)) throw error;
    say(`it is not known whether data of ${facts.system} were restored to another place: ${error.message}`);
    return planned;
  }
}

/**
 * @param inUse where the vault sends those who use a store; undefined where that cannot be read. Somebody may have gone back to
 *   the database before by an earlier version of the secret: then the stack is right
 */
export async function restoredElsewhere(
  journals: JournalStore,
  facts: Pick<ReleaseFacts, "system" | "stores">,
  inUse: (store: StoreKind) => Promise<string | undefined>,
): Promise<readonly Refusal[]> {
  const found: Refusal[] = [];
  for (const { store, target, release } of lastRestores(await earlierReleases(journals, facts.system))) {
    if (isNamed(facts, store, target)) continue;
    const used = await inUse(store);
    if (used !== undefined && isNamed(facts, store, used)) continue;
    const { database = "another place" } = facts.stores[store] ?? {};
    found.push({
      kind: "restored-elsewhere",
      message: `${release} has restored ${store} to ${used ?? target}, and the stack still names ${database}: backups, their proofs and questions would be of data that nobody uses any more`,
      mend: `Set ${restoredSetting(facts.system) ?? "what the restore has made"}: ${used ?? target} in the stack's file, then switchyard up. Where the secret was given an earlier version again, whoever may read it in the vault releases.`,
    });
  }
  return found;
}

/** The newest of each store. */
function lastRestores(states: readonly ReleaseState[]): readonly LastRestore[] {
  const last = new Map<StoreKind, LastRestore>();
  for (const { plan, done, release } of states)
    for (const { id, entry: name } of plan.restore ?? []) {
      const entry = plan.entries[name];
      if (entry?.word !== "step" || entry.does.action !== "restore") continue;
      const { target } = (done.get(id)?.seen ?? {}) as { readonly target?: unknown };
      const store = entry.does.store as StoreKind;
      if (typeof target === "string" && !last.has(store)) last.set(store, { store, target, release });
    }
  return [...last.values()];
}
