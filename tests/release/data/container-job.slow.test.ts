import assert from "node:assert/strict";
import { AzureLogin } from "../../../release/clients/azure-login";
import { armWork } from "../../../release/data/arm-work";
import { SqlStore } from "../../../release/data/sql-store";
import type { ReleaseFacts } from "../../../runbooks/release-facts";
import { LocalCloud, SUBSCRIPTION } from "../../local/providers/support/local-cloud";
import { contextOf, FakeClock, FakeVault, facts, worldOf } from "./fakes";

// The client of a release against the embedded cloud over HTTP: what one sends the other must take, and what it tells
// must be what it did.

const group = `${SUBSCRIPTION}/resourceGroups/rg`;
const at = (type: string, name: string) => `${group}/providers/${type}/${name}`;
const database = `${at("Microsoft.Sql/servers", "tesoro-sql")}/databases/tesoro-db`;
const container = `${at("Microsoft.Storage/storageAccounts", "tesorostore")}/blobServices/default/containers/backups`;
const environmentId = at("Microsoft.App/managedEnvironments", "tasks");
const job = (task: string) => at("Microsoft.App/jobs", task);
const location = "westeurope";
const backups = { accountName: "tesorostore", accountId: "/a", container: "backups" };
const own: Partial<ReleaseFacts> = {
  system: "tesoro-xp",
  resourceGroupId: group,
  tasks: { "export-database": job("export-database"), "migration-runner": job("migration-runner") },
  stores: { sql: { resourceId: database, backups } },
};

describe("release/data on the embedded cloud: jobs of a system on no cluster", () => {
  let cloud: LocalCloud;
  before(async () => {
    cloud = await LocalCloud.start();
    const connection = "Server=tcp:tesoro-sql.database.windows.net,1433;Database=tesoro-db";
    const declared: readonly (readonly [string, Record<string, unknown>])[] = [
      [group, { location }],
      [
        at("Microsoft.Sql/servers", "tesoro-sql"),
        {
          location,
          properties: { administratorLogin: "sqladmin", administratorLoginPassword: "Long-enough-1" },
        },
      ],
      [database, { location, sku: { name: "GP_Gen5", tier: "GeneralPurpose", capacity: 2 } }],
      [
        at("Microsoft.Storage/storageAccounts", "tesorostore"),
        { location, kind: "StorageV2", sku: { name: "Standard_LRS" } },
      ],
      [container, {}],
      [
        environmentId,
        { location, properties: { workloadProfiles: [{ name: "C", workloadProfileType: "Consumption" }] } },
      ],
      ...Object.entries({ "export-database": "sql-export", "migration-runner": "sql-migrate" }).map(
        ([task, emulated]) =>
          [
            job(task),
            { location, tags: { "local-job": emulated }, properties: jobProperties(task, connection) },
          ] as const,
      ),
    ];
    for (const [id, body] of declared) {
      await cloud.call("PUT", id, body);
      await ended(cloud);
    }
  });
  after(() => cloud.remove());

  const context = (release: string, names: readonly string[] = []) => {
    const made = contextOf({ release, facts: facts(own), clock: new FakeClock(new Date()) });
    return {
      ...made,
      manifest: { ...made.manifest, migration: { names: [...names], kind: "additive" as const } },
    };
  };
  const storeOf = () => {
    const login = new AzureLogin({});
    const blobs = () =>
      (cloud.cloud.store.get(container)!.content?.blobs ?? []) as { name: string; bytes: number }[];
    const world = worldOf({ vault: new FakeVault(), blobs });
    return new SqlStore({
      ...world,
      arm: ({ clock, signal }) => armWork({ login, stateDir: cloud.stateDir, clock, signal }),
    });
  };

  it("migrates the database, once however often it is asked, and verifies what was migrated", async () => {
    const migrate = (release: string, direction: "up" | "verify", names = ["V001__a"]) =>
      storeOf().migrate({ task: "migration-runner", direction }, context(release, names));
    const first = await migrate("one", "up");
    assert.match(first.job, /^migration-runner-/);
    assert.equal((await migrate("one", "up")).job, first.job, "taken up by its release and step");
    assert.notEqual((await migrate("one", "verify")).job, first.job);
    await assert.rejects(
      migrate("two", "verify", ["V002__b"]),
      /task migration-runner: execution .* ended as Failed, exit code 1: not applied: V002__b/,
    );
  });

  it("exports a copy, which is gone afterwards, to a blob of the size that it says", async () => {
    const recordedAs = "https://tesorostore.blob.core.windows.net/backups/pre-migration-1.bacpac";
    const step = { recordedAs, task: "export-database" };
    const backup = await storeOf().backup(step, context("three"));
    assert.ok((backup.bytes ?? 0) > 0);
    assert.deepEqual(
      await storeOf()
        .prove(backup, "listedAndSized", context("three"))
        .then(({ by }) => by),
      "listedAndSized",
    );
    const databases = cloud.cloud.store.all().filter(({ token }) => token === "azure-native:sql:Database");
    assert.deepEqual(
      databases.map(({ id }) => id),
      [database],
    );
  });
});

function jobProperties(task: string, connection: string) {
  return {
    environmentId,
    workloadProfileName: "C",
    configuration: { triggerType: "Manual", replicaTimeout: 60, replicaRetryLimit: 0 },
    template: {
      containers: [
        {
          name: task,
          image: `registry.invalid/${task}@sha256:${"0".repeat(64)}`,
          env: [
            { name: "SQL_CONNECTION_STRING", value: connection },
            { name: "BACKUPS_URL", value: "https://tesorostore.blob.core.windows.net/backups" },
          ],
        },
      ],
    },
  };
}

async function ended({ cloud }: LocalCloud): Promise<void> {
  const deadline = Date.now() + 5000;
  while (cloud.store.allOperations().some(({ status }) => status === "InProgress")) {
    assert.ok(Date.now() < deadline, "the operation ends");
    await new Promise((resolve) => setImmediate(resolve));
  }
}
