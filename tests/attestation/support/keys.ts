import { generateKeyPairSync } from "node:crypto";

export interface NewKey {
  readonly privatePem: string;
  readonly publicPem: string;
}

/** A key pair of its own for each test: nothing that signs stands in the repository. */
export function newKey(kind: "ed25519" | "p256"): NewKey {
  const { privateKey, publicKey } =
    kind === "ed25519" ? generateKeyPairSync("ed25519") : generateKeyPairSync("ec", { namedCurve: "P-256" });
  return {
    privatePem: privateKey.export({ type: "pkcs8", format: "pem" }).toString(),
    publicPem: publicKey.export({ type: "spki", format: "pem" }).toString(),
  };
}
