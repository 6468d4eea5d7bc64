import { createHash } from "node:crypto";
import { z } from "zod";
import { type Envelope, payloadOf, signersOf } from "./dsse";
import { KeyError, type VerificationKey, verificationKey } from "./keys";

export const trustRootType = "application/vnd.switchyard.trust-root+json";

const roleName = z.string().regex(/^[a-z0-9]+(-[a-z0-9]+)*$/);

const keySchema = z.strictObject({
  /** SubjectPublicKeyInfo in PEM. */
  publicKey: z.string().min(1),
  /** `keyVault`: it never leaves its vault; `file`: it lies in a file, which production does not accept; `ci`: a pipeline's. */
  kind: z.enum(["keyVault", "file", "ci"]),
});

const trustRootSchema = z.strictObject({
  version: z.literal(1),
  /** Grows with every change. */
  serial: z.number().int().positive(),
  expires: z.iso.datetime(),
  /** Keys that may sign the next trust root, and how many of them must. */
  root: z.strictObject({ keys: z.array(keySchema).min(1), threshold: z.number().int().positive() }),
  people: z
    .array(
      z.strictObject({
        /** How contracts, approvals and exemptions name the person, such as a login. */
        id: z.string().min(1),
        name: z.string().min(1),
        roles: z.array(roleName),
        keys: z.array(keySchema).min(1),
      }),
    )
    .min(1),
});
export type TrustRootDocument = z.infer<typeof trustRootSchema>;
export type KeyKind = z.infer<typeof keySchema>["kind"];

export const envelopeSchema = z.strictObject({
  payloadType: z.string().min(1),
  payload: z.base64(),
  signatures: z.array(z.strictObject({ keyid: z.string(), sig: z.base64() })).min(1),
});

/** What a stack's settings pin: who may sign the trust root. */
export interface RootPin {
  /** Ids of root keys, as `VerificationKey.id`. */
  readonly keys: readonly string[];
  /** How many of them must have signed. */
  readonly threshold: number;
}

export interface TrustedPerson {
  readonly id: string;
  readonly name: string;
  readonly roles: readonly string[];
}

export interface TrustedKey extends VerificationKey {
  readonly kind: KeyKind;
  readonly person: TrustedPerson;
}

/** Keys to people to roles, verified. */
export interface TrustRoot {
  /** `sha256:` of the signed text: plans and attestations name it. */
  readonly digest: string;
  readonly serial: number;
  readonly expires: Date;
  readonly keys: readonly TrustedKey[];
}

/** The trust root cannot be relied on. */
export class TrustRootError extends Error {
  override readonly name = "TrustRootError";
}

/**
 * Opens a trust root.
 *
 * @param text JSON of its envelope.
 * @param pin Root keys of the stack's settings: a trust root that others signed is none.
 * @param now An expired one is refused.
 * @throws TrustRootError when it is malformed, expired, or not signed by enough of the pinned keys; says which.
 */
export function openTrustRoot(text: string, pin: RootPin, now: Date): TrustRoot {
  const envelope = parsed(envelopeSchema, text, "The trust root");
  const payload = payloadOf(envelope);
  const document = parsed(trustRootSchema, payload.toString("utf8"), "The trust root's text");
  requireRootSignatures(envelope, document, pin);
  requireToLast(document, now);
  const keys = trustedKeysOf(document);
  requireDistinct(keys);
  return {
    digest: `sha256:${createHash("sha256").update(payload).digest("hex")}`,
    serial: document.serial,
    expires: new Date(document.expires),
    keys,
  };
}

function requireToLast({ expires }: TrustRootDocument, now: Date): void {
  if (new Date(expires) > now) return;
  throw new TrustRootError(`The trust root expired at ${expires}; its root keys must sign a new one.`);
}

function trustedKeysOf({ people }: TrustRootDocument): readonly TrustedKey[] {
  return people.flatMap((person) =>
    person.keys.map(({ publicKey, kind }) => ({
      ...keyOf(publicKey, person.id),
      kind,
      person: personOf(person),
    })),
  );
}

