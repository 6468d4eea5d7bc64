import { constants } from "node:fs";
import { access, link, mkdir, open, readdir, readFile, rm } from "node:fs/promises";
import { join } from "node:path";
import { UserError } from "../../local/user-error";

/** Where records are kept: things are added and never changed. */
export interface RecordPlace {
  /** Path or address, for messages. */
  readonly name: string;
  /** Names of the records of a stack, oldest first. */
  list(stack: string): Promise<string[]>;
  read(name: string): Promise<string>;
  /** @returns undefined when none of that name is there. */
  find(name: string): Promise<string | undefined>;
  /** @throws UserError when it cannot be written, or one of that name is there. */
  add(name: string, text: string): Promise<void>;
  /** Why what is kept there could be taken away unseen; undefined when the place itself keeps it, or is this machine's. */
  looseness(): Promise<string | undefined>;
  /** @throws UserError when it is not there or cannot be used, asked before anything is changed. */
  require(): Promise<void>;
}

/** `TIME-STACK-DIGEST.dsse.json`; names sort by time. */
export function recordName(time: string, stack: string, digest: string): string {
  return `${time.replaceAll(/[:.]/g, "-")}-${stack}-${digest.replace("sha256:", "")}.dsse.json`;
}

const namePattern = /^\d{4}-\d{2}-\d{2}T\d{2}-\d{2}-\d{2}-\d{3}Z-([\w.-]+)-[0-9a-f]{64}\.dsse\.json$/;

/** Names of a stack's records among all, oldest first. */
export function recordsOf(stack: string, names: readonly string[]): string[] {
  return names.filter((name) => namePattern.exec(name)?.[1] === stack).sort();
}

/** Records in a folder: dev's, or a share that others keep. */
export class RecordFolder implements RecordPlace {
  constructor(readonly name: string) {}

  async list(stack: string): Promise<string[]> {
    try {
      return recordsOf(stack, await readdir(this.name));
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
      throw this.fault("cannot be listed", error);
    }
  }

  async read(name: string): Promise<string> {
    try {
      return await readFile(join(this.name, name), "utf8");
    } catch (error) {
      throw this.fault(`: ${name} cannot be read`, error);
    }
  }

  async find(name: string): Promise<string | undefined> {
    try {
      return await readFile(join(this.name, name), "utf8");
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
      throw this.fault(`: ${name} cannot be read`, error);
    }
  }

  async add(name: string, text: string): Promise<void> {
    const partial = join(this.name, `.${name}.${process.pid}`);
    try {
      const file = await open(partial, "wx", 0o600);
      try {
        await file.writeFile(text);
        await file.sync();
      } finally {
        await file.close();
      }
      // Whole or not at all, and never over another one.
      await link(partial, join(this.name, name));
    } catch (error) {
      throw this.fault("cannot be written", error);
    } finally {
      await rm(partial, { force: true }).catch(() => {});
    }
  }

  /** The folder belongs to whoever made the changes. */
  async looseness(): Promise<undefined> {
    return undefined;
  }

  async require(): Promise<void> {
    try {
      await mkdir(this.name, { recursive: true, mode: 0o700 });
      await access(this.name, constants.R_OK | constants.W_OK);
      const probe = join(this.name, `.probe.${process.pid}`);
      const file = await open(probe, "w", 0o600);
      try {
        await file.writeFile("probe");
      } finally {
        await file.close();
        await rm(probe, { force: true });
      }
    } catch (error) {
      throw this.fault("cannot be written", error);
    }
  }

  private fault(what: string, cause: unknown): UserError {
    return new UserError(
      `The folder of records ${this.name} ${what}: ${(cause as Error).message}`.replace(" :", ":"),
      {
        mend: "Free some space or permit writing there, or name another place with switchyard:records (docs/records.md).",
        cause,
      },
    );
  }
}
