import assert from "node:assert/strict";
import { CosmosStore } from "../../../release/data/cosmos-store";
import { mapAt } from "../../../release/targets/json";
import { FakeArm } from "./fake-arm";
import { contextOf, FakeVault, facts, subscription, worldOf } from "./fakes";

const accounts = `${subscription}/resourceGroups/rg/providers/Microsoft.DocumentDB/databaseAccounts`;
const accountId = `${accounts}/kirana-cosmos`;
const restorableId = `${subscription}/providers/Microsoft.DocumentDB/locations/westus2/restorableDatabaseAccounts/1`;
const confirmation = { confirmedBy: [{ person: "Ada", role: "lead-engineer" }], reason: "damaged" };
const moment = { pointInTime: new Date("2026-01-28T09:15:00Z") };

const context = () =>
  contextOf({
    release: "kirana-1",
    facts: facts({ system: "kirana-inventory", stores: { cosmos: { resourceId: accountId } } }),
  });

function armWith(): FakeArm {
  const arm = new FakeArm();
  arm.resources.set(accountId, {
    id: accountId,
    location: "West US 2",
    kind: "GlobalDocumentDB",
    tags: { system: "kirana-inventory" },
    properties: {
      locations: [{ locationName: "West US 2", failoverPriority: 0 }],
      backupPolicy: { type: "Continuous" },
      virtualNetworkRules: [{ id: "/subnet" }],
      isVirtualNetworkFilterEnabled: true,
      publicNetworkAccess: "Enabled",
      disableLocalAuth: true,
    },
  });
  arm.resources.set(restorableId.slice(0, restorableId.lastIndexOf("/")), {
    value: [
      { id: "/other", properties: { accountName: "other" } },
      {
        id: "/deleted",
        properties: {
          accountName: "kirana-cosmos",
          oldestRestorableTime: "2026-01-01T00:00:00Z",
          deletionTime: "2026-01-09T00:00:00Z",
        },
      },
      {
        id: restorableId,
        properties: { accountName: "Kirana-Cosmos", oldestRestorableTime: "2026-01-10T00:00:00Z" },
      },
    ],
  });
  const definition = `${accountId}/sqlRoleDefinitions/reader`;
  arm.resources.set(`${accountId}/sqlRoleDefinitions`, {
    value: [
      { name: "built-in", properties: { type: "BuiltInRole" } },
      { name: "reader", properties: { type: "CustomRole", assignableScopes: [accountId] } },
    ],
  });
  arm.resources.set(`${accountId}/sqlRoleAssignments`, {
    value: [
      { name: "app", properties: { scope: accountId, roleDefinitionId: definition, principalId: "p" } },
    ],
  });
  return arm;
}

function storeWith(arm: FakeArm) {
  const vault = new FakeVault();
  vault.versions.set("cosmos-endpoint", ["https://kirana-cosmos.documents.azure.com:443/"]);
  vault.versions.set("cosmos-connection-string", ["AccountEndpoint=old"]);
  return { store: new CosmosStore(worldOf({ arm, vault })), vault };
}