/**
 * The people who signed an envelope, each once, however many keys they signed with.
 *
 * @param accepts Kinds of keys that count here, e.g. no files in production.
 */
export function peopleWhoSigned(
  envelope: Envelope,
  payloadType: string,
  root: TrustRoot,
  accepts: readonly KeyKind[],
): readonly TrustedPerson[] {
  const keys = root.keys.filter(({ kind }) => accepts.includes(kind));
  const signed = signersOf(envelope, payloadType, keys);
  const people = keys.filter(({ id }) => signed.has(id)).map(({ person }) => person);
  return [...new Map(people.map((person) => [person.id, person])).values()];
}

/** A trust root that is to be signed: its text, and the keys that may sign it. */
export interface UnsignedTrustRoot {
  readonly payload: Buffer;
  /** As the settings pin it. */
  readonly pin: RootPin;
  /** All that anybody is to have. */
  readonly roles: readonly string[];
}

/**
 * @param text JSON of the document, not of an envelope.
 * @throws TrustRootError when it is malformed, holds a key that cannot verify, or would be refused however many signed it.
 */
export function unsignedTrustRoot(text: string, now: Date): UnsignedTrustRoot {
  const document = parsed(trustRootSchema, text, "The trust root's text");
  requireOnce(document.people);
  requireDistinct(trustedKeysOf(document));
  requireToLast(document, now);
  const { keys, threshold } = document.root;
  const ids = [...new Set(keys.map(({ publicKey }) => keyOf(publicKey, "root").id))];
  if (threshold > ids.length)
    throw new TrustRootError(
      `The trust root asks for ${threshold} signatures and names ${ids.length} root keys that differ: it would never be signed.`,
    );
  return {
    payload: Buffer.from(JSON.stringify(document)),
    pin: { keys: ids, threshold },
    roles: [...new Set(document.people.flatMap(({ roles }) => roles))],
  };
}

/** Whoever stands there twice has two lists of roles, and nobody knows which holds. */
function requireOnce(people: TrustRootDocument["people"]): void {
  const ids = people.map(({ id }) => id);
  const twice = ids.find((id, index) => ids.indexOf(id) < index);
  if (twice !== undefined)
    throw new TrustRootError(`The trust root names ${twice} twice; one entry has all keys and roles.`);
}

function requireRootSignatures(envelope: Envelope, document: TrustRootDocument, pin: RootPin): void {
  const keys = document.root.keys
    .map(({ publicKey }) => keyOf(publicKey, "root"))
    .filter(({ id }) => pin.keys.includes(id));
  const signed = signersOf(envelope, trustRootType, keys).size;
  const needed = Math.max(pin.threshold, document.root.threshold);
  if (signed < needed) {
    throw new TrustRootError(
      `The trust root is signed by ${signed} of the ${pin.keys.length} root keys that the settings name; ${needed} are needed.`,
    );
  }
}

function requireDistinct(keys: readonly TrustedKey[]): void {
  const owners = new Map<string, string>();
  for (const { id, person } of keys) {
    const other = owners.get(id);
    if (other !== undefined && other !== person.id) {
      throw new TrustRootError(`The key ${id} belongs to two people: ${other} and ${person.id}.`);
    }
    owners.set(id, person.id);
  }
}

function personOf({ id, name, roles }: TrustRootDocument["people"][number]): TrustedPerson {
  return { id, name, roles };
}

function keyOf(pem: string, owner: string): VerificationKey {
  try {
    return verificationKey(pem);
  } catch (error) {
    if (error instanceof KeyError) throw new TrustRootError(`A key of ${owner}: ${error.message}`);
    throw error;
  }
}

function parsed<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch {
    throw new TrustRootError(`${what} is no JSON, or cut off.`);
  }
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new TrustRootError(`${what}: ${issue?.path.join(".") || "it"}: ${issue?.message}`);
}
