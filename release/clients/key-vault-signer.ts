import { createHash, createPublicKey } from "node:crypto";
import { type Signer, verificationKey } from "../../attestation/keys";
import { isJson, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import type { AzureLogin } from "./azure-login";
import { connectionFailure } from "./connection-failure";
import { type HttpAnswer, type HttpRequest, jsonOf } from "./http";
import { patientExchange } from "./patient-exchange";

const apiVersion = "7.4";

/** Address of a key: `https://VAULT.vault.azure.net/keys/NAME`, with or without a version. */
export const keyAddress =
  /^https:\/\/[a-z0-9-]+\.(vault|managedhsm)\.azure\.net\/keys\/[A-Za-z0-9-]+(\/[0-9a-f]+)?$/;

/**
 * Signs with a P-256 key that never leaves its vault (Key Vault REST, "Sign": ES256 over a SHA-256 digest).
 *
 * @throws UserError when the key cannot be used, or is of another kind
 */
export async function keyVaultSigner(
  address: string,
  login: Pick<AzureLogin, "token">,
  exchange: (request: HttpRequest) => Promise<HttpAnswer> = patientExchange,
): Promise<Signer> {
  const call = async (method: "GET" | "POST", url: string, body?: object) => {
    const headers = {
      authorization: `Bearer ${await login.token("vault")}`,
      ...(body && { "content-type": "application/json" }),
    };
    const request = { method, url: new URL(`${url}?api-version=${apiVersion}`), headers };
    let answer: HttpAnswer;
    try {
      answer = await exchange({ ...request, ...(body && { body: JSON.stringify(body) }) });
    } catch (error) {
      const reason = connectionFailure(error);
      if (reason === undefined) throw error;
      throw unusable(`cannot be reached: ${reason}`, error);
    }
    const said = jsonOf(answer);
    if (answer.status === 200 && isJson(said)) return said;
    const { code } = mapAt(said, "error");
    throw unusable(`cannot be used: ${typeof code === "string" ? code : `status ${answer.status}`}`);
  };
  const unusable = (what: string, cause?: unknown) =>
    new UserError(`The key ${address} ${what}`, {
      mend: "whoever signs needs Key Vault Crypto User on the key, which is an EC key on the curve P-256",
      cause,
    });
  const { kid, kty, crv, x, y } = mapAt(await call("GET", address), "key");
  // The answer names the version that is signed with from here on.
  if (
    typeof kid !== "string" ||
    !kid.startsWith(`${new URL(address).origin}/`) ||
    !/^EC(-HSM)?$/.test(String(kty)) ||
    crv !== "P-256"
  )
    throw unusable(`is ${String(kty)} ${String(crv ?? "")}`.trimEnd());
  const key = createPublicKey({
    key: { kty: "EC", crv: "P-256", x: String(x), y: String(y) },
    format: "jwk",
  });
  return {
    keyId: verificationKey(key.export({ type: "spki", format: "pem" }).toString()).id,
    async sign(data) {
      const value = createHash("sha256").update(data).digest("base64url");
      const answer = await call("POST", `${kid}/sign`, { alg: "ES256", value });
      if (typeof answer.value !== "string") throw unusable("gave no signature");
      return Buffer.from(answer.value, "base64url");
    },
  };
}
