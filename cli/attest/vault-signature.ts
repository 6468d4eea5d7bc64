import { createHash } from "node:crypto";
import { preAuthenticationEncoding } from "../../attestation/dsse";
import { signatureHolds } from "../../attestation/keys";
import type { TrustRoot } from "../../attestation/trust-root";
import { UserError } from "../../local/user-error";

/**
 * What a key that never leaves its vault is asked to sign (ES256): SHA-256 of type and text, as
 * `az keyvault key sign --digest` takes it (base64).
 */
export function digestToSign(payloadType: string, payload: Buffer): string {
  return createHash("sha256").update(preAuthenticationEncoding(payloadType, payload)).digest("base64");
}

/**
 * A signature that a vault answered, with the key of the trust root that made it.
 *
 * @param text Base64 or base64url.
 * @throws UserError when no key of the trust root made it.
 */
export function signatureFromVault(
  text: string,
  payloadType: string,
  payload: Buffer,
  root: TrustRoot,
): { readonly keyid: string; readonly sig: string } {
  const signature = Buffer.from(text, "base64url");
  const data = preAuthenticationEncoding(payloadType, payload);
  const key = root.keys.find((one) => signatureHolds(one, data, signature));
  if (key) return { keyid: key.id, sig: signature.toString("base64") };
  throw new UserError("The signature is by no key of the trust root, or of another text.", {
    mend: "Sign what --digest prints for the same fields with ES256, and give the same fields again.",
  });
}
