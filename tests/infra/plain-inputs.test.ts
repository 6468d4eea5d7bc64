import assert from "node:assert/strict";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import * as pulumi from "@pulumi/pulumi";
import * as fc from "fast-check";
import { passPlainInputs } from "../../infra/plain-inputs";

type Serialize = Parameters<typeof passPlainInputs>[0]["serializeResourceProperties"];

const { serializeResourceProperties: theirs } = require("@pulumi/pulumi/runtime/rpc") as {
  serializeResourceProperties: Serialize;
};

/** Ours, beside the SDK's, and how often ours asked the SDK's. */
function beside(): { ours: Serialize; asked(): number } {
  let asked = 0;
  const rpc = {
    serializeResourceProperties: (...given: Parameters<Serialize>) => {
      asked++;
      return theirs(...given);
    },
  };
  passPlainInputs(rpc);
  return { ours: rpc.serializeResourceProperties, asked: () => asked };
}

describe("inputs that are sent as they are", () => {
  before(() =>
    pulumi.runtime.setMocks(
      { newResource: ({ name, inputs }) => ({ id: `${name}-id`, state: inputs }), call: () => ({}) },
      "switchyard",
      "dev",
    ),
  );

  it("are what the SDK makes of them, for every value of JSON with holes", async () => {
    const hole = fc.constant(undefined);
    // The SDK makes this one the prototype of what it sends, a new object each time.
    const name = fc.string().filter((text) => text !== "__proto__");
    const { value } = fc.letrec((tie) => ({
      value: fc.oneof(
        { depthSize: "small" },
        fc.string(),
        fc.double({ noNaN: true }),
        fc.boolean(),
        fc.constant(null),
        hole,
        fc.array(tie("value"), { maxLength: 4 }),
        fc.dictionary(name, tie("value"), { maxKeys: 4 }),
      ),
    }));
    const { ours, asked } = beside();
    await fc.assert(
      fc.asyncProperty(fc.dictionary(name, value, { maxKeys: 5 }), async (props) => {
        assert.deepEqual(await ours("label", props, {}), await theirs("label", props, {}));
      }),
      { numRuns: 100 },
    );
    assert.equal(asked(), 0);
  });

  it("leave to the SDK what is no plain value, wherever it stands, and keep what that depends on", async () => {
    const account = new StorageAccount("account", {
      resourceGroupName: "rg",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
    });
    const props = {
      plain: { a: [1, undefined, { b: null }] },
      secret: { deep: [pulumi.secret("hidden")] },
      output: pulumi.interpolate`of ${account.id}`,
      promise: { later: Promise.resolve(["late"]) },
      resource: account,
      asset: new pulumi.asset.StringAsset("text"),
      lambda: () => 1,
      nothing: undefined,
      id: "is left out",
    };
    const { ours, asked } = beside();
    const [values, dependencies] = await ours("label", props, {});
    const [wanted, wantedDependencies] = await theirs("label", props, {});
    assert.deepEqual(values, wanted);
    assert.deepEqual(Object.keys(values), Object.keys(wanted));
    const names = (some: typeof dependencies) =>
      [...some].map(([key, resources]) => [
        key,
        [...resources].map((one) => (one as pulumi.Resource) === account),
      ]);
    assert.deepEqual(names(dependencies), names(wantedDependencies));
    assert.equal(asked(), 6);
  });
});