describe("release/data/cosmos-store: Cosmos DB with continuous backup", () => {
  it("restores a moment into a new account, closed until it has the rules and rights of the old one", async () => {
    const arm = armWith();
    const { store, vault } = storeWith(arm);
    const { target, switchedSecret } = await store.restore(moment, confirmation, context());
    const made = arm.resources.get(`${accounts}/${target}`)!;
    const properties = mapAt(made, "properties");
    assert.deepEqual(properties.restoreParameters, {
      restoreMode: "PointInTime",
      restoreSource: restorableId,
      restoreTimestampInUtc: "2026-01-28T09:15:00.000Z",
    });
    assert.deepEqual(properties.virtualNetworkRules, [{ id: "/subnet" }]);
    assert.equal(properties.disableLocalAuth, true);
    assert.equal(properties.publicNetworkAccess, "Enabled");
    const assignment = arm.resources.get(`${accounts}/${target}/sqlRoleAssignments/app`)!;
    assert.deepEqual(assignment.properties, {
      scope: `${accounts}/${target}`,
      roleDefinitionId: `${accounts}/${target}/sqlRoleDefinitions/reader`,
      principalId: "p",
    });
    assert.ok(!arm.resources.has(`${accounts}/${target}/sqlRoleDefinitions/built-in`));
    assert.equal(switchedSecret, "cosmos-connection-string, cosmos-endpoint");
    assert.equal(vault.versions.get("cosmos-endpoint")!.at(-1), `https://${target}.documents.azure.com:443/`);
    assert.equal(vault.versions.get("cosmos-endpoint")!.length, 2, "the version before stays");
    const puts = () => arm.writes.filter((write) => write === `PUT ${accounts}/${target}`).length;
    await store.restore(moment, confirmation, context());
    assert.equal(puts(), 1, "done again it restores nothing");
  });

  it("restores into as many zones as the old account has: they cannot be chosen later", async () => {
    for (const zones of [{ isZoneRedundant: true }, {}]) {
      const arm = armWith();
      const account = arm.resources.get(accountId)!;
      const locations = [{ id: "one", locationName: "West US 2", failoverPriority: 0, ...zones }];
      arm.resources.set(accountId, {
        ...account,
        properties: { ...mapAt(account, "properties"), locations },
      });
      const { target } = await storeWith(arm).store.restore(moment, confirmation, context());
      const made = arm.resources.get(`${accounts}/${target}`)!;
      assert.deepEqual(mapAt(made, "properties").locations, [
        { locationName: "West US 2", failoverPriority: 0, ...zones },
      ]);
    }
  });

  it("goes on with an account of before a crash only once it is restored, and with none that failed", async () => {
    for (const [state, retriable] of [
      ["Restoring", true],
      ["Creating", true],
      ["Failed", false],
    ] as const) {
      const arm = armWith();
      const { target } = await storeWith(arm).store.restore(moment, confirmation, context());
      const id = `${accounts}/${target}`;
      const account = arm.resources.get(id)!;
      const properties = { ...mapAt(account, "properties"), provisioningState: state };
      arm.resources.set(id, { ...account, properties });
      arm.writes.length = 0;
      const { store, vault } = storeWith(arm);
      await assert.rejects(store.restore(moment, confirmation, context()), {
        message: new RegExp(`${target}.* ${state}`),
        retriable,
      });
      assert.deepEqual([arm.writes, vault.versions.get("cosmos-endpoint")!.length], [[], 1]);
      arm.resources.set(id, account);
      await store.restore(moment, confirmation, context());
      assert.equal(vault.versions.get("cosmos-endpoint")!.length, 2);
    }
  });

  it("gives the rights to the new account however Azure writes the old one's id, and to no account beside it", async () => {
    const arm = armWith();
    const written = accountId.replace("resourceGroups", "resourcegroups");
    const scopes = {
      scope: `${written}/dbs/kirana`,
      roleDefinitionId: `${written}/sqlRoleDefinitions/reader`,
    };
    const assignments = [
      { name: "app", properties: { ...scopes, principalId: "p" } },
      { name: "other", properties: { scope: `${written}-2`, principalId: "p" } },
    ];
    arm.resources.set(`${accountId}/sqlRoleAssignments`, { value: assignments });
    const { target } = await storeWith(arm).store.restore(moment, confirmation, context());
    const made = (name: string) => arm.resources.get(`${accounts}/${target}/sqlRoleAssignments/${name}`)!;
    assert.deepEqual(made("app").properties, {
      scope: `${accounts}/${target}/dbs/kirana`,
      roleDefinitionId: `${accounts}/${target}/sqlRoleDefinitions/reader`,
      principalId: "p",
    });
    assert.equal(mapAt(made("other"), "properties").scope, `${written}-2`);
  });

  it("proves a moment by the oldest that Azure can restore", async () => {
    const { store } = storeWith(armWith());
    const prove = (at: string) =>
      store.prove({ store: "cosmos", recordedAs: at, at }, "pointInTime", context());
    await prove("2026-01-20T00:00:00Z");
    await assert.rejects(prove("2026-01-02T00:00:00Z"), /the oldest moment is 2026-01-10/);
    await assert.rejects(prove("2027-01-02T00:00:00Z"), /after now/);
  });

  it("refuses an account that Azure cannot restore, and a target of another's", async () => {
    const unknown = armWith();
    unknown.resources.set(restorableId.slice(0, restorableId.lastIndexOf("/")), { value: [] });
    await assert.rejects(
      storeWith(unknown).store.restore(moment, confirmation, context()),
      /can restore no account/,
    );
    const arm = armWith();
    const { target } = await storeWith(arm).store.restore(moment, confirmation, context());
    arm.resources.set(`${accounts}/${target}`, { tags: {} });
    await assert.rejects(
      storeWith(arm).store.restore(moment, confirmation, context()),
      /nothing is overwritten|is not of release/,
    );
  });

  it("switches no secret when the rights could not be copied", async () => {
    const arm = armWith();
    arm.onWrite = (write) => {
      if (write.includes("sqlRoleAssignments")) throw new Error("denied");
    };
    const { store, vault } = storeWith(arm);
    await assert.rejects(store.restore(moment, confirmation, context()), /denied/);
    assert.equal(vault.versions.get("cosmos-endpoint")!.length, 1);
  });
});
