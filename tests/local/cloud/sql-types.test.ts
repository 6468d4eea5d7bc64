import assert from "node:assert/strict";
import { byToken, validateInputs } from "../../../local/cloud/resource-types";
import { type Answer, GROUP, TestCloud } from "./support";

describe("Azure SQL in the local cloud", () => {
  const SERVER = `${GROUP}/providers/Microsoft.Sql/servers/tesoro-sql`;
  const DATABASE = `${SERVER}/databases/tesoro-db`;
  const server = {
    location: "westus2",
    properties: { administratorLogin: "sqladmin", administratorLoginPassword: "Long-enough-1" },
  };
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await TestCloud.create();
    await cloud.put(GROUP, { location: "westus2" });
  });
  afterEach(() => cloud.remove());

  const refused = async (id: string, body: unknown, status: number, text: RegExp) => {
    const answer: Answer = await cloud.call("PUT", id, body);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.match(answer.body.error.message, text);
  };
  const faults = (token: string, inputs: Record<string, unknown>) =>
    validateInputs(byToken(`azure-native:${token}`)!, inputs).map(({ path }) => path);

  it("makes a server with its host name, and never answers with the password", async () => {
    await cloud.put(SERVER, server);
    const { body } = await cloud.get(SERVER);
    assert.equal(body.properties.fullyQualifiedDomainName, "tesoro-sql.database.windows.net");
    assert.ok(!JSON.stringify(body).includes("Long-enough-1"));
  });

  it("refuses a reserved login, and a password that is short or of one kind", () => {
    const given = { resourceGroupName: "g", serverName: "s", location: "westus2" };
    const password = "Long-enough-1";
    assert.deepEqual(
      faults("sql:Server", { ...given, administratorLogin: "sa", administratorLoginPassword: password }),
      ["administratorLogin"],
    );
    for (const weak of ["Short-1", "onlylowercaseletters"]) {
      assert.deepEqual(
        faults("sql:Server", { ...given, administratorLogin: "dba", administratorLoginPassword: weak }),
        ["administratorLoginPassword"],
      );
    }
    assert.deepEqual(faults("sql:Server", given), ["administratorLogin"]);
  });

  it("has the database master with every server, and others only once they are made", async () => {
    const setting = "providers/Microsoft.Insights/diagnosticSettings/audit";
    const workspace = `${GROUP}/providers/Microsoft.OperationalInsights/workspaces/logs`;
    await cloud.put(workspace, { location: "westus2", properties: {} });
    const body = { properties: { workspaceId: workspace, logs: [] } };
    await refused(`${SERVER}/databases/master/${setting}`, body, 404, /parent resource/);
    await cloud.put(SERVER, server);
    await cloud.put(`${SERVER}/databases/master/${setting}`, body);
    await refused(`${DATABASE}/${setting}`, body, 404, /parent resource/);
  });

  it("leaves Entra alone to sign in only where there is an administrator", async () => {
    await cloud.put(SERVER, server);
    const only = { properties: { azureADOnlyAuthentication: true } };
    await refused(`${SERVER}/azureADOnlyAuthentications/Default`, only, 400, /administrator/);
    await cloud.put(`${SERVER}/administrators/ActiveDirectory`, {
      properties: { login: "dbas", sid: "00000000-0000-4000-8000-0000000de0ad" },
    });
    await cloud.put(`${SERVER}/azureADOnlyAuthentications/Default`, only);
  });

  it("keeps 7 days and encrypts before anybody says so", async () => {
    await cloud.put(SERVER, server);
    await cloud.put(DATABASE, {
      location: "westus2",
      sku: { name: "GP_Gen5", tier: "GeneralPurpose", capacity: 2 },
    });
    const retention = (await cloud.get(`${DATABASE}/backupShortTermRetentionPolicies/default`)).body;
    assert.equal(retention.properties.retentionDays, 7);
    const encryption = (await cloud.get(`${DATABASE}/transparentDataEncryption/current`)).body;
    assert.equal(encryption.properties.state, "Enabled");
    const { properties } = (await cloud.get(DATABASE)).body;
    assert.equal(properties.currentServiceObjectiveName, "GP_Gen5_2");
  });

  it("refuses retentions that Azure has not, an audit without a place, zones in a tier without", () => {
    const inDatabase = { resourceGroupName: "g", serverName: "s", databaseName: "d", policyName: "default" };
    assert.deepEqual(
      faults("sql:BackupShortTermRetentionPolicy", {
        ...inDatabase,
        retentionDays: 36,
        diffBackupIntervalInHours: 6,
      }),
      ["retentionDays", "diffBackupIntervalInHours"],
    );
    assert.deepEqual(
      faults("sql:LongTermRetentionPolicy", {
        ...inDatabase,
        weeklyRetention: "12 weeks",
        yearlyRetention: "P1Y",
      }),
      ["weeklyRetention", "weekOfYear"],
    );
    assert.deepEqual(
      faults("sql:ExtendedServerBlobAuditingPolicy", {
        resourceGroupName: "g",
        serverName: "s",
        blobAuditingPolicyName: "default",
        state: "Enabled",
      }),
      ["isAzureMonitorTargetEnabled"],
    );
    assert.deepEqual(
      faults("sql:Database", {
        resourceGroupName: "g",
        serverName: "s",
        databaseName: "d",
        location: "westus2",
        sku: { name: "S0", tier: "Standard" },
        zoneRedundant: true,
      }),
      ["zoneRedundant"],
    );
  });

  it("replaces a server whose login changes, and updates one whose TLS version does", () => {
    const { immutable } = byToken("azure-native:sql:Server")!;
    assert.ok(immutable.includes("administratorLogin"));
    assert.ok(!immutable.includes("minimalTlsVersion"));
  });

  it("refuses an alert on the activity log without a category", () => {
    const alert = {
      resourceGroupName: "g",
      activityLogAlertName: "a",
      scopes: ["/subscriptions/s"],
      actions: { actionGroups: [] },
    };
    assert.deepEqual(
      faults("monitor:ActivityLogAlert", {
        ...alert,
        condition: { allOf: [{ field: "level", equals: "Error" }] },
      }),
      ["condition.allOf"],
    );
  });
});
