import { access, constants, stat, writeFile } from "node:fs/promises";
import { dirname, resolve } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "../local/user-error";

/** Looked at before the work begins, so that nobody waits for a report that then cannot be kept. */
export async function requireReportFile(file: string): Promise<void> {
  try {
    await access(dirname(resolve(file)), constants.W_OK);
  } catch (cause) {
    throw unwritable(file, cause);
  }
  if ((await kindOf(file)) === "folder") throw unwritable(file, new Error("it is a folder"));
}

/** Writes a report whole or not at all: whoever reads the file meanwhile sees the former one. */
export async function writeReport(file: string, text: string): Promise<void> {
  try {
    // A pipe or /dev/stdout cannot be exchanged for another file.
    if ((await kindOf(file)) === "device") await writeFile(file, text);
    else await writeFileAtomic(resolve(file), text);
  } catch (cause) {
    throw unwritable(file, cause);
  }
}

async function kindOf(file: string): Promise<"file" | "folder" | "device" | undefined> {
  try {
    const found = await stat(file);
    return found.isDirectory() ? "folder" : found.isFile() ? "file" : "device";
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw unwritable(file, error);
  }
}

function unwritable(file: string, cause: unknown): UserError {
  return new UserError(`The report cannot be written to ${file}: ${(cause as Error).message}`, {
    mend: "Name a file in a folder that exists and can be written.",
    cause,
  });
}
