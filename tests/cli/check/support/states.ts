import { createCipheriv, randomBytes } from "node:crypto";

export const project = "switchyard";

export function urn(name: string, of = project, stack = "dev"): string {
  return `urn:pulumi:${stack}::${of}::azure-native:resources:ResourceGroup::${name}`;
}

/** An export of a stack with these resources. */
export function stateOf(resources: readonly object[], extra: object = {}): string {
  const manifest = { time: "2026-11-21T07:33:52Z", magic: "x", version: "v3.232.0" };
  return JSON.stringify({ version: 3, deployment: { manifest, resources, ...extra } });
}

export function group(name: string, inputs: object = {}) {
  return { urn: urn(name), type: "azure-native:resources:ResourceGroup", inputs };
}

/** How the engine marks a secret. */
export const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };

/** A text as the engine's passphrase provider encrypts it. */
export function sealed(text: string, key: Buffer): string {
  const nonce = randomBytes(12);
  const cipher = createCipheriv("aes-256-gcm", key, nonce);
  const body = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
  return `v1:${nonce.toString("base64")}:${body.toString("base64")}`;
}

/** What a state says of its passphrase provider. */
export function providersOf(salt: Buffer, key: Buffer) {
  const state = { salt: `v1:${salt.toString("base64")}:${sealed("pulumi", key)}` };
  return { secrets_providers: { type: "passphrase", state } };
}
