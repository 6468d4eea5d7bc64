import assert from "node:assert/strict";
import { generateKeyPairSync } from "node:crypto";
import fc from "fast-check";
import { canonicalJson } from "../../attestation/canonical-json";
import { payloadOf, preAuthenticationEncoding, signersOf, signPayload } from "../../attestation/dsse";
import { fileSigner, KeyError, verificationKey } from "../../attestation/keys";
import { newKey } from "./support/keys";

const type = "application/vnd.test+json";

describe("canonical JSON", () => {
  it("is the same for the same value, in whatever order its keys were written", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => {
        const text = canonicalJson(value);
        assert.deepEqual(JSON.parse(text), JSON.parse(JSON.stringify(value)));
        assert.equal(canonicalJson(reordered(value)), text);
      }),
    );
  });

  it("sorts keys as texts, also numbers and the key of an object's prototype", () => {
    const odd = JSON.parse('{"b":{"10":1,"9":2,"__proto__":{"y":1,"x":[{"2":1,"10":0}]}},"a":0}');
    assert.equal(canonicalJson(odd), '{"a":0,"b":{"10":1,"9":2,"__proto__":{"x":[{"10":0,"2":1}],"y":1}}}');
  });

  it("refuses what JSON cannot say", () => {
    for (const value of [Number.NaN, [undefined], new Date(), () => 1, 1n]) {
      assert.throws(() => canonicalJson(value), TypeError);
    }
  });
});

function reordered(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(reordered);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .reverse()
      .map(([key, member]) => [key, reordered(member)]),
  );
}

describe("a DSSE envelope", () => {
  it("encodes as the specification's example", () => {
    const encoded = preAuthenticationEncoding("http://example.com/HelloWorld", Buffer.from("hello world"));
    assert.equal(encoded.toString(), "DSSEv1 29 http://example.com/HelloWorld 11 hello world");
  });

  for (const kind of ["ed25519", "p256"] as const) {
    it(`signed with ${kind} names its signer`, async () => {
      const [mine, other] = [newKey(kind), newKey(kind)];
      const envelope = await signPayload(type, Buffer.from("{}"), [fileSigner(mine.privatePem)]);
      const keys = [verificationKey(mine.publicPem), verificationKey(other.publicPem)];
      assert.deepEqual([...signersOf(envelope, type, keys)], [verificationKey(mine.publicPem).id]);
      assert.equal(payloadOf(envelope).toString(), "{}");
    });
  }

  it("with one changed byte of text, type or signature is signed by nobody", async () => {
    const mine = newKey("ed25519");
    const keys = [verificationKey(mine.publicPem)];
    const envelope = await signPayload(type, Buffer.from('{"a":1}'), [fileSigner(mine.privatePem)]);
    const [signature] = envelope.signatures;
    assert.ok(signature);
    const flipped = Buffer.from(signature.sig, "base64");
    flipped[7] = (flipped[7] ?? 0) ^ 1;
    for (const changed of [
      { ...envelope, payload: Buffer.from('{"a":2}').toString("base64") },
      { ...envelope, signatures: [{ ...signature, sig: flipped.toString("base64") }] },
      { ...envelope, signatures: [{ ...signature, sig: "" }] },
    ]) {
      assert.equal(signersOf(changed, type, keys).size, 0);
    }
    assert.equal(signersOf(envelope, "application/other", keys).size, 0);
    assert.equal(
      signersOf({ ...envelope, payloadType: "application/other" }, "application/other", keys).size,
      0,
    );
  });

  it("does not believe the key id that it names", async () => {
    const [mine, other] = [newKey("ed25519"), newKey("ed25519")];
    const envelope = await signPayload(type, Buffer.from("{}"), [fileSigner(mine.privatePem)]);
    const claimed = verificationKey(other.publicPem).id;
    const forged = {
      ...envelope,
      signatures: envelope.signatures.map(({ sig }) => ({ keyid: claimed, sig })),
    };
    assert.equal(signersOf(forged, type, [verificationKey(other.publicPem)]).size, 0);
  });
});

describe("a key", () => {
  it("of another kind is refused by its kind", () => {
    const { publicKey } = generateKeyPairSync("rsa", { modulusLength: 2048 });
    assert.throws(
      () => verificationKey(publicKey.export({ type: "spki", format: "pem" }).toString()),
      (error: unknown) => error instanceof KeyError && /rsa; Ed25519 and P-256/.test(error.message),
    );
  });

  it("that is broken is refused without a word of it", () => {
    const broken = newKey("ed25519").privatePem.replace("MC4C", "MC4D");
    assert.throws(
      () => fileSigner(broken),
      (error: unknown) =>
        error instanceof KeyError &&
        !broken.split("\n").some((line) => line.length > 20 && error.message.includes(line)),
    );
  });
});
