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
} from "./support";

describe("ARM endpoint refuses as Azure does", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await TestCloud.create();
  });
  afterEach(() => cloud.remove());

  const refused = async (method: string, path: string, body: unknown, status: number, code: string) => {
    const answer = await cloud.call(method, path, body);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.equal(answer.body.error.code, code);
    return answer.body.error as { message: string; target: string; details: { target: string }[] };
  };

  it("a wrong token and none at all, without saying what exists", async () => {
    for (const authorization of ["Bearer wrong", "", "Basic dXNlcg=="]) {
      const answer = await cloud.call("GET", GROUP, undefined, { authorization });
      assert.equal(answer.status, 401);
      assert.equal(answer.body.error.code, "InvalidAuthenticationToken");
    }
    const faults = await cloud.call("GET", "/_switchyard/faults", undefined, { authorization: "" });
    assert.equal(faults.status, 401);
  });

  it("a request without api-version, or with one that is none", async () => {
    await refused("GET", `${GROUP}?api-version=`, undefined, 400, "MissingApiVersionParameter");
    await refused("GET", `${GROUP}?api-version=latest`, undefined, 400, "InvalidApiVersionParameter");
  });

  it("any subscription but the local one", async () => {
    await refused(
      "PUT",
      "/subscriptions/11111111-1111-4111-8111-111111111111/resourceGroups/g",
      {},
      404,
      "SubscriptionNotFound",
    );
  });

  it("a type that it does not know", async () => {
    await cloud.put(GROUP, { location: "westeurope" });
    await refused("PUT", `${GROUP}/providers/Microsoft.Nothing/things/a`, {}, 404, "InvalidResourceType");
  });

  it("a body that is no JSON object", async () => {
    await refused("PUT", GROUP, [1], 400, "InvalidRequestContent");
    const response = await cloud.app.inject({
      method: "PUT",
      url: `${GROUP}?api-version=2024-01-01`,
      headers: { authorization: "Bearer token-of-this-test", "content-type": "application/json" },
      payload: "{not json",
    });
    assert.equal(response.statusCode, 400);
  });

  it("a group that does not exist, and a parent that does not exist", async () => {
    await refused("PUT", SITE, site({}), 404, "ResourceGroupNotFound");
    await cloud.put(GROUP, { location: "westeurope" });
    await refused("PUT", SLOT, site({}), 404, "ParentResourceNotFound");
    await refused(
      "PUT",
      `${SITE}/providers/Microsoft.Authorization/locks/l`,
      { properties: { level: "ReadOnly" } },
      404,
      "ParentResourceNotFound",
    );
  });

  it("a referenced resource that does not exist, with the property's path", async () => {
    await cloud.put(GROUP, { location: "westeurope" });
    const error = await refused("PUT", SITE, site({}), 404, "NotFound");
    assert.equal(error.target, "properties.serverFarmId");
    const alert = {
      location: "global",
      properties: {
        enabled: true,
        severity: 1,
        scopes: [SITE],
        evaluationFrequency: "PT1M",
        windowSize: "PT5M",
        criteria: { odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria", allOf: [] },
      },
    };
    const missing = await refused(
      "PUT",
      `${GROUP}/providers/Microsoft.Insights/metricAlerts/a`,
      alert,
      400,
      "BadRequest",
    );
    assert.equal(missing.target, "properties.scopes[0]");
  });

  it("all wrong properties at once, each with its path in the body", async () => {
    await cloud.withSite();
    const error = await refused(
      "PUT",
      SITE,
      site({ httpsOnl: true, siteConfig: { minTlsVersion: "9" } }),
      400,
      "InvalidRequestContent",
    );
    assert.deepEqual(error.details.map(({ target }) => target).sort(), [
      "properties.httpsOnl",
      "properties.siteConfig.minTlsVersion",
    ]);
    assert.match(error.message, /did you mean "httpsOnly"/);
  });

  it("a missing required property and a missing location", async () => {
    await cloud.put(GROUP, { location: "westeurope" });
    const { details } = await refused(
      "PUT",
      VAULT,
      { location: "westeurope", properties: { tenantId: "t" } },
      400,
      "InvalidRequestContent",
    );
    assert.deepEqual(
      details.map(({ target }) => target),
      ["properties.sku"],
    );
    await refused("PUT", PLAN, { ...plan("P1v3"), location: undefined }, 400, "LocationRequired");
  });

  it("a change of region and of what else cannot be changed", async () => {
    await cloud.withSite();
    await refused("PUT", PLAN, { ...plan("P1v3"), location: "northeurope" }, 409, "InvalidResourceLocation");
    await cloud.put(COSMOS, cosmosAccount());
    const database = `${COSMOS}/sqlDatabases/db`;
    await cloud.put(database, { properties: { resource: { id: "db" } } });
    const container = (path: string) => ({
      properties: { resource: { id: "c", partitionKey: { paths: [path], kind: "Hash" } } },
    });
    await cloud.put(`${database}/containers/c`, container("/user"));
    const error = await refused(
      "PUT",
      `${database}/containers/c`,
      container("/other"),
      409,
      "PropertyChangeNotAllowed",
    );
    assert.equal(error.target, "properties.resource.partitionKey");
  });

  it("a region spelled otherwise is no change", async () => {
    await cloud.withSite();
    await cloud.put(PLAN, { ...plan("P1v3"), location: "West Europe" });
  });

  it("a site in another region than its plan", async () => {
    await cloud.withSite();
    const other = `${GROUP}/providers/Microsoft.Web/sites/elsewhere`;
    await refused("PUT", other, { ...site({}), location: "northeurope" }, 409, "Conflict");
  });

  it("a slot on a plan whose tier has none", async () => {
    await cloud.put(GROUP, { location: "westeurope" });
    await cloud.put(PLAN, plan("B1"));
    await cloud.put(SITE, site({}));
    const error = await refused("PUT", SLOT, site({}), 409, "Conflict");
    assert.match(error.message, /'Basic' SKU/);
  });

  it("a name that must be unique in all of Azure and is taken in another group", async () => {
    const other = `${SUBSCRIPTION}/resourceGroups/other`;
    await cloud.put(GROUP, { location: "westeurope" });
    await cloud.put(other, { location: "westeurope" });
    const account = { location: "westeurope", kind: "StorageV2", sku: { name: "Standard_LRS" } };
    await cloud.put(`${GROUP}/providers/Microsoft.Storage/storageAccounts/onename`, account);
    await refused(
      "PUT",
      `${other}/providers/Microsoft.Storage/storageAccounts/onename`,
      account,
      409,
      "StorageAccountAlreadyTaken",
    );
  });

  it("continuous backup turned back to periodic", async () => {
    await cloud.put(GROUP, { location: "westeurope" });
    await cloud.put(COSMOS, cosmosAccount());
    await refused("PUT", COSMOS, cosmosAccount({ backupPolicy: { type: "Periodic" } }), 400, "BadRequest");
  });

  it("deleting a plan that still has sites, and a part that always exists", async () => {
    await cloud.withSite();
    await refused("DELETE", PLAN, undefined, 409, "Conflict");
    await refused("DELETE", `${SITE}/config/appsettings`, undefined, 405, "MethodNotAllowed");
  });

  it("a second role assignment of the same principal and role at the same scope", async () => {
    await cloud.withSite();
    const role = (name: string) => `${SITE}/providers/Microsoft.Authorization/roleAssignments/${name}`;
    const properties = { principalId: "p", roleDefinitionId: "/r" };
    await cloud.put(role("00000000-0000-4000-8000-000000000001"), { properties });
    await refused(
      "PUT",
      role("00000000-0000-4000-8000-000000000002"),
      { properties },
      409,
      "RoleAssignmentExists",
    );
  });

  it("a host name whose zone is here and has neither CNAME nor TXT", async () => {
    await cloud.withSite();
    const zone = `${GROUP}/providers/Microsoft.Network/dnsZones/kirana.io`;
    await cloud.put(zone, { location: "global" });
    const binding = `${SITE}/hostNameBindings/api.kirana.io`;
    const error = await refused("PUT", binding, {}, 404, "NotFound");
    const id = (await cloud.get(SITE)).body.properties.customDomainVerificationId as string;
    assert.ok(error.message.includes(id));
    await cloud.put(`${zone}/TXT/asuid.api`, { properties: { TTL: 300, TXTRecords: [{ value: [id] }] } });
    await cloud.put(binding);
  });

  it("If-None-Match and If-Match that do not hold", async () => {
    const first = await cloud.call("PUT", GROUP, { location: "westeurope" });
    const again = (headers: Record<string, string>) =>
      cloud.call("PUT", GROUP, { location: "westeurope" }, headers);
    assert.equal((await again({ "if-none-match": "*" })).status, 412);
    assert.equal((await again({ "if-match": "other" })).status, 412);
    assert.equal((await again({ "if-match": String(first.headers.etag) })).status, 200);
  });

  it("a resource, a collection and an action that are not there", async () => {
    await cloud.put(GROUP, { location: "westeurope" });
    await refused("GET", SITE, undefined, 404, "ResourceNotFound");
    await refused("GET", `${SUBSCRIPTION}/resourceGroups/none`, undefined, 404, "ResourceGroupNotFound");
    await refused("GET", `${SITE}/slots`, undefined, 404, "ResourceNotFound");
    await cloud.put(PLAN, plan("P1v3"));
    await refused("POST", `${PLAN}/explode`, {}, 400, "InvalidAction");
    assert.equal((await cloud.call("DELETE", SITE)).status, 204);
  });
});
