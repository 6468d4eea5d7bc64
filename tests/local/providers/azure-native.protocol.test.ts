import assert from "node:assert/strict";
import {
  isSecret,
  type PropertyMap,
  reveal,
  secret,
  UNKNOWN,
} from "../../../local/providers/values/property";
import { type Diffed, Driver } from "./support/driver";
import { LocalCloud, SUBSCRIPTION } from "./support/local-cloud";

const GROUP = "azure-native:resources:ResourceGroup";
const STORAGE = "azure-native:storage:StorageAccount";
const PLAN = "azure-native:web:AppServicePlan";
const SITE = "azure-native:web:WebApp";
const SETTINGS = "azure-native:web:WebAppApplicationSettings";
const VAULT = "azure-native:keyvault:Vault";
const SECRET = "azure-native:keyvault:Secret";
const LOCK = "azure-native:authorization:ManagementLockByScope";
const ROLE = "azure-native:authorization:RoleAssignment";
const CANARY = "canary-7f3a-canary";

interface Made {
  id: string;
  inputs: PropertyMap;
  outputs: PropertyMap;
}

/** The executable, driven over gRPC as the engine drives it, against the embedded cloud. */
describe("azure-native stand-in over gRPC", () => {
  let cloud: LocalCloud;
  let provider: Driver;

  before(async () => {
    cloud = await LocalCloud.start();
    provider = await Driver.spawn("azure-native", { env: { SWITCHYARD_STATE_DIR: cloud.stateDir } });
    await provider.handshake();
    await provider.configure("azure-native", { location: "westeurope" });
    await make(GROUP, "group", { resourceGroupName: "group" });
  });

  after(async () => {
    await provider.stop();
    await cloud.remove();
  });

  /** Check and Create, as for a new resource. */
  async function make(type: string, name: string, news: PropertyMap): Promise<Made> {
    const { inputs, failures } = await provider.check(type, name, news);
    assert.deepEqual(failures, []);
    return { inputs, ...(await provider.create(type, name, inputs)) };
  }

  const storage = (accountName: string, more: PropertyMap = {}): PropertyMap => ({
    resourceGroupName: "group",
    accountName,
    kind: "StorageV2",
    sku: { name: "Standard_LRS" },
    ...more,
  });

  const diff = (type: string, made: Made, news: PropertyMap): Promise<Diffed> =>
    provider.diff(type, "x", made.id, made.inputs, news, made.outputs);

  it("makes, reads, changes and deletes a resource", async () => {
    const made = await make(GROUP, "first", { resourceGroupName: "first" });
    assert.equal(made.id, `${SUBSCRIPTION}/resourceGroups/first`);
    assert.equal(made.outputs.location, "westeurope");
    assert.deepEqual((await provider.read(GROUP, "first", made.id, made)).inputs, made.inputs);
    const news = { ...made.inputs, tags: { team: "kirana" } };
    assert.deepEqual((await diff(GROUP, made, news)).detailed, { "tags.team": "ADD" });
    assert.deepEqual((await provider.update(GROUP, "first", made.id, made, news)).tags, { team: "kirana" });
    await provider.delete(GROUP, "first", made.id);
    assert.equal((await provider.read(GROUP, "first", made.id, made)).id, "");
    await provider.delete(GROUP, "first", made.id);
  });

  describe("names", () => {
    const news = { resourceGroupName: "group", kind: "StorageV2", sku: { name: "Standard_LRS" } };

    it("appends eight hex digits to the logical name, and keeps the name over later runs", async () => {
      const first = await provider.check(STORAGE, "data", news, { seed: 1 });
      assert.match(String(first.inputs.accountName), /^data[0-9a-f]{8}$/);
      const next = await provider.check(STORAGE, "data", news, { seed: 2, olds: first.inputs });
      assert.equal(next.inputs.accountName, first.inputs.accountName);
    });

    it("takes another name for the second check of a replacement, whose old inputs are empty", async () => {
      const [one, two] = [
        await provider.check(STORAGE, "data", news, { seed: 1 }),
        await provider.check(STORAGE, "data", news, { seed: 2 }),
      ];
      assert.notEqual(one.inputs.accountName, two.inputs.accountName);
    });

    it("respects the stack's autonaming: a pattern, a name as it is, and none", async () => {
      const pattern = { proposedName: "patterned1", mode: 0 };
      assert.equal(
        (await provider.check(STORAGE, "data", news, { autonaming: pattern })).inputs.accountName,
        "patterned1",
      );
      const verbatim = { proposedName: "data", mode: 1 };
      assert.equal(
        (await provider.check(STORAGE, "data", news, { autonaming: verbatim })).inputs.accountName,
        "data",
      );
      const { failures } = await provider.check(STORAGE, "data", news, {
        autonaming: { proposedName: "", mode: 2 },
      });
      assert.match(failures[0]!.reason, /accountName is missing, and autonaming is switched off/);
    });

    it("gives a role assignment the same GUID in every run, and another one to another URN", async () => {
      const role = {
        scope: SUBSCRIPTION,
        principalId: UNKNOWN,
        roleDefinitionId: "/x",
        principalType: "ServicePrincipal",
      };
      const nameOf = async (name: string, seed: number) =>
        (await provider.check(ROLE, name, role, { seed })).inputs.roleAssignmentName;
      assert.match(String(await nameOf("a", 1)), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.equal(await nameOf("a", 1), await nameOf("a", 2));
      assert.notEqual(await nameOf("a", 1), await nameOf("b", 1));
    });
  });

  describe("check", () => {
    it("refuses what Azure would refuse, with every fault's path", async () => {
      const { failures } = await provider.check(STORAGE, "s", {
        ...storage("s1storage"),
        sku: { name: "Standard_XXX" },
        colour: "red",
        kind: 3,
      });
      const text = failures.map(({ reason }) => reason).join("\n");
      assert.match(text, /sku\.name "Standard_XXX" is not allowed/);
      assert.match(text, /colour is not a property here/);
      assert.match(text, /^kind must be a string|kind .*not allowed|kind must be/m);
    });

    it("does not print a secret value, and names no property that the engine would print", async () => {
      const { failures } = await provider.check(STORAGE, "s", {
        ...storage("s1storage"),
        kind: secret(CANARY),
      });
      assert.equal(failures.length, 1);
      assert.equal(failures[0]!.property, "");
      assert.match(failures[0]!.reason, /^kind /);
      assert.ok(!JSON.stringify(failures).includes(CANARY));
    });

    it("keeps secret and unknown markers in what it returns", async () => {
      const news = storage("s1storage", { tags: { token: secret(CANARY), later: UNKNOWN } });
      const { inputs, failures } = await provider.check(STORAGE, "s", news);
      assert.deepEqual(failures, []);
      assert.deepEqual(inputs.tags, { token: secret(CANARY), later: UNKNOWN });
    });

    it("names the types that it has when asked for another", async () => {
      await assert.rejects(
        provider.check("azure-native:web:Nonesuch", "x", {}),
        /does not have the type azure-native:web:Nonesuch; it has .*web:WebApp/,
      );
    });
  });

  describe("preview", () => {
    it("knows what the inputs say, and neither the id nor what Azure computes", async () => {
      const { inputs } = await provider.check(
        STORAGE,
        "s",
        storage("s1storage", { identity: { type: "SystemAssigned" } }),
      );
      const { id, outputs } = await provider.create(STORAGE, "s", inputs, { preview: true });
      assert.equal(id, "");
      assert.equal(outputs.kind, "StorageV2");
      assert.equal(outputs.primaryEndpoints, UNKNOWN);
      assert.equal(outputs.name, UNKNOWN);
      assert.deepEqual(outputs.identity, {
        type: "SystemAssigned",
        principalId: UNKNOWN,
        tenantId: UNKNOWN,
        userAssignedIdentities: UNKNOWN,
      });
      assert.equal(
        cloud.exists(
          `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.Storage/storageAccounts/s1storage`,
        ),
        false,
      );
    });

    it("keeps old outputs in the preview of an update where nothing that they hang on changes", async () => {
      const made = await make(STORAGE, "s", storage("previewupdate"));
      const outputs = await provider.update(
        STORAGE,
        "s",
        made.id,
        made,
        { ...made.inputs, accessTier: "Cool" },
        { preview: true },
      );
      assert.equal(outputs.accessTier, "Cool");
      assert.deepEqual(outputs.primaryEndpoints, made.outputs.primaryEndpoints);
    });
  });

  describe("diff", () => {
    let made: Made;
    before(async () => {
      made = await make(
        STORAGE,
        "d",
        storage("diffaccount", {
          tags: { "a.b": "1", plain: "2" },
          networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange: "203.0.113.1" }] },
        }),
      );
    });

    it("reports leaves, in the engine's notation", async () => {
      const news = {
        ...made.inputs,
        tags: { "a.b": "9" },
        networkRuleSet: {
          defaultAction: "Deny",
          ipRules: [{ iPAddressOrRange: "203.0.113.2" }, { iPAddressOrRange: "203.0.113.3" }],
        },
      };
      assert.deepEqual((await diff(STORAGE, made, news)).detailed, {
        'tags["a.b"]': "UPDATE",
        "tags.plain": "DELETE",
        "networkRuleSet.ipRules[0].iPAddressOrRange": "UPDATE",
        "networkRuleSet.ipRules[1].iPAddressOrRange": "ADD",
      });
    });

    it("replaces for what cannot be changed, the old one first when the name is fixed", async () => {
      const result = await diff(STORAGE, made, { ...made.inputs, location: "northeurope" });
      assert.deepEqual(result.detailed, { location: "UPDATE_REPLACE" });
      assert.deepEqual(result.replaces, ["location"]);
      assert.equal(result.deleteBeforeReplace, true);
    });

    it("replaces beside the old one when the name is made anew, or differs", async () => {
      const renamed = await diff(STORAGE, made, { ...made.inputs, accountName: "anothername" });
      assert.deepEqual([renamed.replaces, renamed.deleteBeforeReplace], [["accountName"], false]);
      const { accountName: _, ...unnamed } = made.inputs;
      const auto = await make(STORAGE, "auto", unnamed);
      const { inputs } = await provider.check(
        STORAGE,
        "auto",
        { ...unnamed, location: "northeurope" },
        { olds: auto.inputs, seed: 9 },
      );
      const replaced = await diff(STORAGE, auto, inputs);
      assert.deepEqual([replaced.replaces, replaced.deleteBeforeReplace], [["location"], false]);
    });

    it("deletes first when the new id is not known yet", async () => {
      const result = await diff(STORAGE, made, { ...made.inputs, resourceGroupName: UNKNOWN });
      assert.deepEqual(result.detailed, { resourceGroupName: "UPDATE_REPLACE" });
      assert.equal(result.deleteBeforeReplace, true);
    });

    it("takes a default for absence, one spelling of a region for another, and a secret for its value", async () => {
      const vault = {
        resourceGroupName: "group",
        vaultName: "vaultdiff",
        properties: { tenantId: "t", sku: { family: "A", name: "standard" } },
      };
      const { inputs } = await provider.check(VAULT, "v", vault);
      const spelled = {
        ...inputs,
        location: "West Europe",
        properties: { ...vault.properties, enableSoftDelete: true, tenantId: secret("t") },
      };
      const result = await provider.diff(VAULT, "v", "/x", inputs, spelled);
      assert.equal(result.changes, "none");
    });

    it("shows nothing where ignoreChanges put the old value back", async () => {
      assert.equal((await diff(STORAGE, made, { ...made.inputs })).changes, "none");
    });
  });

  describe("secrets", () => {
    const allText = (value: unknown): string =>
      JSON.stringify(value, (_key, entry: unknown) => (isSecret(entry) ? "[marked]" : entry));

    it("come back marked from create, update, read and import, and never in clear", async () => {
      await make(PLAN, "plan", {
        resourceGroupName: "group",
        name: "plan",
        kind: "linux",
        reserved: true,
        sku: { name: "S1", tier: "Standard" },
      });
      await make(SITE, "site", {
        resourceGroupName: "group",
        name: "secretsite",
        serverFarmId: `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.Web/serverfarms/plan`,
      });
      const settings = {
        resourceGroupName: "group",
        name: "secretsite",
        properties: { MODE: "fast", KEY: secret(CANARY) },
      };
      const made = await make(SETTINGS, "settings", settings);
      assert.equal((reveal(made.outputs.properties) as PropertyMap).KEY, CANARY);
      const updated = await provider.update(SETTINGS, "settings", made.id, made, {
        ...settings,
        properties: { KEY: secret(CANARY) },
      });
      const refreshed = await provider.read(SETTINGS, "settings", made.id, made);
      const imported = await provider.read(SETTINGS, "settings", made.id);
      for (const seen of [made.outputs, updated, refreshed, imported])
        assert.ok(!allText(seen).includes(CANARY));
      assert.equal((reveal(imported.inputs.properties) as PropertyMap).KEY, CANARY);
    });

    it("that Azure computes are marked", async () => {
      await make("azure-native:operationalinsights:Workspace", "logs", {
        resourceGroupName: "group",
        workspaceName: "logs-one",
      });
      const workspaceResourceId = `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.OperationalInsights/workspaces/logs-one`;
      const made = await make("azure-native:applicationinsights:Component", "ai", {
        resourceGroupName: "group",
        resourceName: "ai",
        kind: "web",
        applicationType: "web",
        workspaceResourceId,
      });
      assert.ok(isSecret(made.outputs.connectionString));
    });

    it("that are write-only survive a refresh as they were, and are not in an answer", async () => {
      await make(VAULT, "v", {
        resourceGroupName: "group",
        vaultName: "vaultsecrets",
        properties: {
          tenantId: "00000000-0000-4000-8000-0000000de001",
          sku: { family: "A", name: "standard" },
        },
      });
      const made = await make(SECRET, "s", {
        resourceGroupName: "group",
        vaultName: "vaultsecrets",
        secretName: "key",
        properties: { value: secret(CANARY) },
      });
      assert.ok(!JSON.stringify(made.outputs).includes(CANARY));
      const refreshed = await provider.read(SECRET, "s", made.id, made);
      assert.deepEqual(refreshed.inputs, made.inputs);
    });

    it("are not quoted by an error of the cloud", async () => {
      cloud.fault({ kind: "error", match: { method: "PUT", idPattern: "erroraccount" }, times: 99 });
      const { inputs } = await provider.check(
        STORAGE,
        "s",
        storage("erroraccount", { tags: { t: secret(CANARY) } }),
      );
      await assert.rejects(provider.create(STORAGE, "s", inputs, { timeoutSeconds: 0.2 }), (error: Error) => {
        assert.match(error.message, /gave up after 0.2 s.*500|500 InternalServerError/s);
        return !error.message.includes(CANARY);
      });
      cloud.cloud.faults.clear();
    });
  });

  describe("refresh and import", () => {
    it("reads back exactly the inputs of an untouched resource", async () => {
      const made = await make(
        STORAGE,
        "s",
        storage("cleanrefresh", { minimumTlsVersion: "TLS1_2", tags: { a: "1" } }),
      );
      const read = await provider.read(STORAGE, "s", made.id, made);
      assert.deepEqual(read.inputs, made.inputs);
      assert.equal((await provider.diff(STORAGE, "s", made.id, read.inputs, made.inputs)).changes, "none");
    });

    it("shows what was changed, added to a map, and taken away, and nothing that was never declared", async () => {
      const made = await make(
        STORAGE,
        "s",
        storage("drifted", { minimumTlsVersion: "TLS1_2", tags: { a: "1", b: "2" } }),
      );
      await cloud.call("PATCH", made.id, {
        tags: { a: "9", c: "3" },
        properties: { minimumTlsVersion: "TLS1_1", allowBlobPublicAccess: true },
      });
      const read = await provider.read(STORAGE, "s", made.id, made);
      const drift = await provider.diff(STORAGE, "s", made.id, read.inputs, made.inputs);
      assert.equal(read.inputs.minimumTlsVersion, "TLS1_1");
      assert.equal(read.inputs.allowBlobPublicAccess, undefined);
      assert.equal(drift.detailed.minimumTlsVersion, "UPDATE");
      assert.equal(drift.detailed["tags.a"], "UPDATE");
      assert.equal(drift.detailed["tags.c"], "DELETE");
    });

    it("merges a site's config/web into siteConfig, so that a change made there is drift", async () => {
      await make(PLAN, "plan2", { resourceGroupName: "group", name: "plan2", sku: { name: "S1" } });
      const made = await make(SITE, "site", {
        resourceGroupName: "group",
        name: "driftsite",
        serverFarmId: `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.Web/serverfarms/plan2`,
        siteConfig: { minTlsVersion: "1.2", http20Enabled: true },
      });
      assert.equal((made.outputs.siteConfig as PropertyMap).http20Enabled, true);
      assert.deepEqual((await provider.read(SITE, "site", made.id, made)).inputs, made.inputs);
      await cloud.call("PATCH", `${made.id}/config/web`, { properties: { minTlsVersion: "1.0" } });
      const read = await provider.read(SITE, "site", made.id, made);
      assert.deepEqual(read.inputs.siteConfig, { minTlsVersion: "1.0", http20Enabled: true });
    });

    it("makes inputs from the resource for an import, which pass the check and show no difference", async () => {
      const made = await make(STORAGE, "s", storage("imported", { tags: { a: "1" } }));
      const { inputs, id } = await provider.read(STORAGE, "s", made.id);
      assert.equal(id, made.id);
      assert.equal(inputs.primaryEndpoints, undefined);
      const checked = await provider.check(STORAGE, "s", inputs, { olds: inputs });
      assert.deepEqual(checked.failures, []);
      assert.equal((await provider.diff(STORAGE, "s", made.id, checked.inputs, made.inputs)).changes, "none");
    });

    it("refuses an id of another type with the form that it must have", async () => {
      await assert.rejects(
        provider.read(STORAGE, "s", `${SUBSCRIPTION}/resourceGroups/group`),
        /is not an id of azure-native:storage:StorageAccount; it must look like .*storageAccounts\/\{accountName\}/,
      );
    });
  });

  describe("create and delete", () => {
    it("refuses what another URN or somebody else made", async () => {
      const made = await make(STORAGE, "mine", storage("takenname"));
      await assert.rejects(
        provider.create(STORAGE, "other", made.inputs),
        /cannot create already existing resource '.*takenname'.*pulumi import/s,
      );
      await cloud.call("PUT", `${SUBSCRIPTION}/resourceGroups/byhand`, { location: "westeurope" });
      await assert.rejects(make(GROUP, "byhand", { resourceGroupName: "byhand" }), /already existing/);
    });

    it("takes over what a create of the same URN left behind", async () => {
      const made = await make(STORAGE, "again", storage("againaccount"));
      const again = await provider.create(STORAGE, "again", { ...made.inputs, accessTier: "Cool" });
      assert.equal(again.id, made.id);
      assert.equal(again.outputs.accessTier, "Cool");
    });

    it("names the lock that forbids a deletion", async () => {
      const made = await make(STORAGE, "locked", storage("lockedaccount"));
      const lock = await make(LOCK, "guard", {
        scope: made.id,
        lockName: "keep-data",
        level: "CanNotDelete",
      });
      await assert.rejects(
        provider.delete(STORAGE, "locked", made.id, made),
        /ScopeLocked.*lock: "keep-data" \(CanNotDelete\).*remove the lock/s,
      );
      await provider.delete(LOCK, "guard", lock.id, lock);
      await provider.delete(STORAGE, "locked", made.id, made);
      assert.equal(cloud.exists(made.id), false);
    });

    it("sets back to its defaults what always exists with its parent", async () => {
      await make(STORAGE, "blobs", storage("blobsaccount"));
      const made = await make("azure-native:storage:BlobServiceProperties", "blobs", {
        resourceGroupName: "group",
        accountName: "blobsaccount",
        blobServicesName: "default",
        deleteRetentionPolicy: { enabled: true, days: 7 },
      });
      await provider.delete("azure-native:storage:BlobServiceProperties", "blobs", made.id, made);
      const after = (await cloud.call("GET", made.id)) as {
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
      const made = await make(VAULT, "kept", vault);
      await provider.delete(VAULT, "kept", made.id, made);
      await assert.rejects(
        make(VAULT, "kept", vault),
        /cannot create .*409: ConflictError: .*already exists in deleted state/,
      );
    });

    it("tells of a parent that is not there", async () => {
      await assert.rejects(
        make(STORAGE, "orphan", { ...storage("orphanaccount"), resourceGroupName: "nowhere" }),
        /ResourceGroupNotFound/,
      );
    });
  });

  describe("functions", () => {
    it("answers getClientConfig without the cloud", async () => {
      const config = await provider.invoke("azure-native:authorization:getClientConfig");
      assert.equal(config.subscriptionId, "00000000-0000-4000-8000-0000000de000");
    });

    it("marks keys as secrets", async () => {
      await make(STORAGE, "keys", storage("keysaccount"));
      const { keys } = await provider.invoke("azure-native:storage:listStorageAccountKeys", {
        resourceGroupName: "group",
        accountName: "keysaccount",
      });
      assert.ok((keys as PropertyMap[]).every(({ value }) => isSecret(value)));
    });

    it("names the functions that it has when asked for another", async () => {
      await assert.rejects(
        provider.invoke("azure-native:web:getWebApp", {}),
        /does not have the function azure-native:web:getWebApp; it has /,
      );
    });
  });

  describe("plugin", () => {
    it("accepts secrets and autonaming, and says its version", async () => {
      assert.deepEqual(await provider.handshake(), {
        acceptSecrets: true,
        acceptResources: false,
        acceptOutputs: false,
        supportsAutonamingConfiguration: true,
      });
      assert.equal(await provider.pluginVersion(), "3.28.0");
    });

    it("never answers DIFF_NONE to DiffConfig, which would keep the previous run's settings", async () => {
      assert.equal(await provider.diffConfig("azure-native"), 0);
    });

    it("has a schema in which every type of the cloud stands", async () => {
      const { resources } = await provider.schema();
      assert.ok(Object.keys(resources as PropertyMap).includes(STORAGE));
    });

    it("passes on a property of more than 4 MB", async () => {
      const news = { resourceGroupName: "group", tags: { big: "x".repeat(4_300_000) } };
      assert.equal(
        JSON.stringify((await provider.check(GROUP, "big", news)).inputs.tags).length > 4_300_000,
        true,
      );
    });
  });
});
