import { generateKeyPairSync } from "node:crypto";
import { existsSync } from "node:fs";
import { mkdir, writeFile } from "node:fs/promises";
import { join } from "node:path";
import { signPayload } from "../../attestation/dsse";
import { fileSigner, verificationKey } from "../../attestation/keys";
import { type TrustRootDocument, trustRootType } from "../../attestation/trust-root";
import { UserError } from "../../local/user-error";

/** A person of a trust root, with the roles that its signature carries. */
export interface DevPerson {
  readonly id: string;
  readonly roles: readonly string[];
}

const validDays = 365;

/**
 * Makes a trust root whose keys lie in files beside it: for dev, where nothing is at stake. Production takes no signature
 * by a key in a file.
 *
 * @returns The file, the id of the root key, and the private key of each person.
 * @throws UserError when there is one already.
 */
export async function makeDevTrust(
  folder: string,
  people: readonly DevPerson[],
  now: Date,
): Promise<{ readonly file: string; readonly rootKey: string; readonly keys: ReadonlyMap<string, string> }> {
  const file = join(folder, "root.json");
  if (existsSync(file)) {
    throw new UserError(`There is a trust root already: ${file}`, {
      mend: "Remove the folder to make a new one; what was signed with its keys then counts no more.",
    });
  }
  await mkdir(folder, { recursive: true, mode: 0o700 });
  const made = async (name: string) => {
    const { privateKey, publicKey } = generateKeyPairSync("ed25519");
    const pem = privateKey.export({ type: "pkcs8", format: "pem" }).toString();
    const path = join(folder, `${name}.key.pem`);
    await writeFile(path, pem, { mode: 0o600, flag: "wx" });
    return { pem, path, publicKey: publicKey.export({ type: "spki", format: "pem" }).toString() };
  };
  const root = await made("root");
  const keys = new Map<string, string>();
  const entries: TrustRootDocument["people"] = [];
  for (const { id, roles } of people) {
    const { path, publicKey } = await made(id);
    keys.set(id, path);
    entries.push({ id, name: id, roles: [...roles], keys: [{ publicKey, kind: "file" }] });
  }
  const document: TrustRootDocument = {
    version: 1,
    serial: 1,
    expires: new Date(now.getTime() + validDays * 86_400_000).toISOString(),
    root: { keys: [{ publicKey: root.publicKey, kind: "file" }], threshold: 1 },
    people: entries,
  };
  const payload = Buffer.from(JSON.stringify(document));
  const envelope = await signPayload(trustRootType, payload, [fileSigner(root.pem)]);
  await writeFile(file, `${JSON.stringify(envelope, null, 2)}\n`, { mode: 0o600 });
  return { file, rootKey: verificationKey(root.publicKey).id, keys };
}
