import { createHash, createPrivateKey, createPublicKey, type KeyObject, sign, verify } from "node:crypto";

/** A public key that may verify signatures. */
export interface VerificationKey {
  /** `sha256:` and the SHA-256 of the key's SPKI in DER, hex. */
  readonly id: string;
  readonly key: KeyObject;
}

/** What signs: a key in a file, or one that never leaves its vault. */
export interface Signer {
  readonly keyId: string;
  /** @returns Ed25519: the signature; P-256: r and s, 32 bytes each (IEEE P1363), over the SHA-256 of the data. */
  sign(data: Uint8Array): Promise<Uint8Array>;
}

/** A key that cannot be used here; never says anything of its content. */
export class KeyError extends Error {
  override readonly name = "KeyError";
}

/**
 * @param pem SubjectPublicKeyInfo of an Ed25519 or P-256 key.
 * @throws KeyError for anything else.
 */
export function verificationKey(pem: string): VerificationKey {
  const key = attempt(() => createPublicKey(pem), "is no public key in PEM");
  return { id: keyIdOf(requireKind(key)), key };
}

/**
 * Signs with a key that lies in a file. For dev and tests: production's policies accept keys of a vault only.
 *
 * @param pem PKCS #8 of an Ed25519 or P-256 key.
 * @throws KeyError for anything else.
 */
export function fileSigner(pem: string): Signer {
  const key = requireKind(attempt(() => createPrivateKey(pem), "is no private key in PEM"));
  return {
    keyId: keyIdOf(createPublicKey(key)),
    sign: async (data) => sign(digestFor(key), data, optionsFor(key)),
  };
}

export function signatureHolds({ key }: VerificationKey, data: Uint8Array, signature: Uint8Array): boolean {
  try {
    return verify(digestFor(key), data, optionsFor(key), signature);
  } catch {
    // A signature of another length or form is one that does not hold.
    return false;
  }
}

function keyIdOf(key: KeyObject): string {
  return `sha256:${createHash("sha256")
    .update(key.export({ type: "spki", format: "der" }))
    .digest("hex")}`;
}

function requireKind(key: KeyObject): KeyObject {
  const { asymmetricKeyType: type, asymmetricKeyDetails: details } = key;
  if (type === "ed25519" || (type === "ec" && details?.namedCurve === "prime256v1")) return key;
  throw new KeyError(`The key is of type ${type}; Ed25519 and P-256 are allowed.`);
}

/** Ed25519 hashes by itself. */
function digestFor(key: KeyObject): string | null {
  return key.asymmetricKeyType === "ed25519" ? null : "sha256";
}

function optionsFor(key: KeyObject): { key: KeyObject; dsaEncoding: "ieee-p1363" } {
  return { key, dsaEncoding: "ieee-p1363" };
}

function attempt(make: () => KeyObject, fault: string): KeyObject {
  try {
    return make();
  } catch {
    // The cause may repeat a part of a private key.
    throw new KeyError(`What was given ${fault}.`);
  }
}
