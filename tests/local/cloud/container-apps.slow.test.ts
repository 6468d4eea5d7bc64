import assert from "node:assert/strict";
import { emulatedJobTag } from "../../../infra/azure/container-task";
import { byToken, validateInputs } from "../../../local/cloud/resource-types";
import { emulatedJobTag as knownTag } from "../../../local/cloud/server/emulated-jobs";
import { soon } from "../../support/until";
import { type Answer, GROUP, TestCloud, VAULT, vault } from "./support";

const NETWORK = `${GROUP}/providers/Microsoft.Network/virtualNetworks/net`;
const SUBNET = `${NETWORK}/subnets/tasks`;
const ENVIRONMENT = `${GROUP}/providers/Microsoft.App/managedEnvironments/tasks`;
const JOB = `${GROUP}/providers/Microsoft.App/jobs/tesoro-job`;
const IDENTITY = `${GROUP}/providers/Microsoft.ManagedIdentity/userAssignedIdentities/task`;
const SERVER = `${GROUP}/providers/Microsoft.Sql/servers/tesoro-sql`;
const DATABASE = `${SERVER}/databases/tesoro-db`;
const STORAGE = `${GROUP}/providers/Microsoft.Storage/storageAccounts/tesorostore`;
const CONTAINER = `${STORAGE}/blobServices/default/containers/backups`;
const SECRET_URL = "https://vault-one.vault.azure.net/secrets/sql-connection-string";
const image = `registry.invalid/tools@sha256:${"0".repeat(64)}`;
const location = "westeurope";

const subnet = (addressPrefix = "10.0.0.0/27", delegation = "Microsoft.App/environments") => ({
  properties: {
    addressPrefix,
    delegations: [{ name: "apps", serviceName: delegation }],
  },
});
const environment = {
  location,
  properties: {
    vnetConfiguration: { infrastructureSubnetId: SUBNET, internal: true },
    workloadProfiles: [{ name: "Consumption", workloadProfileType: "Consumption" }],
  },
};
const secrets = [{ name: "connection", keyVaultUrl: SECRET_URL, identity: IDENTITY }];
const env = [{ name: "SQL_CONNECTION_STRING", secretRef: "connection" }];
const job = (work?: string, properties = {}) => ({
  location,
  identity: { type: "UserAssigned", userAssignedIdentities: { [IDENTITY]: {} } },
  ...(work !== undefined && { tags: { [emulatedJobTag]: work } }),
  properties: {
    environmentId: ENVIRONMENT,
    workloadProfileName: "Consumption",
    configuration: { triggerType: "Manual", replicaTimeout: 60, replicaRetryLimit: 0, secrets },
    template: { containers: [{ name: "task", image, env }] },
    ...properties,
  },
});

