import assert from "node:assert/strict";
import {
  COSMOS,
  cosmosAccount,
  GROUP,
  PLAN,
  plan,
  SITE,
  SLOT,
  SUBSCRIPTION,
  site,
  TestCloud,
  VAULT,
  vault,
} from "./support";

describe("ARM endpoint", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await TestCloud.create();
    await cloud.put(GROUP, { location: "westeurope" });
  });
  afterEach(() => cloud.remove());

  it("takes what it answered back unchanged: read-only parts are ignored", async () => {
    await cloud.put(VAULT, vault({ enablePurgeProtection: true }));
    const { body } = await cloud.get(VAULT);
    assert.equal(body.properties.vaultUri, "https://vault-one.vault.azure.net/");
    assert.equal((await cloud.call("PUT", VAULT, body)).status, 200);
  });

  it("changes with a PATCH what it names, and takes away what is null", async () => {
    await cloud.put(PLAN, { ...plan("P1v3"), tags: { a: "1" } });
    await cloud.done(await cloud.call("PATCH", PLAN, { properties: { perSiteScaling: true } }));
    let { body } = await cloud.get(PLAN);
    assert.equal(body.properties.perSiteScaling, true);
    assert.deepEqual([body.sku.name, body.tags], ["P1v3", { a: "1" }]);
    await cloud.done(await cloud.call("PATCH", PLAN, { properties: { perSiteScaling: null } }));
    ({ body } = await cloud.get(PLAN));
    assert.equal(body.properties.perSiteScaling, undefined);
  });

  it("lists a collection, a group's resources and those of a type in the subscription", async () => {
    await cloud.withSite();
    const names = async (path: string) =>
      (await cloud.get(path)).body.value.map((entry: { name: string }) => entry.name);
    assert.deepEqual(await names(`${SITE}/slots`), ["kirana/staging"]);
    assert.deepEqual(await names(`${SUBSCRIPTION}/resourceGroups`), ["group"]);
    assert.deepEqual(await names(`${SUBSCRIPTION}/providers/Microsoft.Web/sites`), ["kirana"]);
    assert.equal((await names(`${GROUP}/resources`)).length, 3);
  });

  it("never answers a vault secret's value, and keeps it when a PUT does not name it", async () => {
    await cloud.put(VAULT, vault());
    const id = `${VAULT}/secrets/openai-key`;
    await cloud.put(id, { properties: { value: "canary-value" } });
    const { body } = await cloud.get(id);
    assert.ok(!JSON.stringify(body).includes("canary-value"));
    assert.match(
      body.properties.secretUriWithVersion,
      /^https:\/\/vault-one\.vault\.azure\.net\/secrets\/openai-key\/[a-z0-9]{32}$/,
    );
    await cloud.put(id, { properties: { contentType: "text/plain" } });
    assert.equal(
      (await cloud.get(id)).body.properties.secretUriWithVersion,
      body.properties.secretUriWithVersion,
    );
    await cloud.put(id, { properties: { value: "another-value" } });
    assert.notEqual(
      (await cloud.get(id)).body.properties.secretUriWithVersion,
      body.properties.secretUriWithVersion,
    );
  });

  it("gives keys that stay, differ by account, and come by POST only", async () => {
    await cloud.put(COSMOS, cosmosAccount());
    const strings = async () =>
      (await cloud.call("POST", `${COSMOS}/listConnectionStrings`)).body.connectionStrings;
    const [first] = await strings();
    assert.match(
      first.connectionString,
      /^AccountEndpoint=https:\/\/cosmos-one\.documents\.azure\.com:443\/;AccountKey=.{40,};$/,
    );
    assert.deepEqual((await strings())[0], first);
    assert.ok(
      !JSON.stringify((await cloud.get(COSMOS)).body).includes(
        first.connectionString.split("AccountKey=")[1],
      ),
    );
  });

  it("gives an identity a principal that stays", async () => {
    await cloud.withSite();
    const principal = (await cloud.get(SITE)).body.identity.principalId as string;
    assert.match(principal, /^[0-9a-f-]{36}$/);
    await cloud.put(SITE, site({ httpsOnly: false }));
    assert.equal((await cloud.get(SITE)).body.identity.principalId, principal);
    assert.notEqual((await cloud.get(SLOT)).body.identity.principalId, principal);
  });

  it("gives a workflow's callback URL for a trigger that it has", async () => {
    const workflow = `${GROUP}/providers/Microsoft.Logic/workflows/flow`;
    await cloud.put(workflow, {
      location: "westeurope",
      properties: { definition: { triggers: { manual: { type: "Request" } } } },
    });
    const answer = await cloud.call("POST", `${workflow}/triggers/manual/listCallbackUrl`);
    assert.match(answer.body.value, /triggers\/manual\/paths\/invoke\?.*sig=[A-Za-z0-9]{43}$/);
    assert.equal((await cloud.call("POST", `${workflow}/triggers/other/listCallbackUrl`)).status, 404);
  });
});
