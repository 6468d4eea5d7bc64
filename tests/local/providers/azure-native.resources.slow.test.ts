import assert from "node:assert/strict";
import { isSecret, type PropertyMap, reveal, secret } from "../../../plugin-server/values/property";
import {
  Bench,
  CANARY,
  GROUP,
  LOCK,
  PLAN,
  SECRET,
  SETTINGS,
  SITE,
  STORAGE,
  storage,
  VAULT,
} from "./support/bench";
import { SUBSCRIPTION } from "./support/local-cloud";

/** Driven over gRPC as the engine drives it, against the embedded cloud. */
describe("azure-native stand-in: what an update asks", () => {
  const bench = new Bench("start");

  describe("secrets", () => {
    const allText = (value: unknown): string =>
      JSON.stringify(value, (_key, entry: unknown) => (isSecret(entry) ? "[marked]" : entry));

    it("come back marked from create, update, read and import, and never in clear", async () => {
      await bench.make(PLAN, "plan", {
        resourceGroupName: "group",
        name: "plan",
        kind: "linux",
        reserved: true,
        sku: { name: "S1", tier: "Standard" },
      });
      await bench.make(SITE, "site", {
        resourceGroupName: "group",
        name: "secretsite",
        serverFarmId: `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.Web/serverfarms/plan`,
      });
      const settings = {
        resourceGroupName: "group",
        name: "secretsite",
        properties: { MODE: "fast", KEY: secret(CANARY) },
      };
      const made = await bench.make(SETTINGS, "settings", settings);
      assert.equal((reveal(made.outputs.properties) as PropertyMap).KEY, CANARY);
      const updated = await bench.provider.update(SETTINGS, "settings", made.id, made, {
        ...settings,
        properties: { KEY: secret(CANARY) },
      });
      const refreshed = await bench.provider.read(SETTINGS, "settings", made.id, made);
      const imported = await bench.provider.read(SETTINGS, "settings", made.id);
      for (const seen of [made.outputs, updated, refreshed, imported])
        assert.ok(!allText(seen).includes(CANARY));
      assert.equal((reveal(imported.inputs.properties) as PropertyMap).KEY, CANARY);
    });

    it("that Azure computes are marked", async () => {
      await bench.make("azure-native:operationalinsights:Workspace", "logs", {
        resourceGroupName: "group",
        workspaceName: "logs-one",
      });
      const workspaceResourceId = `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.OperationalInsights/workspaces/logs-one`;
      const made = await bench.make("azure-native:applicationinsights:Component", "ai", {
        resourceGroupName: "group",
        resourceName: "ai",
        kind: "web",
        applicationType: "web",
        workspaceResourceId,
      });
      assert.ok(isSecret(made.outputs.connectionString));
    });

    it("that are write-only survive a refresh as they were, and are not in an answer", async () => {
      await bench.make(VAULT, "v", {
        resourceGroupName: "group",
        vaultName: "vaultsecrets",
        properties: {
          tenantId: "00000000-0000-4000-8000-0000000de001",
          sku: { family: "A", name: "standard" },
        },
      });
      const made = await bench.make(SECRET, "s", {
        resourceGroupName: "group",
        vaultName: "vaultsecrets",
        secretName: "key",
        properties: { value: secret(CANARY) },
      });
      assert.ok(!JSON.stringify(made.outputs).includes(CANARY));
      const refreshed = await bench.provider.read(SECRET, "s", made.id, made);
      assert.deepEqual(refreshed.inputs, made.inputs);
    });

    it("are not quoted by an error of the cloud", async () => {
      bench.cloud.fault({ kind: "error", match: { method: "PUT", idPattern: "erroraccount" }, times: 99 });
      const { inputs } = await bench.provider.check(
        STORAGE,
        "s",
        storage("erroraccount", { tags: { t: secret(CANARY) } }),
      );
      await assert.rejects(
        bench.provider.create(STORAGE, "s", inputs, { timeoutSeconds: 0.2 }),
        (error: Error) => {
          assert.match(error.message, /gave up after 0.2 s.*500|500 InternalServerError/s);
          return !error.message.includes(CANARY);
        },
      );
      bench.cloud.cloud.faults.clear();
    });
  });

  describe("refresh and import", () => {
    it("reads back exactly the inputs of an untouched resource", async () => {
      const made = await bench.make(
        STORAGE,
        "s",
        storage("cleanrefresh", { minimumTlsVersion: "TLS1_2", tags: { a: "1" } }),
      );
      const read = await bench.provider.read(STORAGE, "s", made.id, made);
      assert.deepEqual(read.inputs, made.inputs);
      assert.equal(
        (await bench.provider.diff(STORAGE, "s", made.id, read.inputs, made.inputs)).changes,
        "none",
      );
    });

    it("shows what was changed, added to a map, and taken away, and nothing that was never declared", async () => {
      const made = await bench.make(
        STORAGE,
        "s",
        storage("drifted", { minimumTlsVersion: "TLS1_2", tags: { a: "1", b: "2" } }),
      );
      await bench.cloud.call("PATCH", made.id, {
        tags: { a: "9", c: "3" },
        properties: { minimumTlsVersion: "TLS1_1", allowBlobPublicAccess: true },
      });
      const read = await bench.provider.read(STORAGE, "s", made.id, made);
      const drift = await bench.provider.diff(STORAGE, "s", made.id, read.inputs, made.inputs);
      assert.equal(read.inputs.minimumTlsVersion, "TLS1_1");
      assert.equal(read.inputs.allowBlobPublicAccess, undefined);
      assert.equal(drift.detailed.minimumTlsVersion, "UPDATE");
      assert.equal(drift.detailed["tags.a"], "UPDATE");
      assert.equal(drift.detailed["tags.c"], "DELETE");
    });

    it("merges a site's config/web into siteConfig, so that a change made there is drift", async () => {
      await bench.make(PLAN, "plan2", { resourceGroupName: "group", name: "plan2", sku: { name: "S1" } });
      const made = await bench.make(SITE, "site", {
        resourceGroupName: "group",
        name: "driftsite",
        serverFarmId: `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.Web/serverfarms/plan2`,
        siteConfig: { minTlsVersion: "1.2", http20Enabled: true },
      });
      assert.equal((made.outputs.siteConfig as PropertyMap).http20Enabled, true);
      assert.deepEqual((await bench.provider.read(SITE, "site", made.id, made)).inputs, made.inputs);
      await bench.cloud.call("PATCH", `${made.id}/config/web`, { properties: { minTlsVersion: "1.0" } });
      const read = await bench.provider.read(SITE, "site", made.id, made);
      assert.deepEqual(read.inputs.siteConfig, { minTlsVersion: "1.0", http20Enabled: true });
    });

    it("makes inputs from the resource for an import, which pass the check and show no difference", async () => {
      const made = await bench.make(STORAGE, "s", storage("imported", { tags: { a: "1" } }));
      const { inputs, id } = await bench.provider.read(STORAGE, "s", made.id);
      assert.equal(id, made.id);
      assert.equal(inputs.primaryEndpoints, undefined);
      const checked = await bench.provider.check(STORAGE, "s", inputs, { olds: inputs });
      assert.deepEqual(checked.failures, []);
      assert.equal(
        (await bench.provider.diff(STORAGE, "s", made.id, checked.inputs, made.inputs)).changes,
        "none",
      );
    });

    it("refuses an id of another type with the form that it must have", async () => {
      await assert.rejects(
        bench.provider.read(STORAGE, "s", `${SUBSCRIPTION}/resourceGroups/group`),
        /is not an id of azure-native:storage:StorageAccount; it must look like .*storageAccounts\/\{accountName\}/,
      );
    });
  });

  describe("create and delete", () => {
    it("refuses what another URN or somebody else made", async () => {
      const made = await bench.make(STORAGE, "mine", storage("takenname"));
      await assert.rejects(
        bench.provider.create(STORAGE, "other", made.inputs),
        /cannot create already existing resource '.*takenname'.*pulumi import/s,
      );
      await bench.cloud.call("PUT", `${SUBSCRIPTION}/resourceGroups/byhand`, { location: "westeurope" });
      await assert.rejects(bench.make(GROUP, "byhand", { resourceGroupName: "byhand" }), /already existing/);
    });

    it("takes over what a create of the same URN left behind", async () => {
      const made = await bench.make(STORAGE, "again", storage("againaccount"));
      const again = await bench.provider.create(STORAGE, "again", { ...made.inputs, accessTier: "Cool" });
      assert.equal(again.id, made.id);
      assert.equal(again.outputs.accessTier, "Cool");
    });

    it("names the lock that forbids a deletion", async () => {
      const made = await bench.make(STORAGE, "locked", storage("lockedaccount"));
      const lock = await bench.make(LOCK, "guard", {
        scope: made.id,
        lockName: "keep-data",
        level: "CanNotDelete",
      });
      await assert.rejects(
        bench.provider.delete(STORAGE, "locked", made.id, made),
        /ScopeLocked.*lock: "keep-data" \(CanNotDelete\).*remove the lock/s,
      );
      await bench.provider.delete(LOCK, "guard", lock.id, lock);
      await bench.provider.delete(STORAGE, "locked", made.id, made);
      assert.equal(bench.cloud.exists(made.id), false);
    });

    it("sets back to its defaults what always exists with its parent", async () => {
      await bench.make(STORAGE, "blobs", storage("blobsaccount"));
      const made = await bench.make("azure-native:storage:BlobServiceProperties", "blobs", {
        resourceGroupName: "group",
        accountName: "blobsaccount",
        blobServicesName: "default",
        deleteRetentionPolicy: { enabled: true, days: 7 },
      });
      await bench.provider.delete("azure-native:storage:BlobServiceProperties", "blobs", made.id, made);
      const after = (await bench.cloud.call("GET", made.id)) as {
        properties: { deleteRetentionPolicy: PropertyMap };
      };
      assert.equal(after.properties.deleteRetentionPolicy.enabled, false);
    });

    it("says why a name cannot be used again while its deleted bearer is kept", async () => {
      const vault = {
        resourceGroupName: "group",
        vaultName: "kept-vault",
        properties: {
          tenantId: "00000000-0000-4000-8000-0000000de001",
          sku: { family: "A", name: "standard" },
        },
      };
      const made = await bench.make(VAULT, "kept", vault);
      await bench.provider.delete(VAULT, "kept", made.id, made);
      await assert.rejects(
        bench.make(VAULT, "kept", vault),
        /cannot create .*409: ConflictError: .*already exists in deleted state.*cloud reset/s,
      );
    });

    it("tells of a parent that is not there", async () => {
      await assert.rejects(
        bench.make(STORAGE, "orphan", { ...storage("orphanaccount"), resourceGroupName: "nowhere" }),
        /ResourceGroupNotFound/,
      );
    });
  });

  describe("functions", () => {
    it("answers getClientConfig without the cloud", async () => {
      const config = await bench.provider.invoke("azure-native:authorization:getClientConfig");
      assert.equal(config.subscriptionId, "00000000-0000-4000-8000-0000000de000");
    });

    it("marks keys as secrets", async () => {
      await bench.make(STORAGE, "keys", storage("keysaccount"));
      const { keys } = await bench.provider.invoke("azure-native:storage:listStorageAccountKeys", {
        resourceGroupName: "group",
        accountName: "keysaccount",
      });
      assert.ok((keys as PropertyMap[]).every(({ value }) => isSecret(value)));
    });

    it("names the functions that it has when asked for another", async () => {
      await assert.rejects(
        bench.provider.invoke("azure-native:web:getWebApp", {}),
        /does not have the function azure-native:web:getWebApp; it has /,
      );
    });
  });
});
