import { readFileSync } from "node:fs";
import { fileSigner, KeyError, type Signer } from "../../attestation/keys";
import { UserError } from "../../local/user-error";

/**
 * What signs with a key that lies in a file.
 *
 * @throws UserError when there is none; its content is never repeated.
 */
export function signerFrom(file: string): Signer {
  try {
    return fileSigner(readFileSync(file, "utf8"));
  } catch (error) {
    if (!(error instanceof KeyError) && (error as NodeJS.ErrnoException).code === undefined) throw error;
    throw new UserError(`The key ${file} cannot be used: ${(error as Error).message}`, {
      mend: "Name a file with an Ed25519 or P-256 private key in PEM, such as npx switchyard trust init makes.",
    });
  }
}
