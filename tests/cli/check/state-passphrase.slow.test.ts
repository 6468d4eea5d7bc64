import assert from "node:assert/strict";
import { pbkdf2Sync, randomBytes } from "node:crypto";
import { readState } from "../../../cli/check/state-file";
import { openInputs } from "../../../cli/check/state-secrets";
import { group, mark, project, providersOf, sealed, stateOf } from "./support/states";

describe("the passphrase of a state", () => {
  const salt = randomBytes(8);
  const key = pbkdf2Sync("open sesame", salt, 1_000_000, 32, "sha256");
  const inputs = { key: { ...mark, ciphertext: sealed('"canary"', key) } };
  const state = readState(stateOf([group("a", inputs)], providersOf(salt, key)), "x", project);

  it("becomes a key as the engine derives it", async () => {
    const [opened] = await openInputs(state, "open sesame");
    assert.deepEqual(opened?.inputs, { key: "canary" });
  });

  it("that is another one opens nothing", async () => {
    await assert.rejects(openInputs(state, "something else"), /another passphrase/);
  });
});
