import { mkdir } from "node:fs/promises";
import { dirname } from "node:path";
import writeFileAtomic from "write-file-atomic";
import { UserError } from "../local/user-error";
import { writeFault } from "./write-fault";

/**
 * Writes what is signed, whole or not at all, and makes its folder.
 *
 * @param mend where else it may be kept
 * @throws UserError with the file and why it could not be written
 */
export async function keepFile(file: string, text: string, mend: string): Promise<void> {
  try {
    await mkdir(dirname(file), { recursive: true });
    await writeFileAtomic(file, text);
  } catch (cause) {
    throw new UserError(`${file} cannot be written: ${writeFault(cause)}.`, { mend, cause });
  }
}
