import assert from "node:assert/strict";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { AheadProcess } from "../../../cli/engine/ahead/ahead-process";
import { pluginsAhead } from "../../../cli/engine/ahead/plugins";
import { PluginDriver } from "../../support/plugin-driver";
import { soon } from "../../support/until";

/** The test is the engine. */
describe("plugins that are started before the engine asks for them", () => {
  let folder: string;
  let ahead: AheadProcess;
  let drivers: PluginDriver[];

  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "switchyard-ahead-"));
    const dist = join(__dirname, "..", "..", "..");
    drivers = [];
    ahead = pluginsAhead({ root: folder, dist, policyPack: folder, stateDir: folder }, path);
  });
  afterEach(async () => {
    ahead.end();
    for (const driver of drivers) await driver.stop();
    rmSync(folder, { recursive: true, force: true });
  });

  const path = { PATH: process.env.PATH ?? "" };

  async function ports(environment: Readonly<Record<string, string>>): Promise<Record<string, string>> {
    const { PULUMI_DEBUG_PROVIDERS = "" } = await ahead.variables({ ...path, ...environment });
    return Object.fromEntries(PULUMI_DEBUG_PROVIDERS.split(",").map((pair) => pair.split(":")));
  }

  async function attach(port: string | undefined, stack: string): Promise<PluginDriver> {
    const driver = PluginDriver.attached(port!, { stack });
    drivers.push(driver);
    await driver.handshake();
    return driver;
  }

  const offline = { SWITCHYARD_OFFLINE_STACK: "production", SWITCHYARD_STATE_DIR: "/nowhere" };

  it("are the three that the engine would start, and know the environment that was told last", async () => {
    const known = await ports(offline);
    assert.deepEqual(Object.keys(known).sort(), ["azure-native", "random", "switchyard"]);
    for (const [name, port] of Object.entries(known)) {
      const driver = await attach(port, "production");
      await driver.configure(name);
      assert.equal(((await driver.schema()) as { name: string }).name, name);
      await assert.rejects((await attach(port, "staging")).configure(name), /production/, name);
    }
  });

  it("each instance of a provider has a configuration of its own", async () => {
    const known = await ports(offline);
    const locations = ["westeurope", "northeurope"];
    const instances = await Promise.all(locations.map(() => attach(known["azure-native"], "production")));
    for (const [index, location] of locations.entries())
      await instances[index]!.configure("azure-native", { location });
    for (const [index, location] of locations.entries()) {
      const type = "azure-native:resources:ResourceGroup";
      const { inputs } = await instances[index]!.check(type, "group", { resourceGroupName: "g" });
      assert.equal(inputs.location, location);
    }
  });

  it("end with the command line, and are found by one operation", async () => {
    const known = await ports(offline);
    assert.deepEqual(await ahead.variables(path), {});
    const driver = await attach(known.random, "production");
    ahead.end();
    await soon("it is gone", () =>
      driver.schema().then(
        () => false,
        () => true,
      ),
    );
  });

  it("are left alone when they did not come up: the engine starts its own", async () => {
    ahead.end();
    assert.deepEqual(await ahead.variables(path), {});
  });
});
