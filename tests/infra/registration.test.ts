import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import * as pulumi from "@pulumi/pulumi";
import { installedSdkVersion, registerCheaply, supportedSdkVersion } from "../../infra/registration";
import { root } from "../support/root";

interface Position {
  getUri(): string;
  getLine(): number;
}
interface Request {
  getName(): string;
  getAliasesList(): { getSpec(): { getType(): string; getName(): string } }[];
  getSourceposition(): Position | undefined;
}
interface Registered {
  readonly aliases: readonly { type: string; name: string }[];
  readonly uri: string | undefined;
  readonly line: number | undefined;
}

const args = { resourceGroupName: "rg", kind: "StorageV2", sku: { name: "Standard_LRS" } };

class Pair extends pulumi.ComponentResource {
  constructor(name: string, options?: pulumi.ComponentResourceOptions) {
    super("test:index:Pair", name, {}, options);
    new StorageAccount(`${name}-child`, args, { parent: this });
  }
}
class DeepPair extends Pair {}

async function register(declare: () => void): Promise<ReadonlyMap<string, Registered>> {
  await pulumi.runtime.setMocks(
    { newResource: ({ name, inputs }) => ({ id: name, state: inputs }), call: () => ({}) },
    "switchyard",
    "dev",
  );
  const seen = new Map<string, Registered>();
  const runtime = require("@pulumi/pulumi/runtime/settings") as {
    getMonitor(): { registerResource(request: Request, callback: unknown): unknown };
  };
  const monitor = runtime.getMonitor();
  const original = monitor.registerResource.bind(monitor);
  monitor.registerResource = (request, callback) => {
    const position = request.getSourceposition();
    seen.set(request.getName(), {
      aliases: request.getAliasesList().map((alias) => ({
        type: alias.getSpec().getType(),
        name: alias.getSpec().getName(),
      })),
      uri: position?.getUri(),
      line: position?.getLine(),
    });
    return original(request, callback);
  };
  await pulumi.runtime.runInPulumiStack(async () => declare());
  await (pulumi.runtime as unknown as { waitForRPCs(): Promise<void> }).waitForRPCs();
  return seen;
}

/** Number of the line of this file that holds a text. */
function lineOf(text: string): number {
  const lines = readFileSync(join(root, "tests", "infra", "registration.test.ts"), "utf8").split("\n");
  const index = lines.findIndex((line) => line.includes(text) && !line.includes("lineOf("));
  assert.ok(index >= 0, text);
  return index + 1;
}

describe("cheap registration", () => {
  it("is written for the installed SDK: on another version look at registration.ts first", () => {
    assert.equal(installedSdkVersion(), supportedSdkVersion);
  });

  it("finds in the SDK what it replaces", () => {
    const debuggable = require("@pulumi/pulumi/runtime/debuggable") as Record<string, unknown>;
    assert.equal(typeof debuggable.debuggablePromise, "function");
    const log = require("@pulumi/pulumi/log") as Record<string, unknown>;
    assert.equal(typeof log.debug, "function");
    assert.equal(typeof (pulumi.Resource as unknown as Record<string, unknown>).stackTrace, "function");
  });

  it("drops the SDK's type aliases and keeps those of the project", async () => {
    const plain = await register(() => {
      new StorageAccount("account", args);
    });
    assert.ok(plain.get("account")!.aliases.length > 20, "there is something to drop");
    const cheap = await register(() => {
      assert.equal(registerCheaply(), true);
      new StorageAccount("account", args);
      new StorageAccount("renamed", args, { aliases: [{ name: "before" }] });
    });
    assert.deepEqual(cheap.get("account")!.aliases, []);
    assert.deepEqual(
      cheap.get("renamed")!.aliases.map(({ name }) => name),
      ["before"],
    );
  });

  it("gives each resource the TypeScript line that made it: plain, in a loop, in a component, deeply derived", async () => {
    const seen = await register(() => {
      registerCheaply();
      new StorageAccount("line-plain", args);
      ["line-loop"].forEach((name) => void new StorageAccount(name, args));
      new Pair("line-component");
      new DeepPair("line-deep");
    });
    const expected: Readonly<Record<string, string>> = {
      "line-plain": 'new StorageAccount("line-plain"',
      "line-loop": '["line-loop"].forEach',
      "line-component": 'new Pair("line-component")',
      "line-component-child": "-child`, args, { parent: this }",
      "line-deep": 'new DeepPair("line-deep")',
    };
    for (const [name, text] of Object.entries(expected)) {
      const position = seen.get(name);
      assert.match(String(position?.uri), /tests\/infra\/registration\.test\.ts$/, name);
      assert.equal(position?.line, lineOf(text), name);
    }
  });

  it("leaves errors their stacks", async () => {
    const { stackTraceLimit, prepareStackTrace } = Error;
    await register(() => {
      registerCheaply();
      new StorageAccount("account", args);
    });
    assert.equal(Error.stackTraceLimit, stackTraceLimit);
    assert.equal(Error.prepareStackTrace, prepareStackTrace);
    assert.match(String(new Error("boom").stack), /registration\.test/);
  });

  it("can be turned off", async () => {
    process.env.SWITCHYARD_PLAIN_REGISTRATION = "1";
    try {
      assert.equal(registerCheaply(), false);
    } finally {
      delete process.env.SWITCHYARD_PLAIN_REGISTRATION;
    }
  });
});
