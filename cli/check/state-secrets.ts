import { createDecipheriv, pbkdf2 } from "node:crypto";
import { promisify } from "node:util";
import { UserError } from "../../local/user-error";
import { secretSignature, signatureKey } from "../../policies/engine-marks";
import type { RecordedState, StateResource } from "./state-file";

const pbkdf2Of = promisify(pbkdf2);

/** Of the engine's passphrase provider: rounds of PBKDF2 with SHA-256, bytes of the key, bytes of the tag at the end. */
const passphraseProvider = { rounds: 1_000_000, keyBytes: 32, tagBytes: 16 } as const;

type Decrypt = (ciphertext: string) => string;

/** A key of `passphraseProvider.keyBytes` bytes. */
export type DeriveKey = (passphrase: string, salt: Buffer) => Promise<Buffer>;

/** As the engine does it; the rounds are meant to take their time. */
const deriveKey: DeriveKey = (passphrase, salt) =>
  pbkdf2Of(passphrase, salt, passphraseProvider.rounds, passphraseProvider.keyBytes, "sha256");

/**
 * The inputs of every resource with its secrets in clear, as rules see them in a preview. They stay in memory.
 *
 * @param passphrase Of the stack's secrets provider; not needed for a state that was exported with `--show-secrets`.
 * @param derive How the passphrase becomes a key. @default as the engine's passphrase provider does
 * @throws UserError when something is encrypted with another key, or with one that only a vault has.
 */
export async function openInputs(
  state: RecordedState,
  passphrase: string | undefined,
  derive: DeriveKey = deriveKey,
): Promise<readonly (StateResource & { readonly inputs: Record<string, unknown> })[]> {
  const decrypt = state.resources.some(({ inputs }) => holdsCiphertext(inputs))
    ? await decryptorOf(state, passphrase, derive)
    : refuseCiphertext;
  return state.resources.map((resource) => ({ ...resource, inputs: openedInputs(resource, decrypt) }));
}

function openedInputs({ inputs, urn }: StateResource, decrypt: Decrypt): Record<string, unknown> {
  try {
    return open(inputs ?? {}, decrypt) as Record<string, unknown>;
  } catch {
    // Neither the cause nor its message goes on: a parser's repeats a part of the secret.
    throw new UserError(
      `A secret of ${urn} cannot be opened: it is damaged, or encrypted with another key than the rest of the state.`,
      { mend: "Export the state anew: pulumi stack export --stack <stack> --file <file>." },
    );
  }
}

/** Where in recorded inputs the engine holds a secret. */
export function secretPathsIn(value: unknown, at: readonly (string | number)[] = []): (string | number)[][] {
  if (typeof value !== "object" || value === null) return [];
  if (!Array.isArray(value) && isSecret(value)) return [[...at]];
  const inner: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return inner.flatMap(([key, item]) => secretPathsIn(item, [...at, key]));
}

function refuseCiphertext(): never {
  throw new Error("a ciphertext in a state that was found to hold none");
}

function holdsCiphertext(value: unknown): boolean {
  if (typeof value !== "object" || value === null) return false;
  if (isSecret(value)) return typeof value.ciphertext === "string";
  return Object.values(value).some(holdsCiphertext);
}

function isSecret(value: object): value is { ciphertext?: string; plaintext?: string } {
  return (value as Record<string, unknown>)[signatureKey] === secretSignature;
}

function open(value: unknown, decrypt: Decrypt): unknown {
  if (typeof value !== "object" || value === null) return value;
  if (Array.isArray(value)) return value.map((item) => open(item, decrypt));
  if (isSecret(value)) return open(JSON.parse(value.plaintext ?? decrypt(value.ciphertext ?? "")), decrypt);
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, open(item, decrypt)]));
}

async function decryptorOf(
  state: RecordedState,
  passphrase: string | undefined,
  derive: DeriveKey,
): Promise<Decrypt> {
  const type = state.secrets?.type;
  const inClear = `pulumi stack export --stack ${state.stack} --show-secrets, to a place that is as safe as the secrets`;
  if (type !== "passphrase") {
    throw new UserError(
      `The state of ${state.stack} is encrypted by ${type ?? "an unknown provider"}, whose key is not here.`,
      {
        mend: `Use npx switchyard check --stack ${state.stack}, which asks the provider; or export it in clear: ${inClear}.`,
      },
    );
  }
  if (passphrase === undefined) {
    throw new UserError(`The state of ${state.stack} is encrypted with a passphrase, and none is given.`, {
      mend: "Set PULUMI_CONFIG_PASSPHRASE_FILE (or PULUMI_CONFIG_PASSPHRASE) to that of the stack.",
    });
  }
  const [version, salt, check] = saltOf(state);
  if (version !== "v1" || !salt || !check) {
    throw new UserError(
      `The secrets of ${state.stack} have a form that is not known (${version || "none"}).`,
      {
        mend: `Export the state in clear: ${inClear}.`,
      },
    );
  }
  const key = await derive(passphrase, Buffer.from(salt, "base64"));
  const decrypt: Decrypt = (ciphertext) => decryptWith(key, ciphertext);
  try {
    if (decrypt(check) === "pulumi") return decrypt;
  } catch {
    // Said below: with another key the tag does not fit.
  }
  throw new UserError(
    `The state of ${state.stack} is encrypted with another passphrase than the one given.`,
    {
      mend: "Give the stack's own in PULUMI_CONFIG_PASSPHRASE_FILE or PULUMI_CONFIG_PASSPHRASE.",
    },
  );
}

/** `v1:SALT:v1:NONCE:CIPHERTEXT`, whose last three parts are an encrypted "pulumi". */
function saltOf(state: RecordedState): readonly [string, string, string] {
  const { salt } = (state.secrets?.state ?? {}) as { readonly salt?: unknown };
  const [version = "", encoded = "", ...check] = typeof salt === "string" ? salt.split(":") : [];
  return [version, encoded, check.join(":")];
}

/** @param text `v1:NONCE:CIPHERTEXT`, AES-256-GCM with the tag at the end. */
function decryptWith(key: Buffer, text: string): string {
  const [, nonce = "", body = ""] = text.split(":");
  const bytes = Buffer.from(body, "base64");
  const end = bytes.length - passphraseProvider.tagBytes;
  const decipher = createDecipheriv("aes-256-gcm", key, Buffer.from(nonce, "base64"));
  decipher.setAuthTag(bytes.subarray(end));
  return Buffer.concat([decipher.update(bytes.subarray(0, end)), decipher.final()]).toString("utf8");
}
