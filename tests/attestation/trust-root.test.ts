import assert from "node:assert/strict";
import { signPayload } from "../../attestation/dsse";
import { fileSigner, verificationKey } from "../../attestation/keys";
import {
  openTrustRoot,
  peopleWhoSigned,
  type TrustRootDocument,
  TrustRootError,
  trustRootType,
} from "../../attestation/trust-root";
import { type NewKey, newKey } from "./support/keys";

const now = new Date("2026-11-21T00:00:00Z");
const root = newKey("p256");
const second = newKey("ed25519");
const alice = newKey("p256");
const bob = newKey("ed25519");

const pin = {
  keys: [verificationKey(root.publicPem).id, verificationKey(second.publicPem).id],
  threshold: 1,
};

const document: TrustRootDocument = {
  version: 1,
  serial: 3,
  expires: "2027-06-01T00:00:00Z",
  root: {
    keys: [root, second].map(({ publicPem }) => ({ publicKey: publicPem, kind: "keyVault" })),
    threshold: 1,
  },
  people: [
    {
      id: "alice",
      name: "Alice",
      roles: ["release-approver"],
      keys: [{ publicKey: alice.publicPem, kind: "keyVault" }],
    },
    {
      id: "bob",
      name: "Bob",
      roles: ["deployment-lead"],
      keys: [{ publicKey: bob.publicPem, kind: "file" }],
    },
  ],
};

async function signed(content: unknown, keys: readonly NewKey[] = [root]): Promise<string> {
  const signers = keys.map(({ privatePem }) => fileSigner(privatePem));
  return JSON.stringify(await signPayload(trustRootType, Buffer.from(JSON.stringify(content)), signers));
}

async function refused(content: unknown, message: RegExp, keys?: readonly NewKey[], by = pin): Promise<void> {
  const text = await signed(content, keys);
  assert.throws(
    () => openTrustRoot(text, by, now),
    (error: unknown) => error instanceof TrustRootError && message.test(error.message),
  );
}

describe("the trust root", () => {
  it("says who a key belongs to", async () => {
    const opened = openTrustRoot(await signed(document), pin, now);
    assert.equal(opened.serial, 3);
    assert.deepEqual(
      opened.keys.map(({ person, kind }) => [person.id, kind]),
      [
        ["alice", "keyVault"],
        ["bob", "file"],
      ],
    );
    assert.match(opened.digest, /^sha256:[0-9a-f]{64}$/);
  });

  it("that somebody else signed is refused", () => refused(document, /signed by 0 of the 2/, [alice]));

  it("whose own root keys signed it, but not the pinned ones, is refused", async () => {
    const mallory = newKey("ed25519");
    const own = {
      ...document,
      root: { keys: [{ publicKey: mallory.publicPem, kind: "file" }], threshold: 1 },
    };
    await refused(own, /signed by 0 of the 2/, [mallory]);
  });

  it("needs as many root keys as the settings or itself ask for, whichever is more", async () => {
    await refused(document, /2 are needed/, [root], { ...pin, threshold: 2 });
    await refused({ ...document, root: { ...document.root, threshold: 2 } }, /2 are needed/, [root, root]);
    const both = await signed({ ...document, root: { ...document.root, threshold: 2 } }, [root, second]);
    assert.equal(openTrustRoot(both, { ...pin, threshold: 2 }, now).serial, 3);
  });

  it("that has expired is refused", () =>
    refused({ ...document, expires: "2026-11-20T23:59:59Z" }, /expired at/));

  it("with a key of two people is refused", async () => {
    const people = [
      ...document.people,
      { id: "carol", name: "Carol", roles: [], keys: [{ publicKey: bob.publicPem, kind: "file" as const }] },
    ];
    await refused({ ...document, people }, /belongs to two people: bob and carol/);
  });

  it("with a field that nobody knows is refused by its name", () =>
    refused({ ...document, admins: [] }, /admins/));

  it("that is cut off is refused", async () => {
    const text = (await signed(document)).slice(0, 100);
    assert.throws(() => openTrustRoot(text, pin, now), /no JSON, or cut off/);
  });

  it("counts a person once, and only with keys of the kinds that are accepted", async () => {
    const opened = openTrustRoot(await signed(document), pin, now);
    const type = "application/vnd.test+json";
    const envelope = await signPayload(
      type,
      Buffer.from("{}"),
      [alice, alice, bob].map((key) => fileSigner(key.privatePem)),
    );
    const names = (kinds: Parameters<typeof peopleWhoSigned>[3]) =>
      peopleWhoSigned(envelope, type, opened, kinds).map(({ id }) => id);
    assert.deepEqual(names(["keyVault", "file"]), ["alice", "bob"]);
    assert.deepEqual(names(["keyVault"]), ["alice"]);
  });
});
