import { readFileSync } from "node:fs";
import { fileSigner, KeyError, type Signer } from "../../attestation/keys";
import { parseStackName } from "../../infra/settings";
import { UserError } from "../../local/user-error";
import { AzureLogin } from "../../release/clients/azure-login";
import { keyAddress, keyVaultSigner } from "../../release/clients/key-vault-signer";
import { readFault } from "../read-fault";
import { refuseKeyText } from "./key-text";

const vaultForm = "https://VAULT.vault.azure.net/keys/NAME";

/**
 * What signs with a key that is named on the command line.
 *
 * @param key an address in Key Vault, or a file with a private key in PEM
 * @param inVault makes what signs with a key that never leaves its vault
 * @throws UserError when it cannot be used
 */
export async function signerNamed(
  key: string,
  user: NodeJS.ProcessEnv,
  inVault: typeof keyVaultSigner = keyVaultSigner,
): Promise<Signer> {
  refuseKeyText(key, "--key");
  if (keyAddress.test(key)) return inVault(key, new AzureLogin(user));
  if (!isAddress(key)) return signerFrom(key);
  throw new UserError(`${key} is no address of a key in Key Vault.`, {
    mend: `It has the form ${vaultForm}.`,
  });
}

/** What stands for a key in a command that is shown to somebody who is to sign for an environment. */
export function keyWords(environment: string): string {
  return environment === "production" ? vaultForm : "FILE";
}

/** Production takes no signature by a key in a file. @throws UserError when this one lies in one and `stack` is production */
export function requireKeyFor(stack: string, key: string): void {
  refuseKeyText(key, "--key");
  if (isAddress(key) || parseStackName(stack).environment !== "production") return;
  throw new UserError(
    `${key} is a key in a file; ${stack} takes signatures only of keys that never leave their vault.`,
    {
      mend: `Give --key ${vaultForm}, with Key Vault Crypto User on that key (docs/exemptions.md, Trust root).`,
    },
  );
}

function isAddress(key: string): boolean {
  return /^https?:/i.test(key);
}

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
    const why = error instanceof KeyError ? error.message : `${readFault(error)}.`;
    throw new UserError(`The key ${file} cannot be used: ${why}`, {
      mend: "Name a file with an Ed25519 or P-256 private key in PEM, such as npx switchyard trust init makes.",
    });
  }
}
