import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { preAuthenticationEncoding, signPayload } from "../../../attestation/dsse";
import { fileSigner, verificationKey } from "../../../attestation/keys";
import { type KeyKind, type TrustRootDocument, trustRootType } from "../../../attestation/trust-root";
import { type ExemptionFields, exemptionPayloadType } from "../../../policies/exemptions/exemption";
import { exemptionPayload } from "../../../policies/exemptions/payload";
import { PolicyRun } from "../../../policies/run/policy-run";
import type { RunSettings } from "../../../policies/run/run-settings";
import { type NewKey, newKey } from "../../attestation/support/keys";

export const now = new Date("2026-11-21T12:00:00Z");

/** People with one key each, and who may do what. */
export interface Person {
  readonly id: string;
  readonly key: NewKey;
  readonly kind: KeyKind;
  readonly roles: readonly string[];
}

export function person(id: string, roles: readonly string[], kind: KeyKind = "keyVault"): Person {
  return { id, roles, kind, key: newKey("ed25519") };
}

const root = newKey("p256");
/** What a stack's settings pin. */
export const rootKey = verificationKey(root.publicPem).id;

export async function trustRootText(people: readonly Person[], expires = "2027-06-01T00:00:00Z") {
  const document: TrustRootDocument = {
    version: 1,
    serial: 1,
    expires,
    root: { keys: [{ publicKey: root.publicPem, kind: "keyVault" }], threshold: 1 },
    people: people.map(({ id, key, kind, roles }) => ({
      id,
      name: `Name of ${id}`,
      roles: [...roles],
      keys: [{ publicKey: key.publicPem, kind }],
    })),
  };
  const payload = Buffer.from(JSON.stringify(document));
  return JSON.stringify(await signPayload(trustRootType, payload, [fileSigner(root.privatePem)]));
}

/** An entry of exemptions.yaml, signed by one key. */
export async function signedEntry(
  fields: ExemptionFields,
  { key }: Person,
): Promise<ExemptionFields & { signatures: { keyid: string; sig: string }[] }> {
  const signer = fileSigner(key.privatePem);
  const data = preAuthenticationEncoding(exemptionPayloadType, exemptionPayload(fields));
  const sig = Buffer.from(await signer.sign(data)).toString("base64");
  return { ...fields, signatures: [{ keyid: signer.keyId, sig }] };
}

export interface FolderContent {
  readonly people?: readonly Person[];
  /** Entries, or the text of the whole file. */
  readonly exemptions?: readonly object[] | string;
  readonly settings?: Partial<RunSettings>;
}

/** A project's folder with a trust root and exemptions; removed by the returned function. */
export async function runIn({ people, exemptions, settings }: FolderContent): Promise<{
  readonly run: PolicyRun;
  readonly folder: string;
  remove(): void;
}> {
  const folder = mkdtempSync(join(tmpdir(), "switchyard-run-"));
  const exemptionsFile = join(folder, "exemptions.yaml");
  if (people) writeFileSync(join(folder, "root.json"), await trustRootText(people));
  if (exemptions !== undefined) {
    writeFileSync(
      exemptionsFile,
      typeof exemptions === "string"
        ? exemptions
        : stringify({ exemptions }, { aliasDuplicateObjects: false }),
    );
  }
  const run = new PolicyRun({
    stack: "staging",
    projectFolder: folder,
    exemptionsFile,
    trustRoot: people ? { location: "root.json", keys: [rootKey], threshold: 1 } : undefined,
    evidence: undefined,
    now,
    ...settings,
  });
  return { run, folder, remove: () => rmSync(folder, { recursive: true, force: true }) };
}
