import assert from "node:assert/strict";
import { createHash, randomBytes } from "node:crypto";
import { readState } from "../../../cli/check/state-file";
import { type DeriveKey, openInputs } from "../../../cli/check/state-secrets";
import { UserError } from "../../../local/user-error";
import { group, mark, project, providersOf, sealed, stateOf, urn } from "./support/states";

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

  it("was recorded at a time, which is printed: what would steer a terminal is none", () => {
    const at = (time: string) => stateOf([group("a")], { manifest: { time } });
    assert.match(
      refusal(at("2026-11-21T07:33:52Z\u001b[2J")),
      /is not the state of a stack: .*manifest\.time/,
    );
    assert.match(refusal(at("yesterday")), /manifest\.time/);
    for (const time of ["2026-11-21T07:33:52.123456789+01:00", "0001-01-01T00:00:00Z"])
      assert.equal(readState(at(time), "x", project).recordedAt, time);
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
    ["a list", "[]", /not the state of a stack: it is a list where a map is wanted\.$/],
    [
      "a version that is a text",
      stateOf([group("a")]).replace('"version":3', '"version":"3"'),
      /version is a text where a number is wanted/,
    ],
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
  const keyOf = (passphrase: string) => createHash("sha256").update(passphrase).digest();
  // The engine's own takes a quarter of a second each time: state-passphrase.slow.test.ts.
  const derive: DeriveKey = async (passphrase) => keyOf(passphrase);
  const key = keyOf("open sesame");
  const seal = (text: string) => sealed(text, key);
  const providers = providersOf(randomBytes(8), key);
  const sealedState = () =>
    readState(
      stateOf(
        [group("a", { tags: { list: [{ ...mark, ciphertext: seal('{"inner":"canary"}') }] } })],
        providers,
      ),
      "x",
      project,
    );

  it("are opened with the stack's passphrase, wherever they stand", async () => {
    const [opened] = await openInputs(sealedState(), "open sesame", derive);
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
      await assert.rejects(
        openInputs(readState(text, "x", project), "open sesame", derive),
        (error: Error) => {
          assert.ok(error instanceof UserError, String(error));
          assert.match(error.message, /::a cannot be opened/);
          assert.doesNotMatch(`${error.stack} ${String(error.cause)}`, /canary/);
          return true;
        },
      );
    });
  }

  it("that another key encrypted are refused without a word of their content", async () => {
    await assert.rejects(openInputs(sealedState(), "something else", derive), /another passphrase/);
    await assert.rejects(openInputs(sealedState(), undefined), /none is given/);
  });

  it("of a vault are refused: its key is not here", async () => {
    const state = sealedState();
    await assert.rejects(
      openInputs({ ...state, secrets: { type: "cloud", state: {} } }, "open sesame"),
      /encrypted by cloud/,
    );
  });
});
