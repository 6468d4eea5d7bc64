import { createPrivateKey, createPublicKey, generateKeyPairSync } from "node:crypto";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  fileSigner,
  KeyError,
  type Signer,
  type VerificationKey,
  verificationKey,
} from "../../attestation/keys";
import { UserError } from "../../local/user-error";
import { AzureLogin, type Environment } from "../../release/clients/azure-login";
import { keyAddress, keyVaultSigner } from "../../release/clients/key-vault-signer";
import { refuseKeyText } from "../attest/key-text";
import type { Workspace } from "../workspace";

/** Names the key of whoever changes staging or production: an address in Key Vault, or a file (not on production). */
export const operatorKeyVariable = "SWITCHYARD_OPERATOR_KEY";

const mend = `export ${operatorKeyVariable}=https://VAULT.vault.azure.net/keys/NAME, an EC key on P-256 on which you have Key Vault Crypto User (docs/records.md).`;

/**
 * The key that signs changes of staging and production.
 *
 * @throws UserError when there is none that may sign there.
 */
export async function operatorSigner(environment: string, user: Environment): Promise<Signer> {
  const named = user[operatorKeyVariable];
  if (!named)
    throw new UserError(`No key signs the record of this change: ${operatorKeyVariable} is not set.`, {
      mend,
    });
  refuseKeyText(named, operatorKeyVariable);
  if (keyAddress.test(named)) return keyVaultSigner(named, new AzureLogin(user));
  if (/^https?:/i.test(named))
    throw new UserError(`${operatorKeyVariable} is ${named}, which is no address of a key in Key Vault.`, {
      mend,
    });
  if (environment === "production") {
    throw new UserError(
      `${operatorKeyVariable} names a file; changes of production are signed with a key that never leaves its vault.`,
      { mend },
    );
  }
  return signerIn(named);
}

/** Dev's own key, made once. It says which machine signed and nothing of who sits there. */
export function localSigner(workspace: Workspace): Signer {
  const file = localKeyFile(workspace);
  const { privateKey } = generateKeyPairSync("ed25519");
  try {
    writeFileSync(file, privateKey.export({ type: "pkcs8", format: "pem" }), { mode: 0o600, flag: "wx" });
  } catch (cause) {
    if ((cause as NodeJS.ErrnoException).code !== "EEXIST") {
      throw new UserError(`The key of dev's records cannot be written: ${(cause as Error).message}`, {
        mend: "Free some space or permit writing there, or name another folder with SWITCHYARD_STATE_DIR.",
        cause,
      });
    }
  }
  return signerIn(file);
}

/**
 * The public part of dev's key; undefined while it was never made.
 *
 * @throws UserError when the file holds no key.
 */
export function localVerificationKey(workspace: Workspace): VerificationKey | undefined {
  let pem: string;
  try {
    pem = readFileSync(localKeyFile(workspace), "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return undefined;
    throw error;
  }
  // Refuses what is no key; what follows then cannot fail.
  signerIn(localKeyFile(workspace));
  return verificationKey(
    createPublicKey(createPrivateKey(pem)).export({ type: "spki", format: "pem" }).toString(),
  );
}

function localKeyFile({ stateDir }: Workspace): string {
  return join(stateDir, "operator-key.pem");
}

function signerIn(file: string): Signer {
  try {
    return fileSigner(readFileSync(file, "utf8"));
  } catch (error) {
    const reason =
      error instanceof KeyError
        ? error.message
        : `it cannot be read (${(error as NodeJS.ErrnoException).code})`;
    throw new UserError(`The key in ${file} cannot sign: ${reason}`, {
      mend: "It must be a private key in PEM (PKCS #8), Ed25519 or P-256. Dev's own is made anew when the file is removed; records that it signed can then no longer be verified.",
    });
  }
}
