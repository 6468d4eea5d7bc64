import assert from "node:assert/strict";
import { createCipheriv, pbkdf2Sync, randomBytes } from "node:crypto";
import { readState } from "../../../cli/check/state-file";
import { openInputs } from "../../../cli/check/state-secrets";
import { UserError } from "../../../local/user-error";

const project = "switchyard";
const urn = (name: string, of = project, stack = "dev") =>
  `urn:pulumi:${stack}::${of}::azure-native:resources:ResourceGroup::${name}`;

function stateOf(resources: readonly object[], extra: object = {}): string {
  const manifest = { time: "2026-11-21T07:33:52Z", magic: "x", version: "v3.232.0" };
  return JSON.stringify({ version: 3, deployment: { manifest, resources, ...extra } });
}

const group = (name: string, inputs: object = {}) => ({
  urn: urn(name),
  type: "azure-native:resources:ResourceGroup",
  inputs,
});

function refusal(text: string): string {
  try {
    readState(text, "state.json", project);
  } catch (error) {
    assert.ok(error instanceof UserError, String(error));
    assert.ok(error.mend, "a mend");
    return error.message;
  }
  return assert.fail("it was read");
}

describe("a recorded state", () => {
  it("is read from an export and from a backend's checkpoint alike", () => {
    const exported = readState(stateOf([group("a"), group("b")]), "x", project);
    const { deployment, version } = JSON.parse(stateOf([group("a"), group("b")]));
    const kept = readState(JSON.stringify({ version, checkpoint: { latest: deployment } }), "x", project);
    assert.deepEqual(kept, exported);
    assert.equal(exported.stack, "dev");
    assert.equal(exported.recordedAt, "2026-11-21T07:33:52Z");
  });

  it("is read behind the byte order mark that PowerShell writes", () => {
    assert.equal(readState(`\uFEFF${stateOf([group("a")])}`, "x", project).stack, "dev");
  });

  it("leaves out what waits for its deletion, and counts what was cut off", () => {
    const state = readState(
      stateOf([group("a"), { ...group("old"), delete: true }], { pending_operations: [{}] }),
      "x",
      project,
    );
    assert.deepEqual(
      state.resources.map((resource) => resource.urn),
      [urn("a")],
    );
    assert.equal(state.pending, 1);
  });

  const faults: readonly (readonly [string, string, RegExp])[] = [
    ["nothing", "", /it is empty/],
    ["half a file", stateOf([group("a")]).slice(0, 60), /cut off after 60 bytes/],
    ["broken JSON", "{nothing}", /no valid JSON/],
    ["something else", '{"steps":[]}', /not the state of a stack/],
    [
      "another encoding",
      stateOf([group("a")])
        .split("")
        .join("\0"),
      /no valid JSON/,
    ],
    ["a packed file", "\u001f\u008b\u0008", /no JSON in UTF-8/],
    [
      "a checkpoint with a fault, by its place in the checkpoint",
      stateOf([{ type: "x" }]).replace('{"version":3,"deployment":', '{"version":3,"checkpoint":{"latest":') +
        "}",
      /checkpoint\.latest\.resources\.0\.urn/,
    ],
    [
      "a resource whose URN is none",
      stateOf([group("a"), { ...group("b"), urn: "b" }]),
      /a resource whose URN is none/,
    ],
    [
      "a stack whose name is a path",
      stateOf([{ ...group("a"), urn: urn("a", project, "../x") }]),
      /whose URN is none/,
    ],
    [
      "a URN that is there twice",
      stateOf([group("a"), group("b"), group("a")]),
      /more than one resource with the URN .*::a\.$/,
    ],
    [
      "several URNs that are there twice",
      stateOf([group("a"), group("b"), group("a"), group("b")]),
      /::a and 1 others\.$/,
    ],
    ["another version", stateOf([group("a")]).replace('"version":3', '"version":9'), /version 9/],
    ["an empty stack", stateOf([]), /holds no resources/],
    ["another project", stateOf([{ ...group("a"), urn: urn("a", "other") }]), /of the project "other"/],
    [
      "two stacks",
      stateOf([group("a"), { ...group("b"), urn: urn("b", project, "x") }]),
      /resources of 2 stacks/,
    ],
  ];
  for (const [what, text, message] of faults) {
    it(`refuses ${what}, and says so`, () => assert.match(refusal(text), message));
  }

  it("that is broken is not repeated in the error: it may hold a secret", () => {
    assert.doesNotMatch(refusal('{"password":"hunter2'), /hunter2/);
  });
});

describe("secrets of a state", () => {
  const mark = { "4dabf18193072939515e22adb298388d": "1b47061264138c4ac30d75fd1eb44270" };
  const salt = randomBytes(8);
  const key = pbkdf2Sync("open sesame", salt, 1_000_000, 32, "sha256");
  const seal = (text: string) => {
    const nonce = randomBytes(12);
    const cipher = createCipheriv("aes-256-gcm", key, nonce);
    const body = Buffer.concat([cipher.update(text), cipher.final(), cipher.getAuthTag()]);
    return `v1:${nonce.toString("base64")}:${body.toString("base64")}`;
  };
  const providers = {
    secrets_providers: {
      type: "passphrase",
      state: { salt: `v1:${salt.toString("base64")}:${seal("pulumi")}` },
    },
  };
  const sealed = () =>
    readState(
      stateOf(
        [group("a", { tags: { list: [{ ...mark, ciphertext: seal('{"inner":"canary"}') }] } })],
        providers,
      ),
      "x",
      project,
    );

  it("are opened with the stack's passphrase, wherever they stand", async () => {
    const [opened] = await openInputs(sealed(), "open sesame");
    assert.deepEqual(opened?.inputs, { tags: { list: [{ inner: "canary" }] } });
  });

  it("exported in clear need no passphrase", async () => {
    const state = readState(stateOf([group("a", { key: { ...mark, plaintext: '"canary"' } })]), "x", project);
    const [opened] = await openInputs(state, undefined);
    assert.deepEqual(opened?.inputs, { key: "canary" });
  });

  const damaged: readonly (readonly [string, object])[] = [
    ["cut off", { ciphertext: "v1:AAAA:AAAA" }],
    [
      "sealed with another key than the rest",
      { ciphertext: seal("1").replace(/[^:]+$/, (body) => `AAAA${body}`) },
    ],
    ["without a text", {}],
    ["no JSON in clear", { plaintext: "canary" }],
  ];
  for (const [what, secret] of damaged) {
    it(`${what} are refused with the resource's name and without their text`, async () => {
      const text = stateOf(
        [
          group("a", { key: { ...mark, ...secret } }),
          group("b", { key: { ...mark, ciphertext: seal("1") } }),
        ],
        providers,
      );
      await assert.rejects(openInputs(readState(text, "x", project), "open sesame"), (error: Error) => {
        assert.ok(error instanceof UserError, String(error));
        assert.match(error.message, /::a cannot be opened/);
        assert.doesNotMatch(`${error.stack} ${String(error.cause)}`, /canary/);
        return true;
      });
    });
  }

  it("that another key encrypted are refused without a word of their content", async () => {
    await assert.rejects(openInputs(sealed(), "something else"), /another passphrase/);
    await assert.rejects(openInputs(sealed(), undefined), /none is given/);
  });

  it("of a vault are refused: its key is not here", async () => {
    const state = sealed();
    await assert.rejects(
      openInputs({ ...state, secrets: { type: "cloud", state: {} } }, "open sesame"),
      /encrypted by cloud/,
    );
  });
});
