import assert from "node:assert/strict";
import { status } from "@grpc/grpc-js";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import * as pulumi from "@pulumi/pulumi";
import { makeOutputsWhenRead } from "../../infra/lazy-outputs";

type Rpc = Parameters<typeof makeOutputsWhenRead>[0];

/** An output as the SDK's own code looks at it. */
interface Inside {
  promise(withUnknowns?: boolean): Promise<unknown>;
  readonly isKnown: Promise<boolean>;
  readonly isSecret: Promise<boolean>;
  allResources(): Promise<Set<pulumi.Resource>>;
}

describe("output properties that are made when they are read", () => {
  const rpc: Rpc = {
    transferProperties: () => {
      throw new Error("the SDK's own is not asked");
    },
  };
  before(async () => {
    await pulumi.runtime.setMocks(
      { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) },
      "switchyard",
      "dev",
    );
    makeOutputsWhenRead(rpc);
  });

  class Probe {}
  const probe = () => new Probe() as unknown as pulumi.Resource & Record<string, Inside>;
  const elsewhere = () =>
    new StorageAccount("elsewhere", {
      resourceGroupName: "rg",
      kind: "StorageV2",
      sku: { name: "Standard_LRS" },
    });

  async function seen(output: Inside) {
    const [value, isKnown, isSecret, resources] = await Promise.all([
      output.promise(true),
      output.isKnown,
      output.isSecret,
      output.allResources(),
    ]);
    return { value, isKnown, isSecret, resources: [...resources] };
  }

  it("have value, secrecy and dependencies whether they are read before or after the engine answered", async () => {
    const onto = probe();
    const resolvers = rpc.transferProperties(onto, "label", { early: 1, late: 2, hidden: 3, id: 4, urn: 5 });
    assert.deepEqual(Object.keys(resolvers), ["early", "late", "hidden"]);
    const early = seen(onto.early!);
    const other = elsewhere();
    resolvers.early!("a", true, false);
    resolvers.late!("b", true, false, [other]);
    resolvers.hidden!("c", true, true);
    const resource: pulumi.Resource = onto;
    assert.deepEqual(await early, { value: "a", isKnown: true, isSecret: false, resources: [resource] });
    const late = await seen(onto.late!);
    assert.deepEqual([late.value, new Set(late.resources)], ["b", new Set([other, resource])]);
    assert.deepEqual(await seen(onto.hidden!), {
      value: "c",
      isKnown: true,
      isSecret: true,
      resources: [resource],
    });
    assert.equal(onto.early, onto.early, "one output, however often it is read");
  });

  it("are unknown where preview does not know them", async () => {
    const onto = probe();
    const resolvers = rpc.transferProperties(onto, "label", { address: undefined });
    resolvers.address!(undefined, false, false);
    assert.equal((await seen(onto.address!)).isKnown, false);
  });

  it("are rejected when the registration failed, read before or after; unread ones disturb nobody", async () => {
    const onto = probe();
    const resolvers = rpc.transferProperties(onto, "label", { early: 1, late: 2, unread: 3 });
    const early = assert.rejects(onto.early!.promise(), /no such group/);
    for (const settle of Object.values(resolvers))
      settle(undefined, true, false, [], new Error("no such group"));
    await early;
    await assert.rejects(onto.late!.promise(), /no such group/);
  });

  it("stay pending when the engine has gone: what it says then is not the program's fault", async () => {
    const onto = probe();
    const { name: settle } = rpc.transferProperties(onto, "label", { name: 1 });
    settle!(undefined, true, false, [], Object.assign(new Error("gone"), { code: status.UNAVAILABLE }));
    const pending = Symbol("pending");
    const turn = new Promise((resolve) => setImmediate(() => resolve(pending)));
    assert.equal(await Promise.race([onto.name!.promise(), turn]), pending);
  });

  it("are properties like others: they can be listed, and none is made twice", () => {
    const onto = probe();
    rpc.transferProperties(onto, "label", { a: 1, b: 2 });
    assert.deepEqual(Object.keys(onto), ["a", "b"]);
    assert.throws(() => rpc.transferProperties(onto, "label", { b: 1 }), /'b' is already initialized/);
  });
});
