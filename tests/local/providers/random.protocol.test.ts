import assert from "node:assert/strict";
import { isSecret, type PropertyMap, reveal, secret, UNKNOWN } from "../../../plugin-server/values/property";
import { Driver } from "./support/driver";

const type = (name: string) => `random:index/random${name}:Random${name}`;
const PASSWORD = type("Password");
const STRING = type("String");

/** The executable, driven over gRPC as the engine drives it. */
describe("random stand-in over gRPC", () => {
  let provider: Driver;

  before(async () => {
    provider = await Driver.start("random");
    await provider.handshake();
    await provider.configure("random");
  });

  after(() => provider.stop());

  async function make(token: string, news: PropertyMap) {
    const { inputs, failures } = await provider.check(token, "x", news);
    assert.deepEqual(failures, []);
    return { inputs, ...(await provider.create(token, "x", inputs)) };
  }

  async function refusals(token: string, news: PropertyMap): Promise<string> {
    return (await provider.check(token, "x", news)).failures.map(({ reason }) => reason).join("\n");
  }

  it("keeps every class's minimum in a password, and marks it and its hash as secrets", async () => {
    const news = { length: 12, minLower: 2, minUpper: 3, minNumeric: 4, minSpecial: 3, overrideSpecial: "_" };
    const { id, outputs } = await make(PASSWORD, news);
    assert.equal(id, "none");
    assert.ok(isSecret(outputs.result) && isSecret(outputs.bcryptHash));
    assert.match(
      String(reveal(outputs.result)),
      /^(?=(.*[a-z]){2})(?=(.*[A-Z]){3})(?=(.*\d){4})(?=(.*_){3}).{12}$/,
    );
    assert.match(String(reveal(outputs.bcryptHash)), /^\$2a\$10\$[./A-Za-z0-9]{53}$/);
  });

  it("uses only the classes asked for, also by the old name of numeric", async () => {
    const { id } = await make(STRING, { length: 200, special: false, number: false, upper: false });
    assert.match(id, /^[a-z]{200}$/);
  });

  it("refuses lengths that cannot hold the minimums, no class at all, and what is no input", async () => {
    assert.match(
      await refusals(PASSWORD, { length: 3, minLower: 4 }),
      /length is 3, which is less than .* = 4/,
    );
    assert.match(await refusals(PASSWORD, { length: 0 }), /length is 0; the lowest allowed is 1/);
    assert.match(await refusals(PASSWORD, {}), /length is required and missing/);
    assert.match(
      await refusals(PASSWORD, { length: 3, lower: false, upper: false, numeric: false, special: false }),
      /at least one of lower/,
    );
    assert.match(
      await refusals(PASSWORD, { length: "16", colour: 1 }),
      /colour is not an input.*\nlength must be a whole number/,
    );
  });

  it("knows the options and not the result in a preview, and accepts unknown inputs", async () => {
    const { inputs, failures } = await provider.check(PASSWORD, "x", {
      length: UNKNOWN,
      keepers: { a: UNKNOWN },
    });
    assert.deepEqual(failures, []);
    const { id, outputs } = await provider.create(PASSWORD, "x", inputs, { preview: true });
    assert.deepEqual([id, outputs.result, outputs.bcryptHash, outputs.special], ["", UNKNOWN, UNKNOWN, true]);
  });

  it("makes a new value when a keeper or an option changes, and none for a default that is spelled out", async () => {
    const diff = (olds: PropertyMap, news: PropertyMap) => provider.diff(PASSWORD, "x", "none", olds, news);
    const old = { length: 8, keepers: { version: "1" } };
    const changed = await diff(old, { ...old, keepers: { version: "2" } });
    assert.deepEqual(changed.detailed, { "keepers.version": "UPDATE_REPLACE" });
    assert.deepEqual([changed.replaces, changed.deleteBeforeReplace], [["keepers"], false]);
    assert.deepEqual((await diff(old, { ...old, numeric: false })).detailed, { numeric: "UPDATE_REPLACE" });
    assert.equal((await diff(old, { ...old, special: true, number: true })).changes, "none");
    assert.equal((await diff(old, { ...old, keepers: { version: secret("1") } })).changes, "none");
  });

  it("keeps what is secret among the keepers marked in the outputs", async () => {
    const { outputs } = await make(STRING, { length: 4, keepers: { token: secret("canary-value") } });
    assert.deepEqual(outputs.keepers, { token: secret("canary-value") });
  });

  it("answers a refresh with the state, secrets marked even if the state held them in clear", async () => {
    const state = { inputs: { length: 4 }, outputs: { length: 4, result: "abcd", bcryptHash: "h" } };
    const read = await provider.read(PASSWORD, "x", "none", state);
    assert.deepEqual([read.id, read.inputs], ["none", state.inputs]);
    assert.deepEqual(read.outputs.result, secret("abcd"));
  });

  it("makes the forms of an id that the real provider makes", async () => {
    const { id, outputs } = await make(type("Id"), { byteLength: 4, prefix: "p-" });
    const bytes = Buffer.from(id, "base64url");
    assert.equal(bytes.length, 4);
    assert.equal(outputs.hex, `p-${bytes.toString("hex")}`);
    assert.equal(outputs.dec, `p-${bytes.readUInt32BE()}`);
    assert.equal(outputs.b64Url, `p-${id}`);
    assert.equal(outputs.b64Std, `p-${bytes.toString("base64")}`);
  });

  it("makes UUIDs, numbers, pet names and shuffles", async () => {
    const uuid = await make(type("Uuid"), {});
    assert.match(uuid.id, /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
    assert.match((await make(type("Uuid7"), {})).id, /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
    const integer = await make(type("Integer"), { min: 5, max: 6 });
    assert.ok([5, 6].includes(integer.outputs.result as number));
    assert.equal(integer.id, String(integer.outputs.result));
    assert.match(
      (await make(type("Pet"), { length: 3, prefix: "dev", separator: "_" })).id,
      /^dev(_[a-z]+){3}$/,
    );
    const shuffle = await make(type("Shuffle"), { inputs: ["a", "b", "c"], resultCount: 5, seed: "s" });
    assert.equal(shuffle.id, "-");
    assert.deepEqual((shuffle.outputs.results as string[]).slice(0, 3).sort(), ["a", "b", "c"]);
    assert.equal((shuffle.outputs.results as string[]).length, 5);
  });

  it("fixes a number by its seed", async () => {
    const news = { min: 0, max: 1_000_000, seed: "fixed" };
    assert.equal((await make(type("Integer"), news)).id, (await make(type("Integer"), news)).id);
    assert.match(await refusals(type("Integer"), { min: 3, max: 2 }), /min is 3, which is more than max, 2/);
  });

  it("imports what the real provider imports, and says so of the rest", async () => {
    const password = await provider.read(PASSWORD, "x", "abc-DEF-123");
    assert.deepEqual(
      [password.id, password.inputs.length, reveal(password.outputs.result)],
      ["none", 11, "abc-DEF-123"],
    );
    const checked = await provider.check(PASSWORD, "x", password.inputs, { olds: password.inputs });
    assert.deepEqual(checked.failures, []);
    assert.equal(
      (await provider.diff(PASSWORD, "x", "none", checked.inputs, { length: 11 })).changes,
      "none",
    );
    const id = await provider.read(type("Id"), "x", "p-,AQIDBA");
    assert.deepEqual(
      [id.id, id.inputs, id.outputs.hex],
      ["AQIDBA", { prefix: "p-", byteLength: 4 }, "p-01020304"],
    );
    const integer = await provider.read(type("Integer"), "x", "7,1,10,seed");
    assert.deepEqual(integer.inputs, { min: 1, max: 10, seed: "seed" });
    await assert.rejects(
      provider.read(type("Integer"), "x", "7"),
      /three whole numbers; the id must be RESULT,MIN,MAX/,
    );
    await assert.rejects(provider.read(type("Uuid"), "x", "no"), /"no" is not a UUID/);
    await assert.rejects(provider.read(type("Pet"), "x", "brave-fox"), /cannot be imported/);
  });

  it("names the types that it has when asked for another, and has a schema of them", async () => {
    await assert.rejects(
      provider.check(type("Bytes"), "x", {}),
      /does not have the type .*RandomBytes; it has .*RandomId/,
    );
    assert.ok(PASSWORD in ((await provider.schema()).resources as PropertyMap));
  });
});
