import { createHash } from "node:crypto";
import { type FileHandle, open } from "node:fs/promises";
import { join } from "node:path";
import { codeOf, inStore, makeFolder, namesIn, readIfThere, replaceFile, writeNew } from "./files";
import { type HeadMark, markIn, type WritableMedium } from "./medium";
import { PlaceTaken } from "./store-fault";

/** Two heads have room in a head's file; each is written over the one before the last, in place: a torn one leaves the other. */
const slotBytes = 4096;

/** The journal of one release in a folder. */
export class FolderMedium implements WritableMedium {
  private readonly heads: string;

  /** @param folder of the release; @param systemFolder heads lie there, beside the journals */
  constructor(
    private readonly folder: string,
    private readonly systemFolder: string,
    private readonly release: string,
  ) {
    this.heads = join(systemFolder, "heads", release);
  }

  place(journal: string): string {
    return join(this.folder, journal);
  }

  headPlace(epoch: number): string {
    return join(this.heads, String(epoch));
  }

  marked(): Promise<HeadMark | undefined> {
    return inStore(this.systemFolder, async () => {
      const text = await readIfThere(join(this.systemFolder, "lease.json"));
      return markIn(text?.toString("utf8"), this.release);
    });
  }

  headEpochs(): Promise<readonly number[]> {
    return inStore(this.heads, async () =>
      (await namesIn(this.heads)).filter((name) => /^\d+$/.test(name)).map(Number),
    );
  }

  readHead(epoch: number): Promise<string | undefined> {
    return inStore(this.heads, async () => {
      const content = await readIfThere(this.headPlace(epoch));
      if (content === undefined) return undefined;
      const slots = [0, 1].flatMap((slot) => {
        const read = slotIn(content.subarray(slot * slotBytes, (slot + 1) * slotBytes));
        return read === undefined ? [] : [read];
      });
      const newest = slots.sort((left, right) => right.count - left.count)[0];
      // The file was made whole, with a head: one without was damaged, and is no head to whoever opens it.
      return newest?.text ?? "";
    });
  }

  journals(): Promise<readonly string[]> {
    return inStore(this.folder, async () =>
      (await namesIn(this.folder)).filter((name) => /^journal-[\d-]+\.jsonl$/.test(name)),
    );
  }

  readJournal(journal: string): Promise<Buffer | undefined> {
    return inStore(this.folder, () => readIfThere(this.place(journal)));
  }

  /** Earlier holders write to files of their own. */
  async fence(): Promise<void> {}

  begin(journal: string, content: Buffer): Promise<void> {
    return inStore(this.folder, async () => {
      await makeFolder(this.folder);
      try {
        await writeNew(this.place(journal), content);
      } catch (error) {
        if (codeOf(error) === "EEXIST") throw new PlaceTaken(this.place(journal));
        throw error;
      }
    });
  }

  append(journal: string, position: number, line: Buffer): Promise<void> {
    return inStore(this.folder, async () => {
      const handle = await open(this.place(journal), "r+");
      try {
        if ((await handle.stat()).size !== position) throw new PlaceTaken(this.place(journal));
        await writeWhole(handle, line, position);
        await handle.datasync();
      } catch (error) {
        // What a full disk took of it goes; where that fails too, the journal is continued in another file.
        if (!(error instanceof PlaceTaken)) await handle.truncate(position).catch(() => undefined);
        throw error;
      } finally {
        await handle.close();
      }
    });
  }

  writeHead(epoch: number, count: number, text: string): Promise<void> {
    return inStore(this.heads, async () => {
      const file = this.headPlace(epoch);
      const handle = await openIfThere(file);
      if (handle === undefined) return this.firstHead(file, slotOf(count, text), count);
      try {
        await writeWhole(handle, slotOf(count, text), (count % 2) * slotBytes);
        await handle.datasync();
      } finally {
        await handle.close();
      }
    });
  }

  /** Its whole size from the beginning: later ones need no space on the disk and change nothing but their slot. */
  private async firstHead(file: string, slot: Buffer, count: number): Promise<void> {
    await makeFolder(this.heads);
    const content = Buffer.alloc(2 * slotBytes, " ");
    slot.copy(content, (count % 2) * slotBytes);
    await replaceFile(file, content);
  }
}

async function openIfThere(file: string): Promise<FileHandle | undefined> {
  try {
    return await open(file, "r+");
  } catch (error) {
    if (codeOf(error) === "ENOENT") return undefined;
    throw error;
  }
}

/** @throws what the file system answered, also when it took a part */
async function writeWhole(handle: FileHandle, bytes: Buffer, position: number): Promise<void> {
  for (let written = 0; written < bytes.length; ) {
    written += (await handle.write(bytes, written, bytes.length - written, position + written)).bytesWritten;
  }
}

/** `COUNT CHECKSUM TEXT` and blanks up to the slot's size. */
function slotOf(count: number, text: string): Buffer {
  const content = `${count} ${checksum(`${count} ${text}`)} ${text}`;
  const slot = Buffer.alloc(slotBytes, " ");
  if (slot.write(content) < Buffer.byteLength(content)) throw new Error("a head is larger than its slot");
  return slot;
}

function slotIn(slot: Buffer): { readonly count: number; readonly text: string } | undefined {
  const [, count, sum, text] = /^(\d+) ([0-9a-f]{64}) (.*)$/s.exec(slot.toString("utf8").trimEnd()) ?? [];
  if (count === undefined || text === undefined || checksum(`${count} ${text}`) !== sum) return undefined;
  return { count: Number(count), text };
}

function checksum(text: string): string {
  return createHash("sha256").update(text).digest("hex");
}
