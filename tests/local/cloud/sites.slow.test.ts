import assert from "node:assert/strict";
import type { Json } from "../../../local/cloud/resource-types";
import { SITE, SLOT, site, TestCloud, VAULT, vault } from "./support";

const ramp = (percentage: number) => ({
  rampUpRules: [
    { actionHostName: "kirana-staging.azurewebsites.net", name: "staging", reroutePercentage: percentage },
  ],
});

describe("a site's configuration", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await TestCloud.create();
    await cloud.withSite();
  });
  afterEach(() => cloud.remove());

  const config = async (id = SITE) => (await cloud.get(`${id}/config/web`)).body.properties;
  const settings = async (id: string) =>
    (await cloud.call("POST", `${id}/config/appsettings/list`)).body.properties;

  it("is written with the site and read only from config/web", async () => {
    await cloud.put(
      SITE,
      site({ siteConfig: { linuxFxVersion: "Python|3.12", healthCheckPath: "/health" } }),
    );
    assert.equal((await cloud.get(SITE)).body.properties.siteConfig, null);
    assert.deepEqual(
      [(await config()).linuxFxVersion, (await config()).healthCheckPath],
      ["Python|3.12", "/health"],
    );
    assert.equal((await config()).minTlsVersion, "1.2");
  });

  it("keeps what a later PUT of the site does not name", async () => {
    await cloud.put(SITE, site({ siteConfig: { linuxFxVersion: "Python|3.12" } }));
    await cloud.put(SITE, site({ siteConfig: { alwaysOn: true } }));
    assert.deepEqual([(await config()).linuxFxVersion, (await config()).alwaysOn], ["Python|3.12", true]);
  });

  for (const [mode, expected] of [
    ["keep", 25],
    ["clear", undefined],
  ] as const) {
    it(`ramp rules after a PUT that does not name them: ${mode}`, async () => {
      await cloud.call("POST", "/_switchyard/settings", { siteExperimentsOnPut: mode });
      assert.equal(
        (await cloud.call("PATCH", `${SITE}/config/web`, { properties: { experiments: ramp(25) } })).status,
        200,
      );
      await cloud.put(SITE, site({ siteConfig: { alwaysOn: true } }));
      assert.equal((await config()).experiments.rampUpRules[0]?.reroutePercentage, expected);
    });
  }

  it("takes ramp rules by PATCH and PUT, and refuses a weight above 100 and an unknown property", async () => {
    const put = (experiments: unknown) =>
      cloud.call("PUT", `${SITE}/config/web`, { properties: { experiments } });
    assert.equal((await put(ramp(10))).status, 200);
    assert.equal((await config()).experiments.rampUpRules[0].reroutePercentage, 10);
    const over = await put(ramp(101));
    assert.deepEqual(
      [over.status, over.body.error.target],
      [400, "properties.experiments.rampUpRules[0].reroutePercentage"],
    );
    const unknown = await cloud.call("PATCH", `${SITE}/config/web`, { properties: { minTls: "1.2" } });
    assert.deepEqual([unknown.status, unknown.body.error.target], [400, "properties.minTls"]);
    assert.equal((await config()).experiments.rampUpRules[0].reroutePercentage, 10);
  });

  it("replaces app settings as a whole set, answers them by POST only, and holds them empty at first", async () => {
    assert.deepEqual(await settings(SITE), {});
    await cloud.put(`${SITE}/config/appsettings`, { properties: { A: "1", B: "2" } });
    await cloud.put(`${SITE}/config/appsettings`, { properties: { B: "3" } });
    assert.deepEqual(await settings(SITE), { B: "3" });
    assert.equal((await cloud.get(`${SITE}/config/appsettings`)).status, 405);
    const wrong = await cloud.call("PUT", `${SITE}/config/appsettings`, { properties: { A: 1 } });
    assert.deepEqual([wrong.status, wrong.body.error.target], [400, "properties.A"]);
  });

  it("says to which secrets its settings resolve, also when they are fetched anew, and shows none", async () => {
    await cloud.put(VAULT, vault());
    const secret = await cloud.put(`${VAULT}/secrets/address`, { properties: { value: "hidden" } });
    const reference = (name: string) =>
      `@Microsoft.KeyVault(SecretUri=https://vault-one.vault.azure.net/secrets/${name})`;
    await cloud.put(`${SITE}/config/appsettings`, {
      properties: { ADDRESS: reference("address"), GONE: reference("gone"), PLAIN: "1" },
    });
    const references = `${SITE}/config/configreferences/appsettings`;
    for (const answer of [await cloud.get(references), await cloud.call("POST", `${references}/refresh`)]) {
      assert.equal(answer.status, 200);
      assert.deepEqual(
        answer.body.value.map(({ name, properties }: Json) => [name, (properties as Json).status]),
        [
          ["ADDRESS", "Resolved"],
          ["GONE", "SecretNotFound"],
        ],
      );
      assert.equal(answer.body.value[0].properties.activeVersion, secret.body.properties.version);
      assert.doesNotMatch(JSON.stringify(answer.body), /hidden/);
    }
    assert.equal((await cloud.get(`${SITE}-no/config/configreferences/appsettings`)).status, 404);
  });

  it("reads parts that were never written with their defaults", async () => {
    const policy = await cloud.get(`${SITE}/basicPublishingCredentialsPolicies/ftp`);
    assert.deepEqual([policy.status, policy.body.properties.allow], [200, true]);
    await cloud.put(`${SITE}/basicPublishingCredentialsPolicies/ftp`, { properties: { allow: false } });
    assert.equal(
      (await cloud.get(`${SITE}/basicPublishingCredentialsPolicies/ftp`)).body.properties.allow,
      false,
    );
    assert.equal((await cloud.get(`${SITE}-none/basicPublishingCredentialsPolicies/ftp`)).status, 404);
  });

  describe("slot swap", () => {
    beforeEach(async () => {
      await cloud.put(`${SITE}/config/appsettings`, {
        properties: { FEATURE: "old", ENVIRONMENT: "production", FUNCTIONS_EXTENSION_VERSION: "~4" },
      });
      await cloud.put(`${SLOT}/config/appsettings`, {
        properties: { FEATURE: "new", ENVIRONMENT: "staging", FUNCTIONS_EXTENSION_VERSION: "~5" },
      });
      await cloud.put(`${SITE}/config/slotConfigNames`, { properties: { appSettingNames: ["ENVIRONMENT"] } });
      await cloud.call("PUT", `${SITE}/extensions/onedeploy`, {
        properties: { packageUri: "https://x/v1.zip" },
      });
      await cloud.call("PUT", `${SLOT}/extensions/onedeploy`, {
        properties: { packageUri: "https://x/v2.zip" },
      });
      await cloud.call("PATCH", `${SITE}/config/web`, {
        properties: { linuxFxVersion: "Python|3.11", experiments: ramp(50) },
      });
      await cloud.call("PATCH", `${SLOT}/config/web`, {
        properties: { linuxFxVersion: "Python|3.12", alwaysOn: true },
      });
    });

    const content = async (id: string) =>
      (await cloud.get(`${id}/extensions/onedeploy`)).body.properties.packageUri;

    it("exchanges content, runtime and settings that are not sticky; the rest stays", async () => {
      const principal = (await cloud.get(SITE)).body.identity.principalId;
      const swap = await cloud.done(
        await cloud.call("POST", `${SLOT}/slotsswap`, { targetSlot: "production" }),
      );
      assert.equal(swap.status, 202);
      assert.deepEqual([await content(SITE), await content(SLOT)], ["https://x/v2.zip", "https://x/v1.zip"]);
      assert.deepEqual(await settings(SITE), {
        FEATURE: "new",
        ENVIRONMENT: "production",
        FUNCTIONS_EXTENSION_VERSION: "~4",
      });
      assert.deepEqual(await settings(SLOT), {
        FEATURE: "old",
        ENVIRONMENT: "staging",
        FUNCTIONS_EXTENSION_VERSION: "~5",
      });
      const [main, slot] = [await config(SITE), await config(SLOT)];
      assert.deepEqual([main.linuxFxVersion, slot.linuxFxVersion], ["Python|3.12", "Python|3.11"]);
      assert.deepEqual([main.alwaysOn, slot.alwaysOn], [false, true]);
      assert.equal(main.experiments.rampUpRules[0].reroutePercentage, 50);
      const { identity, properties } = (await cloud.get(SITE)).body;
      assert.equal(identity.principalId, principal);
      assert.deepEqual(
        [properties.slotSwapStatus.sourceSlotName, properties.slotSwapStatus.destinationSlotName],
        ["staging", "Production"],
      );
    });

    it("moves the deployments with what they deployed, and says when it was", async () => {
      const ends = async (id: string) =>
        (await cloud.get(`${id}/deployments`)).body.value.map(
          ({ properties }: Json) => (properties as Json).end_time,
        );
      const before = [await ends(SITE), await ends(SLOT)];
      await cloud.done(await cloud.call("POST", `${SLOT}/slotsswap`, { targetSlot: "production" }));
      assert.deepEqual([await ends(SLOT), await ends(SITE)], before);
      for (const id of [SITE, SLOT]) {
        const { timestampUtc } = (await cloud.get(id)).body.properties.slotSwapStatus;
        assert.ok(timestampUtc >= before[0][0] && timestampUtc >= before[1][0], timestampUtc);
      }
      assert.equal((await cloud.get(`${SITE}-no/deployments`)).status, 404);
    });

    it("done twice is as before, from either side", async () => {
      await cloud.done(await cloud.call("POST", `${SLOT}/slotsswap`, { targetSlot: "production" }));
      await cloud.done(await cloud.call("POST", `${SITE}/slotsswap`, { targetSlot: "staging" }));
      assert.equal(await content(SITE), "https://x/v1.zip");
      assert.equal((await settings(SITE)).FEATURE, "old");
    });

    it("refuses a slot that is not there, and a slot with itself", async () => {
      assert.equal((await cloud.call("POST", `${SITE}/slotsswap`, { targetSlot: "none" })).status, 404);
      assert.equal((await cloud.call("POST", `${SITE}/slotsswap`, { targetSlot: "production" })).status, 400);
      assert.equal((await cloud.call("POST", `${SITE}/slotsswap`, {})).status, 400);
    });
  });
});
