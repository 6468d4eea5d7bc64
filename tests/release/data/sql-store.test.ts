import assert from "node:assert/strict";
import { SqlStore } from "../../../release/data/sql-store";
import { listAt, mapAt } from "../../../release/targets/json";
import { UserError } from "../../../release/user-error";
import { FakeArm } from "./fake-arm";
import { contextOf, FakeVault, facts, subscription, worldOf } from "./fakes";

const group = `${subscription}/resourceGroups/rg`;
const databaseId = `${group}/providers/Microsoft.Sql/servers/s/databases/tesoro`;
const jobId = `${group}/providers/Microsoft.App/jobs/export`;
const recordedAs = "https://tesorostorage.blob.core.windows.net/backups/pre-migration-20260128-101500.bacpac";
const blob = { name: "pre-migration-20260128-101500.bacpac", bytes: 4096 };
const confirmation = { confirmedBy: [{ person: "Ada", role: "engineering-manager" }], reason: "damaged" };

const context = () =>
  contextOf({
    release: "tesoro-1",
    facts: facts({
      system: "tesoro-xp",
      resourceGroupId: group,
      tasks: { "export-database": jobId },
      stores: {
        sql: {
          resourceId: databaseId,
          backups: { accountName: "tesorostorage", accountId: "/a", container: "backups" },
        },
      },
    }),
  });

function armWith(earliestRestoreDate = "2026-01-01T00:00:00Z"): FakeArm {
  const arm = new FakeArm();
  arm.resources.set(databaseId, {
    location: "westus2",
    sku: { name: "GP_Gen5_2" },
    tags: { system: "tesoro-xp" },
    properties: { status: "Online", earliestRestoreDate },
  });
  const containers = [{ name: "export", image: "i@sha256:1", env: [{ name: "SERVER", value: "s" }] }];
  arm.resources.set(jobId, { id: jobId, properties: { template: { containers } } });
  return arm;
}

function storeWith(arm: FakeArm, stored: () => { name: string; bytes: number }[] = () => []) {
  const vault = new FakeVault();
  vault.versions.set("sql-connection-string", ["Server=tcp:s,1433;Database=tesoro;Encrypt=True"]);
  return { store: new SqlStore(worldOf({ arm, vault, blobs: stored })), vault };
}

const step = { recordedAs, task: "export-database" };
const copyOf = (arm: FakeArm) => arm.writes.filter((write) => write.includes("tesoro-export-"));

