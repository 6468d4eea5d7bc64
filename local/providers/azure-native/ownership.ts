import { createHash } from "node:crypto";
import { mkdir, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { idKey } from "../../cloud/resource-types";
import { UserError } from "../../user-error";

export const NO_STATE_DIR = "SWITCHYARD_STATE_DIR is not set: it says where the local cloud's state lies";

interface OwnerRecord {
  id: string;
  urn: string;
}

/**
 * Which URN had an id made. A record is written before the first PUT of a create and removed after the delete, so that
 * a create which a crash cut off (of this process, of the engine, of the machine) is recognised when the engine asks for
 * it again; anything else that exists already is refused, as in Azure.
 *
 * One small file per resource under `<state>/providers/owners`: two providers of one run never write the same one.
 */
export class Ownership {
  constructor(private readonly stateDir: string | undefined) {}

  private get folder(): string {
    if (this.stateDir === undefined) throw new UserError(NO_STATE_DIR);
    return join(this.stateDir, "providers", "owners");
  }

  private fileOf(id: string): string {
    return join(this.folder, `${createHash("sha256").update(idKey(id)).digest("hex").slice(0, 32)}.json`);
  }

  /** @returns undefined when nobody of this project made it, or the record was damaged */
  async ownerOf(id: string): Promise<string | undefined> {
    let text: string;
    try {
      text = await readFile(this.fileOf(id), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw error;
    }
    return parse(text)?.urn;
  }

  async claim(id: string, urn: string): Promise<void> {
    if ((await this.ownerOf(id)) === urn) return;
    await mkdir(this.folder, { recursive: true, mode: 0o700 });
    const record: OwnerRecord = { id, urn };
    await writeFileAtomic(this.fileOf(id), `${JSON.stringify(record)}\n`, { mode: 0o600 });
  }

  async release(id: string): Promise<void> {
    await rm(this.fileOf(id), { force: true });
  }

  /** For a resource group: what lay in it is gone with it, also what no state knew. */
  async releaseBelow(id: string): Promise<void> {
    for (const name of await this.records()) {
      const file = join(this.folder, name);
      const record = parse(await readFile(file, "utf8"));
      if (record === undefined || idKey(record.id).startsWith(`${idKey(id)}/`))
        await rm(file, { force: true });
    }
  }

  private async records(): Promise<string[]> {
    try {
      return await readdir(this.folder);
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw error;
    }
  }
}

function parse(text: string): OwnerRecord | undefined {
  try {
    return JSON.parse(text) as OwnerRecord;
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}
