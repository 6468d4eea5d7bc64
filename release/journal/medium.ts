import { z } from "zod";

const markSchema = z.object({ epoch: z.number().int().positive(), count: z.number().int().positive() });
const markedSchema = z.object({ release: z.string(), head: markSchema });

/** How far a journal went at least, as its lease says: a head of this epoch counted so many records. */
export type HeadMark = Readonly<z.infer<typeof markSchema>>;

/**
 * What a system's `lease.json` says of the journal of a release.
 *
 * @returns undefined for a lease of another release, for one that says nothing of it and for a text that is no lease:
 *   whoever asks for the lease itself is told of that
 */
export function markIn(text: string | undefined, release: string): HeadMark | undefined {
  if (text === undefined) return undefined;
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
  const { success, data } = markedSchema.safeParse(value);
  return success && data.release === release ? data.head : undefined;
}

/** Where the journal of one release is written: files of a folder, blobs of a container, memory. Bytes only. */
export interface JournalMedium {
  /** Of the journal, for messages. */
  place(journal: string): string;
  /** Of the head of an epoch, for messages. */
  headPlace(epoch: number): string;
  /** What the system's lease says of this release; undefined when it is another's, was given back, or says nothing yet. */
  marked(): Promise<HeadMark | undefined>;
  /** Epochs of which there is a head, any order. */
  headEpochs(): Promise<readonly number[]>;
  /** @returns undefined when there is none that is whole */
  readHead(epoch: number): Promise<string | undefined>;
  /** Names of the journals, any order. */
  journals(): Promise<readonly string[]>;
  /** @returns undefined when it is not there */
  readJournal(journal: string): Promise<Buffer | undefined>;
}

/** For the holder of the lease. What it writes under a lost lease has no effect. */
export interface WritableMedium extends JournalMedium {
  /** Nobody but this holder may write to what was written under earlier epochs. */
  fence(epoch: number): Promise<void>;
  /** Makes a new journal with this content. @throws PlaceTaken when there is one of that name */
  begin(journal: string, content: Buffer): Promise<void>;
  /** Durable when it resolves. @throws PlaceTaken when the journal does not end at `position` */
  append(journal: string, position: number, line: Buffer): Promise<void>;
  /** Durable when it resolves, whole or not at all. */
  writeHead(epoch: number, count: number, text: string): Promise<void>;
}
