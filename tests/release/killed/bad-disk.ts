import { type FileHandle, open } from "node:fs/promises";
import type { JournalEntry, JournalRecord } from "../../../release/journal/entry";
import type { Blow } from "./protocol";
import { wordsOf } from "./words-of";

type Write = FileHandle["write"];

/**
 * Has the writes of a journal's records go wrong, in this process: half of a line is on the disk when the process is
 * killed, or when the disk says that it is full.
 *
 * @param isFull whether the disk is full for this entry when it is written for the first time
 */
export async function breakDisk(
  blow: Blow | undefined,
  isFull: (entry: JournalEntry) => boolean,
): Promise<void> {
  const handle = await open(__filename);
  const prototype = Object.getPrototypeOf(handle) as { write: Write };
  await handle.close();
  const write = prototype.write as (
    this: FileHandle,
    ...args: unknown[]
  ) => Promise<{ bytesWritten: number }>;
  const refused = new Set<number>();
  prototype.write = async function (this: FileHandle, ...args: unknown[]) {
    const [bytes, offset, length, position] = args as [Buffer, number, number, number];
    const record = recordIn(bytes);
    const torn = record !== undefined && blow?.how === "torn" && wordsOf(record.entry) === blow.at;
    const full = record !== undefined && !refused.has(record.sequence) && isFull(record.entry);
    if (!torn && !full) return write.apply(this, args);
    await write.call(this, bytes, offset, Math.floor(length / 2), position);
    if (torn) killSelf();
    refused.add(record!.sequence);
    throw Object.assign(new Error("ENOSPC: no space left on device, write"), {
      code: "ENOSPC",
      errno: -28,
      syscall: "write",
    });
  } as Write;
}

/** At once: nothing of this process runs after it. */
export function killSelf(): never {
  process.kill(process.pid, "SIGKILL");
  throw new Error("a killed process went on");
}

function recordIn(bytes: Buffer): JournalRecord | undefined {
  const text = bytes.toString("utf8");
  return text.startsWith('{"sequence":') ? (JSON.parse(text) as JournalRecord) : undefined;
}
