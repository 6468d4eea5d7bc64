import assert from "node:assert/strict";
import { readdirSync, readFileSync, rmSync } from "node:fs";
import { join } from "node:path";
import { soon } from "../../support/until";
import { COSMOS, cosmosAccount, GROUP, SITE, SLOT, SUBSCRIPTION, TestCloud } from "./support";

const NEVER = 3_600_000;

describe("long-running operations", () => {
  let cloud: TestCloud;
  afterEach(() => cloud.remove());

  const pathOf = (url: unknown) => String(url).replace(/^https?:\/\/[^/]+/, "");

  it("answer 201 or 202 with an operation to poll and Retry-After; the resource says what goes on", async () => {
    cloud = await TestCloud.create({ operationMillis: 30 });
    await cloud.put(GROUP, { location: "westeurope" });
    const created = await cloud.call("PUT", COSMOS, cosmosAccount());
    assert.equal(created.status, 201);
    assert.equal(created.body.properties.provisioningState, "Creating");
    assert.equal(created.headers["retry-after"], "1");
    const operation = pathOf(created.headers["azure-asyncoperation"]);
    assert.equal((await cloud.call("GET", operation)).body.status, "InProgress");
    assert.equal((await cloud.call("GET", pathOf(created.headers.location))).status, 202);
    await soon(
      "the creation ends",
      async () => (await cloud.call("GET", operation)).body.status === "Succeeded",
    );
    assert.equal((await cloud.get(COSMOS)).body.properties.provisioningState, "Succeeded");
    const result = await cloud.call("GET", pathOf(created.headers.location));
    assert.deepEqual([result.status, result.body.name], [200, "cosmos-one"]);
    const deleted = await cloud.call("DELETE", COSMOS);
    assert.equal(deleted.status, 202);
    assert.equal((await cloud.get(COSMOS)).body.properties.provisioningState, "Deleting");
    await cloud.done(deleted);
    assert.equal((await cloud.get(COSMOS)).status, 404);
    assert.equal((await cloud.call("GET", pathOf(deleted.headers.location))).status, 204);
  });

  it("refuse a second one on the same resource and on what lies below, with Retry-After", async () => {
    cloud = await TestCloud.create({ operationMillis: NEVER });
    await cloud.call("PUT", GROUP, { location: "westeurope" });
    await cloud.call("PUT", COSMOS, cosmosAccount());
    for (const [method, id] of [
      ["PUT", COSMOS],
      ["DELETE", COSMOS],
      ["PUT", `${COSMOS}/sqlDatabases/db`],
    ] as const) {
      const answer = await cloud.call(method, id, method === "PUT" ? cosmosAccount() : undefined);
      assert.deepEqual(
        [answer.status, answer.body.error.code],
        [409, "AnotherOperationInProgress"],
        `${method} ${id}`,
      );
      assert.equal(answer.headers["retry-after"], "1");
    }
  });

  it("delete a group with all that is in it, and nothing of another group", async () => {
    cloud = await TestCloud.create();
    const other = `${SUBSCRIPTION}/resourceGroups/group2`;
    await cloud.withSite();
    await cloud.put(other, { location: "westeurope" });
    await cloud.delete(GROUP);
    assert.deepEqual(
      cloud.cloud.store.all().map(({ id }) => id),
      [other],
    );
  });

  it("say that an operation is not known", async () => {
    cloud = await TestCloud.create();
    const path = `${SUBSCRIPTION}/providers/Microsoft.Switchyard/locations/local/operationStatuses/00000000-0000-4000-8000-000000000000`;
    const answer = await cloud.call("GET", path);
    assert.deepEqual([answer.status, answer.body.error.code], [404, "OperationNotFound"]);
  });

  describe("after a crash in their middle", () => {
    it("a creation is completed, and its operation can still be polled", async () => {
      cloud = await TestCloud.create({ operationMillis: NEVER });
      await cloud.call("PUT", GROUP, { location: "westeurope" });
      const created = await cloud.call("PUT", COSMOS, cosmosAccount());
      cloud = await cloud.crash();
      assert.equal((await cloud.get(COSMOS)).body.properties.provisioningState, "Succeeded");
      assert.equal(
        (await cloud.call("GET", pathOf(created.headers["azure-asyncoperation"]))).body.status,
        "Succeeded",
      );
      await cloud.put(COSMOS, cosmosAccount());
    });

    it("a deletion is completed, also when half of the tree is gone already", async () => {
      cloud = await TestCloud.create();
      await cloud.withSite();
      cloud.cloud.settings.operationMillis = NEVER;
      assert.equal((await cloud.call("DELETE", GROUP)).status, 202);
      const slots = join(cloud.folder, "cloud", "resources", "slots");
      for (const name of readdirSync(slots)) rmSync(join(slots, name));
      cloud = await cloud.crash();
      assert.deepEqual(cloud.cloud.store.all(), []);
    });

    it("an operation that had changed nothing yet is failed", async () => {
      cloud = await TestCloud.create();
      await cloud.put(GROUP, { location: "westeurope" });
      const operation = await cloud.cloud.operations.begin({ kind: "create", resourceId: COSMOS });
      cloud = await cloud.crash();
      assert.equal(cloud.cloud.store.operation(operation.id)?.status, "Failed");
      assert.equal((await cloud.get(COSMOS)).status, 404);
    });

    it("one that hung is failed, the resource says so, and the next PUT mends it", async () => {
      cloud = await TestCloud.create();
      await cloud.put(GROUP, { location: "westeurope" });
      await cloud.call("POST", "/_switchyard/faults", {
        kind: "stuck",
        match: { type: "Microsoft.DocumentDB/databaseAccounts" },
      });
      const created = await cloud.call("PUT", COSMOS, cosmosAccount());
      const operation = pathOf(created.headers["azure-asyncoperation"]);
      assert.equal((await cloud.call("GET", operation)).body.status, "InProgress");
      cloud = await cloud.crash();
      const ended = (await cloud.call("GET", operation)).body;
      assert.deepEqual([ended.status, ended.error.code], ["Failed", "OperationInterrupted"]);
      assert.equal((await cloud.get(COSMOS)).body.properties.provisioningState, "Failed");
      await cloud.put(COSMOS, cosmosAccount());
      assert.equal((await cloud.get(COSMOS)).body.properties.provisioningState, "Succeeded");
    });

    it("one that hangs goes on when the faults are cleared", async () => {
      cloud = await TestCloud.create();
      await cloud.put(GROUP, { location: "westeurope" });
      await cloud.call("POST", "/_switchyard/faults", { kind: "stuck", match: {} });
      const created = await cloud.call("PUT", COSMOS, cosmosAccount());
      const operation = pathOf(created.headers["azure-asyncoperation"]);
      assert.equal((await cloud.call("GET", operation)).body.status, "InProgress");
      await cloud.call("DELETE", "/_switchyard/faults");
      assert.equal((await cloud.call("GET", operation)).body.status, "Succeeded");
      assert.equal((await cloud.get(COSMOS)).body.properties.provisioningState, "Succeeded");
    });

    it("a swap is completed whole, although one side was written already", async () => {
      cloud = await TestCloud.create();
      await cloud.withSite();
      await cloud.put(`${SITE}/config/appsettings`, { properties: { VERSION: "old" } });
      await cloud.put(`${SLOT}/config/appsettings`, { properties: { VERSION: "new" } });
      cloud.cloud.settings.operationMillis = NEVER;
      assert.equal((await cloud.call("POST", `${SLOT}/slotsswap`, { targetSlot: "production" })).status, 202);
      const [operation] = cloud.cloud.store.allOperations().filter(({ status }) => status === "InProgress");
      await cloud.cloud.store.put(operation!.after![0]!);
      cloud = await cloud.crash();
      const settings = async (id: string) =>
        (await cloud.call("POST", `${id}/config/appsettings/list`)).body.properties;
      assert.deepEqual(await settings(SITE), { VERSION: "new" });
      assert.deepEqual(await settings(SLOT), { VERSION: "old" });
      assert.ok(
        !readFileSync(join(cloud.folder, "cloud", "operations", `${operation!.id}.json`), "utf8").includes(
          "VERSION",
        ),
      );
    });
  });
});
