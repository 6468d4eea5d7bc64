import { UserError } from "../../local/user-error";

/** PEM, PEM in Base64, and the Base64 that stands in PEM: of no file's name. */
const keyText = /-----BEGIN|[\r\n]|^LS0tLS1CRUdJT|^M[CI][A-Za-z0-9+/]{50,}={0,2}$/;

/**
 * Refuses what should name a key and is one, such as a pipeline's secret in the place of a file: whoever takes it for a name
 * repeats it in a message, and so in a log.
 *
 * @param place where it was given
 * @throws UserError that says nothing of it
 */
export function refuseKeyText(named: string, place: string): void {
  if (!keyText.test(named)) return;
  throw new UserError(`${place} holds a key itself; it names one.`, {
    mend: "Give the address of a key in Key Vault, or, outside production, a file of mode 0600 with the private key in PEM.",
  });
}
