import { type Signer, signatureHolds, type VerificationKey } from "./keys";

/** A signed text (DSSE 1.0, https://github.com/secure-systems-lab/dsse). */
export interface Envelope {
  readonly payloadType: string;
  /** Base64. */
  readonly payload: string;
  readonly signatures: readonly EnvelopeSignature[];
}

export interface EnvelopeSignature {
  /** Says which key to try; it proves nothing. */
  readonly keyid: string;
  /** Base64. */
  readonly sig: string;
}

/** What is signed: type and text with their lengths, so that neither can be read as a part of the other. */
export function preAuthenticationEncoding(payloadType: string, payload: Uint8Array): Buffer {
  const type = Buffer.from(payloadType, "utf8");
  const head = `DSSEv1 ${type.length} ${payloadType} ${payload.length} `;
  return Buffer.concat([Buffer.from(head, "utf8"), payload]);
}

export async function signPayload(
  payloadType: string,
  payload: Uint8Array,
  signers: readonly Signer[],
): Promise<Envelope> {
  const data = preAuthenticationEncoding(payloadType, payload);
  const signatures = await Promise.all(
    signers.map(async (signer) => ({
      keyid: signer.keyId,
      sig: Buffer.from(await signer.sign(data)).toString("base64"),
    })),
  );
  return { payloadType, payload: Buffer.from(payload).toString("base64"), signatures };
}

/**
 * Which of the keys signed the envelope, each once, by the keys' own ids: the envelope's are hints only.
 *
 * @param payloadType The only type that is accepted: a signature under another type is none.
 */
export function signersOf(
  envelope: Envelope,
  payloadType: string,
  keys: readonly VerificationKey[],
): ReadonlySet<string> {
  if (envelope.payloadType !== payloadType) return new Set();
  const data = preAuthenticationEncoding(payloadType, payloadOf(envelope));
  const held = keys.filter((key) =>
    envelope.signatures.some(({ sig }) => signatureHolds(key, data, Buffer.from(sig, "base64"))),
  );
  return new Set(held.map(({ id }) => id));
}

/** The text, not yet verified. */
export function payloadOf(envelope: Envelope): Buffer {
  return Buffer.from(envelope.payload, "base64");
}
