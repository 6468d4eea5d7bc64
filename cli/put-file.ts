import { mkdirSync, writeFileSync } from "node:fs";
import { dirname } from "node:path";
import { UserError } from "../local/user-error";
import { writeFault } from "./write-fault";

/**
 * Writes a file that somebody asked for by name, and makes its folder.
 *
 * @throws UserError with the file and why it could not be written
 */
export function putFile(file: string, text: string): void {
  try {
    mkdirSync(dirname(file), { recursive: true });
    writeFileSync(file, text);
  } catch (cause) {
    throw new UserError(`${file} cannot be written: ${writeFault(cause)}.`, {
      mend: "Name with --out what exists or can be made, and can be written.",
      cause,
    });
  }
}
