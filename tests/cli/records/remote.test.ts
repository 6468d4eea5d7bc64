import assert from "node:assert/strict";
import { createHash, createPrivateKey, createPublicKey, sign } from "node:crypto";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { signersOf, signPayload } from "../../../attestation/dsse";
import { verificationKey } from "../../../attestation/keys";
import { RecordContainer } from "../../../cli/records/record-container";
import { recordName } from "../../../cli/records/record-place";
import type { HttpAnswer, HttpRequest } from "../../../release/clients/http";
import { keyVaultSigner } from "../../../release/clients/key-vault-signer";
import { newKey } from "../../attestation/support/keys";
import { RecordsProject } from "./support";

const login = { token: async () => "token" };
const container = "https://switchyard.blob.core.windows.net/records";
const answer = (status: number, text = ""): HttpAnswer => ({ status, text, headers: {} });

describe("records of staging and production", () => {
  let project: RecordsProject;
  beforeEach(() => {
    project = new RecordsProject();
    for (const stack of ["staging", "production"])
      project.stackFile(stack, { "switchyard:records": { location: container } });
  });
  afterEach(() => project.remove());

  const refused = async (stack: string, user: NodeJS.ProcessEnv, reason: RegExp, mend: RegExp) =>
    assert.rejects(project.open(stack, user), (error: Error & { mend?: string }) => {
      assert.match(error.message, reason);
      assert.match(error.mend ?? "", mend);
      return true;
    });

  it("an up without a place for its record is refused before anything changes", async () => {
    for (const records of [undefined, { location: "<owner: container>" }, { location: "folder" }]) {
      project.stackFile("staging", { "switchyard:records": records });
      await refused(
        "staging",
        {},
        /does not say where the record of a change is kept/,
        /pulumi config set --path/,
      );
    }
  });

  it("an up without a key is refused before anything changes", async () => {
    await refused("staging", {}, /SWITCHYARD_OPERATOR_KEY is not set/, /export SWITCHYARD_OPERATOR_KEY=/);
  });

  it("production accepts no key that lies in a file", async () => {
    const file = join(project.workspace.root, "key.pem");
    writeFileSync(file, newKey("p256").privatePem);
    await refused("production", { SWITCHYARD_OPERATOR_KEY: file }, /never leaves its vault/, /Key Vault/);
  });

  it("a key in the place of its name is refused, and nothing of it is repeated", async () => {
    const { privatePem } = newKey("p256");
    for (const stack of ["staging", "production"])
      await assert.rejects(project.open(stack, { SWITCHYARD_OPERATOR_KEY: privatePem }), (error: Error) => {
        assert.match(error.message, /^SWITCHYARD_OPERATOR_KEY holds a key itself/);
        return !error.message.includes(privatePem.slice(60, 90));
      });
  });

  it("a file that is no key is refused without a word of its content", async () => {
    const file = join(project.workspace.root, "key.pem");
    writeFileSync(file, "CANARY");
    await assert.rejects(project.open("staging", { SWITCHYARD_OPERATOR_KEY: file }), (error: Error) => {
      assert.match(error.message, /cannot sign: What was given is no private key in PEM/);
      assert.doesNotMatch(error.message, /CANARY/);
      return true;
    });
  });
});

