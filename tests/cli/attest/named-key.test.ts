import assert from "node:assert/strict";
import { requireKeyFor, signerNamed } from "../../../cli/attest/named-key";
import { newKey } from "../../attestation/support/keys";

describe("a key that is named on the command line", () => {
  const { privatePem } = newKey("ed25519");
  const lines = privatePem.trim().split("\n");
  const forms = {
    PEM: privatePem,
    "PEM in Base64": Buffer.from(privatePem).toString("base64"),
    "what stands in PEM": lines.slice(1, -1).join(""),
    "PEM of P-256 in one line": newKey("p256").privatePem.split("\n").slice(1, -2).join(""),
  };
  for (const [form, text] of Object.entries(forms)) {
    it(`is not the key itself (${form}), of which nothing is repeated`, async () => {
      const silent = (error: Error) => {
        assert.match(error.message, /^--key holds a key itself/);
        return !error.message.includes(text.slice(30, 50));
      };
      await assert.rejects(signerNamed(text, {}), silent);
      assert.throws(() => requireKeyFor("production", text), silent);
    });
  }

  it("may be any file", async () => {
    for (const file of ["keys/MCX.pem", "MIRROR", `/${"long/".repeat(20)}key`])
      await assert.rejects(signerNamed(file, {}), /cannot be used: there is no such file/);
  });
});
