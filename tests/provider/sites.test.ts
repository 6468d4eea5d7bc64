import assert from "node:assert/strict";
import { StackGuard } from "../../provider/guard";
import { switchyardProvider } from "../../provider/provider";
import type { Target } from "../../runbooks/target";
import { LocalCloud, SUBSCRIPTION } from "../local/providers/support/local-cloud";
import { PluginDriver } from "../support/plugin-driver";

const type = "switchyard:index:Track";
const group = `${SUBSCRIPTION}/resourceGroups/g`;
const siteId = `${group}/providers/Microsoft.Web/sites/shop-functions`;
const staticSiteId = `${group}/providers/Microsoft.Web/staticSites/shop-app`;
const target: Target = { kind: "slots", siteId, slot: "staging" };
const inputs = { system: "shop", target, initial: "production", sides: { production: "sha256:1" } };

/** Against the embedded cloud's ARM endpoint; what Azure itself answers is not shown. */
describe("Track and observe on sites", () => {
  let cloud: LocalCloud;
  let driver: PluginDriver;

  const observe = (asked: Target) =>
    driver.invoke("switchyard:index:observe", { system: "shop", track: "t", target: { ...asked } });
  const drive = async (stack: string) => {
    const env = { SWITCHYARD_STATE_DIR: cloud.stateDir };
    const guard = new StackGuard(env);
    const made = await PluginDriver.inProcess(switchyardProvider(env, guard), guard, { stack });
    await made.configure("switchyard");
    return made;
  };

  before(async () => {
    cloud = await LocalCloud.start();
    driver = await drive("dev");
  });
  after(async () => {
    await driver.stop();
    await cloud.remove();
  });

  it("before the site exists: nothing exists, and nothing is refused", async () => {
    const { exists, known, reason } = await observe(target);
    assert.deepEqual(
      { exists, known, reason },
      { exists: false, known: true, reason: "site shop-functions with slot staging does not exist yet" },
    );
    assert.deepEqual((await driver.check(type, "t", inputs)).failures, []);
    assert.equal((await driver.create(type, "t", inputs)).id, `slots${siteId}/slots/staging`);
  });

  it("production is live, and in a ramp the slot has its share", async () => {
    const location = "westus2";
    await cloud.call("PUT", group, { location });
    const plan = `${group}/providers/Microsoft.Web/serverfarms/p`;
    await cloud.call("PUT", plan, {
      location,
      sku: { name: "P1v3", tier: "PremiumV3" },
      properties: { reserved: true },
    });
    await cloud.call("PUT", siteId, { location, properties: { serverFarmId: plan } });
    await cloud.call("PUT", `${siteId}/slots/staging`, { location, properties: { serverFarmId: plan } });
    assert.deepEqual(await observe(target), {
      exists: true,
      known: true,
      live: "production",
      idle: "staging",
      traffic: { production: 100, staging: 0 },
      sides: {},
    });
    const rule = {
      name: "staging",
      actionHostName: "shop-functions-staging.azurewebsites.net",
      reroutePercentage: 10,
    };
    await cloud.call("PATCH", `${siteId}/config/web`, {
      properties: { experiments: { rampUpRules: [rule] } },
    });
    const { traffic, idle } = await observe(target);
    assert.deepEqual([traffic, idle], [{ production: 90, staging: 10 }, undefined]);
  });

  it("a static site has one side", async () => {
    const asked: Target = { kind: "staticSite", siteId: staticSiteId };
    assert.equal((await observe(asked)).exists, false);
    await cloud.call("PUT", staticSiteId, {
      location: "westus2",
      sku: { name: "Standard", tier: "Standard" },
      properties: {},
    });
    const { live, traffic } = await observe(asked);
    assert.deepEqual([live, traffic], ["production", { production: 100 }]);
  });

  it("outside dev its track stays while the site is there; in dev it goes, and the site is not touched", async () => {
    const production = await drive("production");
    const state = { inputs, outputs: inputs };
    await assert.rejects(
      production.delete(type, "t", "id", state),
      /site shop-functions with slot staging carries shop's traffic/,
    );
    await production.stop();
    await driver.delete(type, "t", "id", state);
    assert.equal((await observe(target)).exists, true);
  });
});
