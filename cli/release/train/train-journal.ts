import { UserError } from "../../../local/user-error";
import type { JournalStore } from "../../../release/journal/journal";
import type { VerifiableStore } from "../../../release/journal/verifiable-store";
import { trainsName } from "../../../release/train/train";
import { type TrainState, trainStateOf } from "../../../release/train/train-state";
import type { CommandContext } from "../../context";
import { journalStoreOf } from "../journal-store";

const idPrefix = `${trainsName}-`;

/** Whether a command's first argument names a train rather than a system: `train`, the newest one, or its id. */
export function namesTrain(name: string): boolean {
  return name === trainsName || name.startsWith(idPrefix);
}

/** @throws UserError for what only a release has */
export function requireNoTrain(name: string, command: string): void {
  if (!namesTrain(name)) return;
  throw new UserError(`release ${command} is of one release; received ${name}.`, {
    mend: `Name the system: npx switchyard release ${command} SYSTEM. npx switchyard release status ${name} names those of the train.`,
  });
}

/** @param stamp of its start, with something that tells two of one second apart */
export function trainId(stamp: string): string {
  return `${idPrefix}${stamp}`;
}

/** A train as its journal has it, and whether a process runs it now. */
export interface OpenedTrain {
  readonly store: VerifiableStore;
  readonly id: string;
  readonly state: TrainState;
  /** Who runs it; undefined when nobody does, and `resume` would take it up. */
  readonly runner: string | undefined;
}

/**
 * @param name `train` for the newest one
 * @throws UserError when there is none, or not this one, or its journal cannot be relied on
 */
export async function openTrain(
  context: CommandContext,
  name: string,
  { stack, release }: { readonly stack: string; readonly release?: string },
): Promise<OpenedTrain> {
  const store = journalStoreOf({ workspace: context.workspace, stack, user: process.env, warn: context.say });
  const known = await store.releases(trainsName);
  const id = release ?? (name === trainsName ? known.at(-1) : name);
  if (id === undefined || !known.includes(id)) {
    throw new UserError(
      id === undefined ? `There is no train on ${stack} yet.` : `There is no train ${id} in ${store.where}.`,
      {
        mend:
          known.length === 0
            ? "npx switchyard release plan SYSTEM SYSTEM --to FILE shows what one would do."
            : `The newest are: ${known.slice(-3).join(", ")}.`,
      },
    );
  }
  const state = trainStateOf(await store.open(trainsName, id).read());
  const lease = state.ended === undefined ? await store.lease(trainsName) : undefined;
  const runs = lease?.release === id && !lease.isOver;
  return { store, id, state, runner: runs ? lease.holder : undefined };
}

/** The train that is under way and has this release, if there is one. */
export async function trainOf(
  store: JournalStore,
  system: string,
  release: string,
): Promise<string | undefined> {
  const lease = await store.lease(trainsName);
  if (lease === undefined) return undefined;
  const records = await store.open(trainsName, lease.release).read();
  if (records.length === 0) return undefined;
  const { train, ended } = trainStateOf(records);
  const isMember = train.members.some((member) => member.system === system && member.release === release);
  return ended === undefined && isMember ? lease.release : undefined;
}