describe("Azure Container Apps in the local cloud", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await TestCloud.create();
    await cloud.put(GROUP, { location });
    await cloud.put(NETWORK, {
      location,
      properties: { addressSpace: { addressPrefixes: ["10.0.0.0/24"] } },
    });
    await cloud.put(SUBNET, subnet());
    await cloud.put(IDENTITY, { location });
    await cloud.put(VAULT, vault());
    await cloud.put(`${VAULT}/secrets/sql-connection-string`, {
      properties: {
        value: "Server=tcp:tesoro-sql.database.windows.net,1433;Database=tesoro-db;Encrypt=True",
      },
    });
  });
  afterEach(() => cloud.remove());

  const withDatabase = async () => {
    await cloud.put(ENVIRONMENT, environment);
    await cloud.put(SERVER, {
      location,
      properties: { administratorLogin: "sqladmin", administratorLoginPassword: "Long-enough-1" },
    });
    await cloud.put(DATABASE, { location, sku: { name: "GP_Gen5", tier: "GeneralPurpose", capacity: 2 } });
    await cloud.put(STORAGE, { location, kind: "StorageV2", sku: { name: "Standard_LRS" } });
    await cloud.put(CONTAINER, {});
  };
  const refused = async (id: string, body: unknown, status: number, text: RegExp) => {
    const answer: Answer = await cloud.call("PUT", id, body);
    assert.equal(answer.status, status, JSON.stringify(answer.body));
    assert.match(JSON.stringify(answer.body.error), text);
  };
  const given = (variables: Record<string, string>) => ({
    containers: [
      {
        name: "task",
        image,
        env: [...env, ...Object.entries(variables).map(([name, value]) => ({ name, value }))],
      },
    ],
  });
  /** Starts as a client does: follows the operation, then looks at the execution until it has ended. */
  const run = async (variables: Record<string, string> = {}) => {
    const started = await cloud.done(await cloud.call("POST", `${JOB}/start`, given(variables)));
    assert.equal(started.status, 202);
    const { body } = await cloud.get(String(started.headers.location).replace(/^https?:\/\/[^/]+/, ""));
    assert.equal(body.id, `${JOB}/executions/${body.name}`);
    const look = async () => (await cloud.get(body.id)).body.properties;
    await soon("the execution ends", async () => (await look()).status !== "Running");
    const properties = await look();
    const [container] = properties.detailedStatus.replicas[0].containers;
    return { name: body.name, status: properties.status, said: container.additionalInformation, properties };
  };
  const faults = (inputs: Record<string, unknown>) =>
    validateInputs(byToken("azure-native:app:Job")!, {
      resourceGroupName: "g",
      jobName: "job",
      location,
      environmentId: ENVIRONMENT,
      ...inputs,
    }).map(({ path }) => path);
  const configuration = { triggerType: "Manual", replicaTimeout: 60 };
  const template = { containers: [{ name: "task", image }] };

  it("makes an environment only in a subnet that is delegated to it, large enough and there", async () => {
    await refused(
      ENVIRONMENT,
      {
        ...environment,
        properties: {
          ...environment.properties,
          vnetConfiguration: { infrastructureSubnetId: `${NETWORK}/subnets/none` },
        },
      },
      400,
      /NetworkConfiguration/,
    );
    await cloud.put(SUBNET, subnet("10.0.0.0/28"));
    await refused(ENVIRONMENT, environment, 400, /needs \/27 or larger/);
    await cloud.put(SUBNET, subnet("10.0.0.0/27", "Microsoft.Web/serverFarms"));
    await refused(ENVIRONMENT, environment, 400, /must be delegated to Microsoft.App\/environments/);
    await cloud.put(SUBNET, subnet());
    await cloud.put(ENVIRONMENT, environment);
  });

  it("keeps an environment as long as a job runs in it", async () => {
    await cloud.put(ENVIRONMENT, environment);
    await cloud.put(JOB, job());
    const answer = await cloud.call("DELETE", ENVIRONMENT);
    assert.equal(answer.status, 409);
    await cloud.delete(JOB);
    await cloud.delete(ENVIRONMENT);
  });

  it("refuses a job whose environment, profile, region, identity or secret is not there", async () => {
    await refused(JOB, job(), 400, /ManagedEnvironmentNotFound/);
    await cloud.put(ENVIRONMENT, environment);
    await refused(JOB, job(undefined, { workloadProfileName: "D4" }), 400, /it has Consumption/);
    await refused(JOB, { ...job(), location: "eastus" }, 400, /LocationMismatch/);
    await refused(
      JOB,
      { ...job(), identity: { type: "UserAssigned", userAssignedIdentities: { [`${IDENTITY}2`]: {} } } },
      400,
      /identity/,
    );
    await cloud.delete(`${VAULT}/secrets/sql-connection-string`);
    await refused(JOB, job(), 400, /cannot be read from the vault/);
  });

  it("refuses triggers that contradict each other, secrets and variables without a source, odd sizes", () => {
    assert.deepEqual(faults({ configuration, template }), []);
    assert.deepEqual(faults({ template }), ["configuration"]);
    assert.deepEqual(faults({ configuration }), ["template.containers"]);
    assert.deepEqual(
      faults({
        configuration: { ...configuration, scheduleTriggerConfig: { cronExpression: "0 1 * * *" } },
        template,
      }),
      ["configuration.scheduleTriggerConfig"],
    );
    assert.deepEqual(faults({ configuration: { triggerType: "Schedule", replicaTimeout: 0 }, template }), [
      "configuration.scheduleTriggerConfig",
      "configuration.scheduleTriggerConfig.cronExpression",
      "configuration.replicaTimeout",
    ]);
    const named = { name: "a", keyVaultUrl: SECRET_URL, identity: IDENTITY };
    assert.deepEqual(faults({ configuration: { ...configuration, secrets: [{ name: "a" }] }, template }), [
      "configuration.secrets[0]",
    ]);
    assert.deepEqual(faults({ configuration: { ...configuration, secrets: [named] }, template }), [
      "configuration.secrets[0].identity",
    ]);
    const container = (more: Record<string, unknown>) => ({ containers: [{ name: "task", image, ...more }] });
    assert.deepEqual(
      faults({ configuration, template: container({ env: [{ name: "A", secretRef: "none" }] }) }),
      ["template.containers[0].env[0].secretRef"],
    );
    assert.deepEqual(
      faults({ configuration, template: container({ resources: { cpu: 1, memory: "4Gi" } }) }),
      ["template.containers[0].resources"],
    );
    assert.deepEqual(faults({ configuration, template: container({ name: "A_B" }) }), [
      "template.containers[0].name",
    ]);
  });

  it("answers with the names of secrets and never with a value", async () => {
    await cloud.put(ENVIRONMENT, environment);
    const own = { name: "plain", value: "canary" };
    await cloud.put(JOB, job(undefined, { configuration: { ...configuration, secrets: [...secrets, own] } }));
    const { body } = await cloud.get(JOB);
    assert.deepEqual(
      body.properties.configuration.secrets.map(({ name }: { name: string }) => name),
      ["connection", "plain"],
    );
    assert.ok(!JSON.stringify(body).includes("canary"));
  });

  it("runs a migration: what it recorded is what a question is answered with", async () => {
    await withDatabase();
    await cloud.put(JOB, job("sql-migrate"));
    const migrated = await run({ DIRECTION: "up", MIGRATIONS: "V001__a,V002__b" });
    assert.deepEqual([migrated.status, migrated.said], ["Succeeded", '{"applied":2,"alreadyApplied":0}']);
    const again = await run({ DIRECTION: "up", MIGRATIONS: "V001__a,V002__b" });
    assert.equal(again.said, '{"applied":0,"alreadyApplied":2}');
    assert.equal((await run({ DIRECTION: "verify", MIGRATIONS: "V003__c" })).said, "not applied: V003__c");
    await cloud.put(JOB, job("sql-ask"));
    const question = "SELECT * FROM __MigrationHistory ORDER BY AppliedOn DESC";
    const rows = JSON.parse((await run({ QUESTION: question })).said);
    assert.deepEqual(
      rows.map((row: Record<string, string>) => row.MigrationId),
      ["V002__b", "V001__a"],
    );
    assert.equal((await run({ QUESTION: "./migrations/verify.sql" })).said, "[]");
    const odd = await run({ QUESTION: "SELECT 1" });
    assert.deepEqual(
      [odd.status, odd.properties.detailedStatus.replicas[0].containers[0].code],
      ["Failed", 1],
    );
  });

  it("exports a database to a blob that is there afterwards, and never over another", async () => {
    await withDatabase();
    await cloud.put(JOB, job("sql-export"));
    const place = { BACKUPS_URL: "https://tesorostore.blob.core.windows.net/backups", BLOB_NAME: "a.bacpac" };
    const exported = await run(place);
    const { bytes } = JSON.parse(exported.said);
    const blobs = cloud.cloud.store.get(CONTAINER)!.content!.blobs as { name: string; bytes: number }[];
    assert.deepEqual(
      blobs.map(({ name, bytes }) => [name, bytes]),
      [["a.bacpac", bytes]],
    );
    assert.match((await run(place)).said, /a\.bacpac exists already/);
    assert.match(
      (await run({ ...place, DATABASE_NAME: "gone" })).said,
      /database gone does not exist on tesoro-sql/,
    );
    assert.match(
      (await run({ ...place, BACKUPS_URL: "https://tesorostore.blob.core.windows.net/none" })).said,
      /container .* does not exist/,
    );
  });

  it("gives a copy what its source has, and a restore what was recorded until its moment", async () => {
    await withDatabase();
    await cloud.put(JOB, job("sql-migrate"));
    await run({ DIRECTION: "up", MIGRATIONS: "V001__a" });
    const before = new Date(Date.now() - 60_000).toISOString();
    const made = (properties: Record<string, string>) => ({
      location,
      sku: { name: "GP_Gen5", tier: "GeneralPurpose", capacity: 2 },
      properties: { sourceDatabaseId: DATABASE, ...properties },
    });
    await cloud.put(`${DATABASE}-copy`, made({ createMode: "Copy" }));
    await cloud.put(
      `${DATABASE}-restored`,
      made({ createMode: "PointInTimeRestore", restorePointInTime: before }),
    );
    const verify = (name: string) =>
      run({ DIRECTION: "verify", MIGRATIONS: "V001__a", DATABASE_NAME: `tesoro-db-${name}` });
    assert.equal((await verify("copy")).status, "Succeeded");
    assert.equal((await verify("restored")).said, "not applied: V001__a");
  });

  it("says that nothing was done where it knows nothing to do, or a secret is gone", async () => {
    await withDatabase();
    await cloud.put(JOB, job());
    const idle = await run();
    assert.equal(idle.status, "Failed");
    assert.match(idle.said, /runs no image/);
    await cloud.put(JOB, job("sql-migrate"));
    await cloud.delete(`${VAULT}/secrets/sql-connection-string`);
    assert.match((await run({ DIRECTION: "up" })).said, /secret .* cannot be read/);
  });

  it("runs for a while, can be stopped, is listed newest first, and outlives a crash", async () => {
    await withDatabase();
    await cloud.put(JOB, job("sql-migrate"));
    const first = await run({ DIRECTION: "up" });
    cloud.cloud.settings.operationMillis = 60_000;
    const answer = await cloud.call("POST", `${JOB}/start`, given({ DIRECTION: "up" }));
    assert.equal(answer.status, 202);
    const list = async () => (await cloud.get(`${JOB}/executions`)).body.value;
    const [running, ended] = await list();
    assert.deepEqual([running.properties.status, ended.name], ["Running", first.name]);
    assert.equal(running.properties.endTime, undefined);
    await cloud.call("POST", `${running.id}/stop`, {});
    assert.equal((await cloud.get(running.id)).body.properties.status, "Stopped");
    assert.equal((await cloud.get(`${JOB}/executions/none`)).status, 404);
    const operation = String(answer.headers["azure-asyncoperation"]).replace(/^https?:\/\/[^/]+/, "");
    cloud = await cloud.crash({ operationMillis: 1 });
    const { body } = await cloud.get(operation);
    assert.deepEqual([body.status, body.properties.name], ["Succeeded", running.name]);
    assert.equal((await list()).length, 2);
  });

  it("refuses a start that Azure refuses", async () => {
    await withDatabase();
    assert.equal((await cloud.call("POST", `${JOB}/start`, {})).status, 404);
    await cloud.put(JOB, job("sql-migrate"));
    const start = async (body: unknown) =>
      (await cloud.call("POST", `${JOB}/start`, body)).body.error.message;
    assert.match(await start({ volumes: [] }), /'volumes' is not known/);
    assert.match(await start({ containers: [{ name: "task" }] }), /image' is required/);
    assert.match(await start({ containers: [{ name: "task", image, probes: [] }] }), /probes' is not known/);
    assert.match(
      await start({ containers: [{ name: "task", image, env: [{ name: "A", secretRef: "none" }] }] }),
      /no secret of configuration/,
    );
  });

  it("knows the tag that the program gives its jobs on dev", () => {
    assert.equal(knownTag, emulatedJobTag);
  });
});
