import { readFileSync } from "node:fs";
import { type Envelope, signPayload } from "../../attestation/dsse";
import type { Signer } from "../../attestation/keys";
import {
  envelopeSchema,
  openTrustRoot,
  type RootPin,
  TrustRootError,
  trustRootType,
  unsignedTrustRoot,
} from "../../attestation/trust-root";
import { UserError } from "../../local/user-error";
import { readFault } from "../read-fault";
import { requireKnownRoles } from "./known-roles";

/** A trust root as far as it is signed. */
export interface SignedTrust {
  /** JSON of its envelope. */
  readonly text: string;
  readonly pin: RootPin;
  /** By how many root keys it is signed. */
  readonly signed: number;
}

/**
 * Adds the signature of one root key.
 *
 * @param document file with the trust root's text
 * @param earlier file with an envelope of others' signatures, which count while they are of the same text; may be absent
 * @throws UserError for a document that would be refused once it is signed, and for a key that it does not name as a root key
 */
export async function signTrust(
  document: string,
  signer: Signer,
  earlier: string,
  now: Date,
): Promise<SignedTrust> {
  try {
    const { payload, pin, roles } = unsignedTrustRoot(textOf(document), now);
    await requireKnownRoles(roles, `somebody in ${document}`);
    if (!pin.keys.includes(signer.keyId)) {
      throw new UserError(
        `The key ${signer.keyId} is no root key of ${document}; those are: ${pin.keys.join(", ")}.`,
        { mend: "Sign with one of them, or write its public key under root.keys." },
      );
    }
    const envelope = await signPayload(trustRootType, payload, [signer]);
    const others = signaturesIn(earlier, envelope.payload).filter(({ keyid }) => keyid !== signer.keyId);
    const whole = { ...envelope, signatures: [...others, ...envelope.signatures] };
    const signed = { text: `${JSON.stringify(whole, null, 2)}\n`, pin, signed: whole.signatures.length };
    if (signed.signed >= pin.threshold) openTrustRoot(signed.text, pin, now);
    return signed;
  } catch (error) {
    if (!(error instanceof TrustRootError)) throw error;
    throw new UserError(`${document}: ${error.message}`, { mend: "docs/exemptions.md has an example." });
  }
}

/** Those of another text say nothing of this one. */
function signaturesIn(file: string, payload: string): Envelope["signatures"] {
  let text: string;
  try {
    text = readFileSync(file, "utf8");
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === "ENOENT") return [];
    throw new UserError(`${file} cannot be read: ${readFault(error)}.`);
  }
  const envelope = envelopeSchema.safeParse(jsonIn(text)).data;
  if (envelope === undefined) {
    throw new UserError(`${file} holds no trust root, and is not written over.`, {
      mend: "Name another file with --out.",
    });
  }
  return envelope.payload === payload ? envelope.signatures : [];
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch (error) {
    if (error instanceof SyntaxError) return undefined;
    throw error;
  }
}

function textOf(file: string): string {
  try {
    return readFileSync(file, "utf8");
  } catch (cause) {
    throw new UserError(`${file} cannot be read: ${readFault(cause)}.`, { cause });
  }
}