describe("release/data/sql-store: Azure SQL Database", () => {
  it("exports a copy under the recorded name, and takes the copy away", async () => {
    const arm = armWith();
    const { store } = storeWith(arm, () => (arm.executions.length > 0 ? [blob] : []));
    const backup = await store.backup(step, context());
    assert.equal(backup.bytes, 4096);
    assert.deepEqual(
      copyOf(arm).map((write) => write.split(" ")[0]),
      ["PUT", "DELETE"],
    );
    const [container] = listAt(arm.executions[0], "properties", "template", "containers");
    const variables = Object.fromEntries(
      listAt(container, "env").map((entry) => [mapAt(entry).name, mapAt(entry).value]),
    );
    assert.equal(variables.BLOB_NAME, blob.name);
    assert.match(String(variables.DATABASE_NAME), /^tesoro-export-/);
    assert.equal(variables.SERVER, "s");
  });

  it("asked again after a crash it finds the export that is stored, and exports nothing", async () => {
    const arm = armWith();
    const { store } = storeWith(arm, () => [blob]);
    assert.equal((await store.backup(step, context())).bytes, 4096);
    assert.deepEqual(arm.writes, []);
  });

  it("takes up an execution of its own that runs or has succeeded, and its copy", async () => {
    const arm = armWith();
    const { store } = storeWith(arm);
    await store.backup(step, context());
    await store.backup(step, context());
    assert.equal(arm.executions.length, 1);
  });

  it("takes the copy away also when the export fails, and says where its log is", async () => {
    const arm = armWith();
    arm.executionStatus = "Failed";
    arm.lastWords = "login failed, password=canary";
    await assert.rejects(storeWith(arm).store.backup(step, context()), (error: UserError) => {
      assert.match(error.message, /execution-1 ended as Failed, exit code 1: login failed, password=\*\*\*/);
      assert.match(error.mend ?? "", /job logs show/);
      return true;
    });
    assert.equal(copyOf(arm).at(-1)?.split(" ")[0], "DELETE");
  });

  it("waits for a copy that was begun before a crash, and exports nothing of it until it is there", async () => {
    const arm = armWith();
    const { store } = storeWith(arm);
    let copy = "";
    arm.onWrite = (write) => {
      if (write.startsWith("PUT")) copy = write.slice("PUT ".length);
      if (write.startsWith("POST")) throw new Error("the process is killed");
    };
    arm.delete = () => Promise.reject(new Error("it is dead"));
    await assert.rejects(store.backup(step, context()), /dead/);
    arm.onWrite = () => {};
    const made = arm.resources.get(copy)!;
    arm.resources.set(copy, { ...made, properties: { status: "Copying" } });
    await assert.rejects(store.backup(step, context()), { message: /is Copying/, retriable: true });
    assert.equal(arm.executions.length, 0);
    assert.ok(arm.resources.has(copy), "what is copied is not taken away");
  });

  it("takes away the copies and scratch databases that dead releases left, and nothing else", async () => {
    const arm = armWith();
    const server = databaseId.slice(0, databaseId.lastIndexOf("/"));
    const tags = (release: string) => ({ "switchyard-release": release });
    arm.resources.set(server, {
      value: [
        { name: "tesoro", tags: {} },
        { name: "tesoro-export-0badcafe", tags: tags("tesoro-0") },
        { name: "tesoro-scratch-0badcafe", tags: tags("tesoro-0") },
        { name: "tesoro-restored-0badcafe", tags: tags("tesoro-0") },
        { name: "tesoro-export-12345678", tags: { owner: "ana" } },
        { name: "other-export-0badcafe", tags: tags("other-0") },
        { name: "tesoro-archive-export-0badcafe", tags: tags("tesoro-0") },
      ],
    });
    const left = ["export", "scratch"].map((kind) => `DELETE ${server}/tesoro-${kind}-0badcafe`);
    const begun = context();
    await storeWith(arm).store.backup(step, begun);
    assert.deepEqual(arm.writes.slice(0, 2), left);
    assert.equal(arm.writes.filter((write) => write.startsWith("DELETE")).length, 3);
    assert.match(begun.lines[0]!, /took tesoro-export-0badcafe away, which tesoro-0 had left/);
    arm.writes.length = 0;
    const backup = { store: "sql", recordedAs, at: "2026-01-28T09:00:00Z" };
    await storeWith(arm).store.prove(backup, "restoreToScratch", context());
    assert.deepEqual(arm.writes.slice(0, 2), left);
  });

  it("exports also when such a copy cannot be taken away, and says that it is still there", async () => {
    const arm = armWith();
    const server = databaseId.slice(0, databaseId.lastIndexOf("/"));
    const name = "tesoro-export-0badcafe";
    arm.resources.set(server, { value: [{ name, tags: { "switchyard-release": "tesoro-0" } }] });
    arm.onWrite = (write) => {
      if (write.endsWith(name)) throw new UserError("somebody has locked it");
    };
    const begun = context();
    await storeWith(arm).store.backup(step, begun);
    assert.equal(arm.executions.length, 1);
    assert.match(begun.lines[0]!, /is still there: somebody has locked it/);
  });

  it("runs the task's execution again when one of before has failed", async () => {
    const arm = armWith();
    arm.executionStatus = "Failed";
    await assert.rejects(storeWith(arm).store.backup(step, context()));
    arm.executionStatus = "Succeeded";
    await storeWith(arm).store.backup(step, context());
    assert.equal(arm.executions.length, 2);
  });

  it("migrates the database that the stack names, whatever of the secret the service has kept", async () => {
    const arm = armWith();
    const { facts, ...more } = context();
    const known = { ...more, facts: { ...facts, tasks: { "migration-runner": jobId } } };
    await storeWith(arm).store.migrate({ task: "migration-runner", direction: "up" }, known);
    const [container] = listAt(arm.executions[0], "properties", "template", "containers");
    const variables = listAt(container, "env").map((entry) => mapAt(entry));
    const { value } = variables.find(({ name }) => name === "DATABASE_NAME") ?? {};
    assert.equal(value, "tesoro");
  });

  it("refuses a task that no job has", async () => {
    await assert.rejects(
      storeWith(armWith()).store.migrate({ task: "migration-runner", direction: "up" }, context()),
      /migration-runner of tesoro-xp is declared nowhere: its output release names export-database/,
    );
  });

  it("refuses a task whose job is not there any more, and says which job that was", async () => {
    const arm = armWith();
    arm.resources.delete(jobId);
    await assert.rejects(
      storeWith(arm).store.backup(step, context()),
      (error: UserError) => error.message.includes(jobId) && /switchyard up/.test(error.mend ?? ""),
    );
  });

  it("proves an export by its size in the storage alone", async () => {
    const backup = { store: "sql", recordedAs, at: "2026-01-28T10:15:00Z" };
    const prove = (blobs: { name: string; bytes: number }[]) =>
      storeWith(armWith(), () => blobs).store.prove(backup, "listedAndSized", context());
    await assert.rejects(prove([]), /does not list it/);
    await assert.rejects(prove([{ ...blob, bytes: 0 }]), /it is empty/);
    await assert.rejects(prove([{ ...blob, name: `${blob.name}.part` }]), /does not list it/);
    assert.equal((await prove([blob])).by, "listedAndSized");
  });

  it("proves by a restore to a scratch database, which is taken away even when the restore fails", async () => {
    const backup = { store: "sql", recordedAs, at: "2026-01-28T09:00:00Z" };
    const arm = armWith();
    const { scratch } = await storeWith(arm).store.prove(backup, "restoreToScratch", context());
    assert.match(scratch ?? "", /^tesoro-scratch-/);
    assert.deepEqual(
      arm.writes.map((write) => write.split(" ")[0]),
      ["PUT", "DELETE"],
    );
    arm.onWrite = (write) => {
      if (write.startsWith("PUT")) throw new UserError("Azure refused: 500", { retriable: true });
    };
    await assert.rejects(storeWith(arm).store.prove(backup, "restoreToScratch", context()), /500/);
    assert.equal(arm.writes.at(-1)?.split(" ")[0], "DELETE");
  });

  it("touches no scratch database that is somebody else's", async () => {
    const backup = { store: "sql", recordedAs, at: "2026-01-28T09:00:00Z" };
    const arm = armWith();
    const { scratch } = await storeWith(arm).store.prove(backup, "restoreToScratch", context());
    const id = databaseId.replace(/tesoro$/, scratch!);
    arm.resources.set(id, { id, tags: {} });
    arm.writes.length = 0;
    await assert.rejects(
      storeWith(arm).store.prove(backup, "restoreToScratch", context()),
      /is not of release/,
    );
    assert.deepEqual(arm.writes, []);
    assert.ok(arm.resources.has(id));
  });

  it("restores a moment into a new database beside the old, then switches the secret", async () => {
    const arm = armWith();
    const { store, vault } = storeWith(arm);
    const pointInTime = new Date("2026-01-28T09:00:00Z");
    const { target } = await store.restore({ pointInTime }, confirmation, context());
    const made = arm.resources.get(databaseId.replace(/tesoro$/, target))!;
    assert.deepEqual(made.properties, {
      createMode: "PointInTimeRestore",
      sourceDatabaseId: databaseId,
      restorePointInTime: "2026-01-28T09:00:00.000Z",
    });
    assert.deepEqual(vault.versions.get("sql-connection-string"), [
      "Server=tcp:s,1433;Database=tesoro;Encrypt=True",
      `Server=tcp:s,1433;Database=${target};Encrypt=True`,
    ]);
    assert.ok(arm.resources.has(databaseId), "the old database stays");
    await store.restore({ pointInTime }, confirmation, context());
    assert.equal(
      arm.writes.filter((write) => write.startsWith("PUT")).length,
      1,
      "done again it restores nothing",
    );
  });

  it("restores into as many zones and with backups where the old database has them, which a scratch does not need", async () => {
    const arm = armWith();
    const redundancy = { zoneRedundant: true, requestedBackupStorageRedundancy: "GeoZone" };
    const source = arm.resources.get(databaseId)!;
    arm.resources.set(databaseId, {
      ...source,
      properties: { ...mapAt(source, "properties"), ...redundancy },
    });
    const { store } = storeWith(arm);
    const { target } = await store.restore(
      { pointInTime: new Date("2026-01-28T09:00:00Z") },
      confirmation,
      context(),
    );
    const { zoneRedundant, requestedBackupStorageRedundancy } = mapAt(
      arm.resources.get(databaseId.replace(/tesoro$/, target)),
      "properties",
    );
    assert.deepEqual({ zoneRedundant, requestedBackupStorageRedundancy }, redundancy);
  });

  it("restores of a recorded export the moment of it: an export is not meant for restores (conflicts 41)", async () => {
    const arm = armWith();
    const backup = { store: "sql", recordedAs, at: "2026-01-28T09:30:00Z" };
    const { target } = await storeWith(arm).store.restore({ backup }, confirmation, context());
    const made = arm.resources.get(databaseId.replace(/tesoro$/, target))!;
    assert.equal(mapAt(made, "properties").restorePointInTime, "2026-01-28T09:30:00.000Z");
  });

  it("refuses a moment before the earliest, one that is to come, and a target that is not its own", async () => {
    const { store } = storeWith(armWith("2026-01-28T10:00:00Z"));
    const restore = (moment: string) =>
      store.restore({ pointInTime: new Date(moment) }, confirmation, context());
    await assert.rejects(restore("2026-01-28T09:00:00Z"), /the earliest moment is 2026-01-28T10:00:00Z/);
    await assert.rejects(restore("2026-01-29T09:00:00Z"), /after now/);
    const arm = armWith();
    const moment = { pointInTime: new Date("2026-01-28T09:00:00Z") };
    const { target } = await storeWith(arm).store.restore(moment, confirmation, context());
    arm.resources.set(databaseId.replace(/tesoro$/, target), { tags: {} });
    await assert.rejects(
      storeWith(arm).store.restore(moment, confirmation, context()),
      /not of release tesoro-1/,
    );
  });

  it("restores nothing that nobody confirmed", async () => {
    const arm = armWith();
    const moment = { pointInTime: new Date("2026-01-28T09:00:00Z") };
    await assert.rejects(
      storeWith(arm).store.restore(moment, { confirmedBy: [], reason: "x" }, context()),
      /needs the names/,
    );
    assert.deepEqual(arm.writes, []);
  });
});
