import { generateKeyPairSync } from "node:crypto";
import { z } from "zod";
import { canonicalJson } from "../../attestation/canonical-json";
import { type Envelope, payloadOf, signersOf, signPayload } from "../../attestation/dsse";
import { fileSigner, type Signer, type VerificationKey, verificationKey } from "../../attestation/keys";
import { envelopeSchema } from "../../attestation/trust-root";

const warrantType = "application/vnd.switchyard.journal-warrant+json";
const headType = "application/vnd.switchyard.journal-head+json";
const headFormat = 1;

const headSchema = z.strictObject({
  format: z.literal(headFormat),
  system: z.string(),
  release: z.string(),
  /** Of the lease under which it was written. */
  epoch: z.number().int().positive(),
  /** Name of the file or blob that holds the records. */
  journal: z.string(),
  /** Acknowledged records, and the bytes that they take. */
  count: z.number().int().nonnegative(),
  bytes: z.number().int().nonnegative(),
  /** Hash of the last of them; of none, the release's id. */
  hash: z.string(),
});

/** How far a journal is acknowledged. Signed, and kept outside it, so that a cut tail or a rewrite shows. */
export type Head = Omit<z.infer<typeof headSchema>, "format">;

const warrantSchema = z.strictObject({
  system: z.string(),
  release: z.string(),
  epoch: z.number().int().positive(),
  /** SubjectPublicKeyInfo of the key that signs the heads. */
  publicKey: z.string(),
});
type Warranted = Pick<Head, "system" | "release" | "epoch">;

const documentSchema = z.strictObject({ warrant: envelopeSchema, head: envelopeSchema });

/** A head that cannot be relied on. */
export class HeadError extends Error {
  override readonly name = "HeadError";
}

/**
 * Signs the heads of one holder. The holder's own key (in production one that never leaves its vault) signs once, for a
 * key that lives as long as this process: a release does not depend on a vault after its start, and an entry does not
 * wait for one.
 */
export class HeadSigner {
  private constructor(
    private readonly warrant: Envelope,
    private readonly signer: Signer,
  ) {}

  static async for({ system, release, epoch }: Warranted, signer: Signer): Promise<HeadSigner> {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const warranted = {
      system,
      release,
      epoch,
      publicKey: publicKey.export({ type: "spki", format: "pem" }).toString(),
    };
    const warrant = await signPayload(warrantType, Buffer.from(canonicalJson(warranted)), [signer]);
    const own = fileSigner(privateKey.export({ type: "pkcs8", format: "pem" }).toString());
    return new HeadSigner(warrant, own);
  }

  /** @returns text of the head's document, one line */
  async sign(head: Head): Promise<string> {
    const payload = Buffer.from(canonicalJson({ format: headFormat, ...head }));
    return JSON.stringify({
      warrant: this.warrant,
      head: await signPayload(headType, payload, [this.signer]),
    });
  }
}

export interface OpenedHead extends Head {
  /** Ids of the keys by whose warrant it was signed. */
  readonly signedBy: readonly string[];
}

/**
 * @param keys whose warrants count
 * @throws HeadError when it is malformed, of a newer version, or signed by none of them
 */
export function openHead(text: string, expected: Warranted, keys: readonly VerificationKey[]): OpenedHead {
  const { warrant, head } = parsed(documentSchema, text, "the head");
  const signedBy = [...signersOf(warrant, warrantType, keys)];
  if (signedBy.length === 0) throw new HeadError("its head is signed by no key that is trusted here");
  const warranted = parsed(warrantSchema, payloadOf(warrant).toString("utf8"), "the warrant of the head");
  const key = verificationKey(warranted.publicKey);
  if (signersOf(head, headType, [key]).size === 0)
    throw new HeadError("its head was changed after it was signed");
  const { format: _, ...content } = parsed(headSchema, payloadOf(head).toString("utf8"), "the head");
  const same = (["system", "release", "epoch"] as const).every(
    (name) => content[name] === expected[name] && warranted[name] === expected[name],
  );
  if (!same) throw new HeadError("its head is that of another release or of another time");
  return { ...content, signedBy };
}

function parsed<T>(schema: z.ZodType<T>, text: string, what: string): T {
  let value: unknown;
  try {
    value = JSON.parse(text);
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
    throw new HeadError(`${what} is no JSON`);
  }
  const { format } = (value ?? {}) as { format?: unknown };
  if (typeof format === "number" && format > headFormat)
    throw new HeadError(
      `${what} was written by a newer Switchyard (format ${format}; this one reads ${headFormat})`,
    );
  const result = schema.safeParse(value);
  if (result.success) return result.data;
  const [issue] = result.error.issues;
  throw new HeadError(`${what} is none: ${issue?.path.join(".") || "it"}: ${issue?.message}`);
}