describe("a container of records", () => {
  it("is not taken for an empty one where a proxy answers with a page of its own, or half a list comes", async () => {
    for (const text of ["<html><body>Sign in</body></html>", "", "<EnumerationResults><Blobs>"]) {
      const place = new RecordContainer(container, login, async () => answer(200, text));
      await assert.rejects(place.list("production"), /answers with what is no list of blobs/);
    }
  });

  const names = [1, 2, 3].map((second) =>
    recordName(`2026-11-21T10:00:0${second}.000Z`, "production", `sha256:${String(second).repeat(64)}`),
  );

  it("is listed page by page, other stacks and other blobs left out", async () => {
    const pages = [
      `<EnumerationResults><Blobs><Blob><Name>${names[1]}</Name></Blob><Blob><Name>other.txt</Name></Blob></Blobs><NextMarker>more</NextMarker></EnumerationResults>`,
      `<EnumerationResults><Blobs><Blob><Name>${names[0]}</Name></Blob><Blob><Name>${names[2]?.replace("production", "staging")}</Name></Blob></Blobs><NextMarker /></EnumerationResults>`,
    ];
    const asked: string[] = [];
    const place = new RecordContainer(container, login, async ({ url }) => {
      asked.push(url.search);
      return answer(200, pages[asked.length - 1]);
    });
    assert.deepEqual(await place.list("production"), [names[0], names[1]]);
    assert.match(asked[1] ?? "", /marker=more/);
  });

  it("takes a record only where there is none, and a repeated PUT of the same counts as done", async () => {
    const blobs = new Map<string, string>();
    const place = new RecordContainer(container, login, async (request: HttpRequest) => {
      const { method, url, headers = {}, body = "" } = request;
      assert.equal(headers.authorization, "Bearer token");
      if (method === "GET") return answer(200, blobs.get(url.pathname));
      assert.equal(headers["if-none-match"], "*");
      if (blobs.has(url.pathname)) return answer(409, "<Error><Code>BlobAlreadyExists</Code></Error>");
      blobs.set(url.pathname, String(body));
      return answer(201);
    });
    await place.add("one", "text");
    await place.add("one", "text");
    await assert.rejects(place.add("one", "other"), /one cannot be written: BlobAlreadyExists/);
  });

  it("that may not be used or is not there is told with the role that is needed", async () => {
    const forbidden = new RecordContainer(container, login, async () =>
      answer(403, "<Error><Code>AuthorizationPermissionMismatch</Code></Error>"),
    );
    await assert.rejects(forbidden.require(), (error: Error & { mend?: string }) => {
      assert.match(error.message, /cannot be listed: AuthorizationPermissionMismatch/);
      assert.match(error.mend ?? "", /Storage Blob Data Contributor/);
      return true;
    });
    const gone = new RecordContainer(container, login, async () => {
      throw Object.assign(new Error("x"), { code: "ENOTFOUND" });
    });
    await assert.rejects(gone.require(), /cannot be reached: its host name is not known/);
  });
});

describe("a key in Key Vault", () => {
  const address = "https://shop.vault.azure.net/keys/operator";
  const key = newKey("p256");
  const jwk = createPublicKey(key.publicPem).export({ format: "jwk" });

  const vault =
    (change: object = {}) =>
    async ({ method, url, body }: HttpRequest): Promise<HttpAnswer> => {
      if (method === "GET")
        return answer(200, JSON.stringify({ key: { ...jwk, kid: `${address}/abc123`, ...change } }));
      assert.equal(url.href, `${address}/abc123/sign?api-version=7.4`);
      const { alg, value } = JSON.parse(String(body)) as { alg: string; value: string };
      assert.equal(alg, "ES256");
      assert.equal(Buffer.from(value, "base64url").length, 32);
      // Key Vault signs the digest; here the same key signs the text whose digest that is.
      assert.equal(createHash("sha256").update(signedText).digest("base64url"), value);
      const signature = sign("sha256", signedText, {
        key: createPrivateKey(key.privatePem),
        dsaEncoding: "ieee-p1363",
      });
      return answer(200, JSON.stringify({ kid: address, value: signature.toString("base64url") }));
    };
  const payload = Buffer.from("a record");
  const signedText = Buffer.from(`DSSEv1 4 type ${payload.length} a record`);

  it("signs what its public part verifies, and is known by that part's digest", async () => {
    const signer = await keyVaultSigner(address, login, vault());
    const known = verificationKey(key.publicPem);
    assert.equal(signer.keyId, known.id);
    const envelope = await signPayload("type", payload, [signer]);
    assert.deepEqual([...signersOf(envelope, "type", [known])], [known.id]);
  });

  it("of another kind, or at another place than it says, is refused", async () => {
    await assert.rejects(keyVaultSigner(address, login, vault({ kty: "RSA", crv: undefined })), /is RSA/);
    await assert.rejects(keyVaultSigner(address, login, vault({ crv: "P-384" })), /is EC P-384/);
    await assert.rejects(
      keyVaultSigner(address, login, vault({ kid: "https://elsewhere.vault.azure.net/keys/a/1" })),
    );
  });

  it("that may not be used is told with the role that is needed", async () => {
    const forbidden = async () => answer(403, '{"error":{"code":"Forbidden"}}');
    await assert.rejects(keyVaultSigner(address, login, forbidden), (error: Error & { mend?: string }) => {
      assert.match(error.message, /cannot be used: Forbidden/);
      assert.match(error.mend ?? "", /Key Vault Crypto User/);
      return true;
    });
  });
});
