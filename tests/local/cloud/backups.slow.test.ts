import assert from "node:assert/strict";
import { soon } from "../../support/until";
import { mongo, server } from "./cluster-inputs";
import { COSMOS, cosmosAccount, GROUP, SITE, SUBSCRIPTION, TestCloud } from "./support";

describe("backups that the services of the local cloud make by themselves", () => {
  const CONTAINER = `${COSMOS}/sqlDatabases/db/containers/items`;
  const asked = (location?: string) =>
    cloud.call(
      "POST",
      `${CONTAINER}/retrieveContinuousBackupInformation`,
      location === undefined ? {} : { location },
    );
  const pathOf = (url: unknown) => String(url).replace(/^https?:\/\/[^/]+/, "");
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await TestCloud.create();
    await cloud.put(GROUP, { location: "westeurope" });
  });
  afterEach(() => cloud.remove());

  async function withContainer(properties = {}): Promise<void> {
    await cloud.put(COSMOS, cosmosAccount(properties));
    await cloud.put(`${COSMOS}/sqlDatabases/db`, { properties: { resource: { id: "db" } } });
    const partitionKey = { paths: ["/id"], kind: "Hash" };
    await cloud.put(CONTAINER, { properties: { resource: { id: "items", partitionKey } } });
  }

  it("tell the newest moment of a container after a poll, at the address that the answer names", async () => {
    await withContainer();
    const begun = await asked("West Europe");
    assert.equal(begun.status, 202);
    await soon(
      "the answer is there",
      async () => (await cloud.call("GET", pathOf(begun.headers.location))).status === 200,
    );
    const { body } = await cloud.call("GET", pathOf(begun.headers.location));
    const { latestRestorableTimestamp: at } = body.continuousBackupInformation;
    assert.match(at, /^\d{1,2}\/\d{1,2}\/\d{4} \d{1,2}:\d\d:\d\d [AP]M$/);
    const age = Date.now() - Date.parse(`${at} UTC`);
    assert.ok(age >= -1000 && age < 120_000, String(age));
    assert.equal((await cloud.get(CONTAINER)).body.properties.resource.id, "items");
  });

  it("are refused for a region that the account has not, and for one that backs up periodically", async () => {
    await withContainer();
    for (const region of ["eastus", undefined])
      assert.match((await asked(region)).body.error.message, /has no region/);
    await cloud.delete(COSMOS);
    await withContainer({ backupPolicy: { type: "Periodic" } });
    assert.match((await asked("westeurope")).body.error.message, /Continuous backup is not enabled/);
  });

  it("of a container that is not there are a 404", async () => {
    await cloud.put(COSMOS, cosmosAccount());
    assert.equal((await asked("westeurope")).status, 404);
  });

  it("hang as long as a fault lets them", async () => {
    await withContainer();
    cloud.cloud.faults.add({ match: { method: "POST" }, kind: "stuck", times: 1 });
    const begun = await asked("westeurope");
    const location = pathOf(begun.headers.location);
    assert.equal((await cloud.call("GET", location)).status, 202);
    await cloud.call("DELETE", "/_switchyard/faults");
    assert.equal((await cloud.call("GET", location)).status, 200);
  });

  it("list accounts by region, with the id that a restore names", async () => {
    await withContainer();
    const list = (region: string) =>
      cloud.get(
        `${SUBSCRIPTION}/providers/Microsoft.DocumentDB/locations/${region}/restorableDatabaseAccounts`,
      );
    const [found] = (await list("westeurope")).body.value;
    assert.equal(found.properties.accountName, "cosmos-one");
    assert.equal(found.name, (await cloud.get(COSMOS)).body.properties.instanceId);
    assert.ok(Date.parse(found.properties.oldestRestorableTime) <= Date.now());
    assert.deepEqual((await list("eastus")).body.value, []);
  });

  it("of a PostgreSQL server and a MongoDB cluster begin with them, and stay when they change", async () => {
    const providers = `${GROUP}/providers`;
    const SERVER = `${providers}/Microsoft.DBforPostgreSQL/flexibleServers/server-one`;
    const { resourceGroupName: _, serverName: __, location, sku, ...properties } = server;
    await cloud.put(SERVER, { location, sku, properties });
    const { earliestRestoreDate, backupRetentionDays } = (await cloud.get(SERVER)).body.properties.backup;
    assert.ok(Date.parse(earliestRestoreDate) <= Date.now());
    assert.equal(backupRetentionDays, 7);
    const [backup] = (await cloud.get(`${SERVER}/backups`)).body.value;
    assert.equal(backup.properties.backupType, "Full");
    await cloud.put(SERVER, { location, sku, properties, tags: { changed: "yes" } });
    assert.equal((await cloud.get(SERVER)).body.properties.backup.earliestRestoreDate, earliestRestoreDate);
    assert.equal((await cloud.get(`${SERVER}x/backups`)).status, 404);
    const CLUSTER = `${providers}/Microsoft.DocumentDB/mongoClusters/mongo-one`;
    await cloud.put(CLUSTER, { location: mongo.location, properties: mongo.properties });
    const { backup: own } = (await cloud.get(CLUSTER)).body.properties;
    assert.ok(Date.parse(own.earliestRestoreTime) <= Date.now());
  });

  it("of a SQL database are continuous", async () => {
    const SERVER = `${GROUP}/providers/Microsoft.Sql/servers/tesoro-sql`;
    await cloud.put(SERVER, {
      location: "westus2",
      properties: { administratorLogin: "sqladmin", administratorLoginPassword: "Long-enough-1" },
    });
    await cloud.put(`${SERVER}/databases/db`, { location: "westus2", sku: { name: "S0" } });
    const [point] = (await cloud.get(`${SERVER}/databases/db/restorePoints`)).body.value;
    const { earliestRestoreDate } = (await cloud.get(`${SERVER}/databases/db`)).body.properties;
    assert.deepEqual(point.properties, { restorePointType: "CONTINUOUS", earliestRestoreDate });
  });
});

describe("permissions in the local cloud", () => {
  let cloud: TestCloud;
  before(async () => {
    cloud = await TestCloud.create();
    await cloud.withSite();
  });
  after(() => cloud.remove());

  for (const [what, scope] of [
    ["the subscription", SUBSCRIPTION],
    ["a group", GROUP],
    ["a resource", SITE],
  ]) {
    it(`are an owner's on ${what}`, async () => {
      const { status, body } = await cloud.get(`${scope}/providers/Microsoft.Authorization/permissions`);
      assert.equal(status, 200);
      assert.deepEqual(body.value[0].actions, ["*"]);
    });
  }

  it("are nobody's on what is not there", async () => {
    for (const scope of [`${GROUP}x`, `${SITE}x`]) {
      const answer = await cloud.get(`${scope}/providers/Microsoft.Authorization/permissions`);
      assert.equal(answer.status, 404, scope);
    }
  });
});
