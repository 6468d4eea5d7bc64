import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { declarableSystems } from "../../infra/config/system-names";
import { declareStack } from "../../infra/program";
import { registerCheaply } from "../../infra/registration";
import type { PropertyMap } from "../../plugin-server/values/property";
import { Driver } from "../local/providers/support/driver";
import { LocalCloud } from "../local/providers/support/local-cloud";
import { azurePrefix } from "./support/query";
import { systemSettings } from "./support/stack-settings";

// The program of dev against the provider and the local cloud themselves, in the order that it asks for: a dependency
// that is missing shows as a resource that does not exist yet. Objects of the cluster are left to the engine tests.

describe("the program of dev on the local cloud, without an engine", function () {
  this.timeout(120_000);
  let cloud: LocalCloud;
  let provider: Driver;
  before(async () => {
    cloud = await LocalCloud.start();
    provider = await Driver.start("azure-native", { env: { SWITCHYARD_STATE_DIR: cloud.stateDir } });
    await provider.handshake();
  });
  after(async () => {
    await provider.stop();
    await cloud.remove();
  });

  it("is made without a refusal, and nothing of it differs afterwards", async () => {
    const settings = systemSettings("dev", declarableSystems);
    await provider.configure("azure-native", { location: settings.azure.location });
    const faults: string[] = [];
    const again: (() => Promise<void>)[] = [];
    const make = async (type: string, name: string, news: PropertyMap) => {
      const { inputs, failures } = await provider.check(type, name, news);
      if (failures.length > 0) throw new Error(JSON.stringify(failures));
      const { id, outputs } = await provider.create(type, name, inputs);
      again.push(async () => {
        const next = await provider.check(type, name, news, { olds: inputs });
        const { changes } = await provider.diff(type, name, id, inputs, next.inputs, outputs);
        if (changes !== "none") faults.push(`${name} differs`);
      });
      return { id, state: { ...news, ...outputs } };
    };
    await pulumi.runtime.setMocks(
      {
        newResource: async ({ type, name, inputs }) => {
          const plain = { id: `id of ${name}`, state: { result: `Generated-1-${name}`, ...inputs } };
          if (!type.startsWith(azurePrefix)) return plain;
          return make(type, name, inputs as PropertyMap).catch((fault: Error) => {
            faults.push(`${name}: ${fault.message}`);
            return plain;
          });
        },
        call: async ({ token, inputs }) =>
          token.startsWith(azurePrefix)
            ? provider.invoke(token, inputs as PropertyMap)
            : { exists: false, known: true, traffic: {}, sides: {} },
      },
      "switchyard",
      settings.stack.name,
      false,
      "organization",
    );
    await pulumi.runtime.runInPulumiStack(async () => {
      registerCheaply();
      return declareStack(settings);
    });
    assert.deepEqual(faults, []);
    assert.ok(again.length > 200, `${again.length} resources`);
    for (const compare of again) await compare();
    assert.deepEqual(faults, []);
  });
});
