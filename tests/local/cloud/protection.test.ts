import assert from "node:assert/strict";
import { GROUP, SITE, SLOT, SUBSCRIPTION, site, TestCloud, VAULT, vault } from "./support";

const lockOn = (scope: string) => `${scope}/providers/Microsoft.Authorization/locks/keep`;
const level = (name: string) => ({ properties: { level: name } });

describe("locks", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await TestCloud.create();
    await cloud.withSite();
  });
  afterEach(() => cloud.remove());

  const locked = async (method: string, id: string, body?: unknown) => {
    const answer = await cloud.call(method, id, body);
    assert.deepEqual([answer.status, answer.body?.error?.code], [409, "ScopeLocked"], `${method} ${id}`);
  };

  it("CanNotDelete forbids deleting the resource, what lies below and what holds it, and allows writing", async () => {
    await cloud.put(lockOn(SITE), level("CanNotDelete"));
    await locked("DELETE", SITE);
    await locked("DELETE", SLOT);
    await locked("DELETE", GROUP);
    await cloud.put(SITE, site({ httpsOnly: false }));
    assert.equal((await cloud.get(SLOT)).status, 200);
  });

  it("ReadOnly on a group forbids writing everything in it, too", async () => {
    await cloud.put(lockOn(GROUP), level("ReadOnly"));
    await locked("PUT", SITE, site({}));
    await locked("PATCH", `${SITE}/config/web`, { properties: {} });
    await locked("POST", `${SLOT}/slotsswap`, { targetSlot: "production" });
    await locked("DELETE", SITE);
  });

  it("does not touch a resource whose name only begins alike", async () => {
    await cloud.put(lockOn(SITE), level("CanNotDelete"));
    const other = `${SITE}-two`;
    await cloud.put(other, site({}));
    await cloud.delete(other);
  });

  it("can itself be removed, and then all can", async () => {
    await cloud.put(lockOn(SITE), level("ReadOnly"));
    await cloud.delete(lockOn(SITE));
    await cloud.delete(SITE);
    assert.equal((await cloud.get(SLOT)).status, 404);
  });
});

describe("soft delete of a vault", () => {
  let cloud: TestCloud;
  beforeEach(async () => {
    cloud = await TestCloud.create();
    await cloud.put(GROUP, { location: "westeurope" });
  });
  afterEach(() => cloud.remove());

  const deleted = `${SUBSCRIPTION}/providers/Microsoft.KeyVault/locations/westeurope/deletedVaults/vault-one`;

  const makeAndDelete = async (properties: Record<string, unknown>) => {
    await cloud.put(VAULT, vault(properties));
    await cloud.put(`${VAULT}/secrets/key`, { properties: { value: "kept" } });
    await cloud.delete(VAULT);
  };

  it("keeps its name: a new one is refused until it is purged", async () => {
    await makeAndDelete({});
    const again = await cloud.call("PUT", VAULT, vault());
    assert.deepEqual([again.status, again.body.error.code], [409, "ConflictError"]);
    assert.match(again.body.error.message, /either recover or purge/);
    assert.equal((await cloud.get(deleted)).body.properties.vaultId, VAULT);
    assert.equal((await cloud.call("POST", `${deleted}/purge`)).status, 200);
    await cloud.put(VAULT, vault());
    assert.equal((await cloud.get(`${VAULT}/secrets/key`)).status, 404);
  });

  it("is recovered with its secrets by createMode recover", async () => {
    await makeAndDelete({ enablePurgeProtection: true });
    await cloud.put(VAULT, vault({ createMode: "recover" }));
    assert.equal((await cloud.get(`${VAULT}/secrets/key`)).status, 200);
    assert.equal((await cloud.get(deleted)).status, 404);
  });

  it("with purge protection cannot be purged, also after a restart", async () => {
    await makeAndDelete({ enablePurgeProtection: true });
    cloud = await cloud.crash();
    const purge = await cloud.call("POST", `${deleted}/purge`);
    assert.equal(purge.status, 409);
    assert.match(purge.body.error.message, /purge protection is enabled/);
    assert.equal((await cloud.call("PUT", VAULT, vault())).status, 409);
  });

  it("holds as well when its group is deleted", async () => {
    await cloud.put(VAULT, vault());
    await cloud.delete(GROUP);
    const { value } = (await cloud.get(`${SUBSCRIPTION}/providers/Microsoft.KeyVault/deletedVaults`)).body;
    assert.deepEqual(
      value.map((entry: { name: string }) => entry.name),
      ["vault-one"],
    );
  });

  it("purge protection stays on when a PUT leaves it out", async () => {
    await cloud.put(VAULT, vault({ enablePurgeProtection: true }));
    await cloud.put(VAULT, vault());
    assert.equal((await cloud.get(VAULT)).body.properties.enablePurgeProtection, true);
  });

  it("caught half way by a crash is put back whole", async () => {
    await cloud.put(VAULT, vault());
    await cloud.put(`${VAULT}/secrets/key`, { properties: { value: "kept" } });
    const { store } = cloud.cloud;
    const resources = [store.get(VAULT)!, ...store.below(VAULT)];
    const purgeAt = new Date(Date.now() + 1e9).toISOString();
    await store.putDeleted({
      id: VAULT,
      token: resources[0]!.token,
      location: "westeurope",
      deletedAt: purgeAt,
      purgeAt,
      resources,
    });
    await store.remove(`${VAULT}/secrets/key`);
    cloud = await cloud.crash();
    assert.equal((await cloud.get(`${VAULT}/secrets/key`)).status, 200);
    assert.equal((await cloud.get(deleted)).status, 404);
  });
});
