import assert from "node:assert/strict";
import { type PropertyMap, secret, UNKNOWN } from "../../../plugin-server/values/property";
import { Bench, CANARY, GROUP, type Made, ROLE, STORAGE, storage, VAULT } from "./support/bench";
import { SUBSCRIPTION } from "./support/local-cloud";

/** The executable, driven over gRPC as the engine drives it, against the embedded cloud. */
describe("azure-native stand-in: what a preview asks", () => {
  const bench = new Bench("spawn");

  it("makes, reads, changes and deletes a resource", async () => {
    const made = await bench.make(GROUP, "first", { resourceGroupName: "first" });
    assert.equal(made.id, `${SUBSCRIPTION}/resourceGroups/first`);
    assert.equal(made.outputs.location, "westeurope");
    assert.deepEqual((await bench.provider.read(GROUP, "first", made.id, made)).inputs, made.inputs);
    const news = { ...made.inputs, tags: { team: "kirana" } };
    assert.deepEqual((await bench.diff(GROUP, made, news)).detailed, { "tags.team": "ADD" });
    assert.deepEqual((await bench.provider.update(GROUP, "first", made.id, made, news)).tags, {
      team: "kirana",
    });
    await bench.provider.delete(GROUP, "first", made.id);
    assert.equal((await bench.provider.read(GROUP, "first", made.id, made)).id, "");
    await bench.provider.delete(GROUP, "first", made.id);
  });

  describe("names", () => {
    const news = { resourceGroupName: "group", kind: "StorageV2", sku: { name: "Standard_LRS" } };

    it("appends eight hex digits to the logical name, and keeps the name over later runs", async () => {
      const first = await bench.provider.check(STORAGE, "data", news, { seed: 1 });
      assert.match(String(first.inputs.accountName), /^data[0-9a-f]{8}$/);
      const next = await bench.provider.check(STORAGE, "data", news, { seed: 2, olds: first.inputs });
      assert.equal(next.inputs.accountName, first.inputs.accountName);
    });

    it("takes another name for the second check of a replacement, whose old inputs are empty", async () => {
      const [one, two] = [
        await bench.provider.check(STORAGE, "data", news, { seed: 1 }),
        await bench.provider.check(STORAGE, "data", news, { seed: 2 }),
      ];
      assert.notEqual(one.inputs.accountName, two.inputs.accountName);
    });

    it("respects the stack's autonaming: a pattern, a name as it is, and none", async () => {
      const pattern = { proposedName: "patterned1", mode: 0 };
      assert.equal(
        (await bench.provider.check(STORAGE, "data", news, { autonaming: pattern })).inputs.accountName,
        "patterned1",
      );
      const verbatim = { proposedName: "data", mode: 1 };
      assert.equal(
        (await bench.provider.check(STORAGE, "data", news, { autonaming: verbatim })).inputs.accountName,
        "data",
      );
      const { failures } = await bench.provider.check(STORAGE, "data", news, {
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
        (await bench.provider.check(ROLE, name, role, { seed })).inputs.roleAssignmentName;
      assert.match(String(await nameOf("a", 1)), /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/);
      assert.equal(await nameOf("a", 1), await nameOf("a", 2));
      assert.notEqual(await nameOf("a", 1), await nameOf("b", 1));
    });
  });

  describe("check", () => {
    it("refuses what Azure would refuse, with every fault's path", async () => {
      const { failures } = await bench.provider.check(STORAGE, "s", {
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
      const { failures } = await bench.provider.check(STORAGE, "s", {
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
      const { inputs, failures } = await bench.provider.check(STORAGE, "s", news);
      assert.deepEqual(failures, []);
      assert.deepEqual(inputs.tags, { token: secret(CANARY), later: UNKNOWN });
    });

    it("names the types that it has when asked for another", async () => {
      await assert.rejects(
        bench.provider.check("azure-native:web:Nonesuch", "x", {}),
        /does not have the type azure-native:web:Nonesuch; it has .*web:WebApp/,
      );
    });
  });

  describe("preview", () => {
    it("knows what the inputs say, and neither the id nor what Azure computes", async () => {
      const { inputs } = await bench.provider.check(
        STORAGE,
        "s",
        storage("s1storage", { identity: { type: "SystemAssigned" } }),
      );
      const { id, outputs } = await bench.provider.create(STORAGE, "s", inputs, { preview: true });
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
        bench.cloud.exists(
          `${SUBSCRIPTION}/resourceGroups/group/providers/Microsoft.Storage/storageAccounts/s1storage`,
        ),
        false,
      );
    });

    it("keeps old outputs in the preview of an update where nothing that they hang on changes", async () => {
      const made = await bench.make(STORAGE, "s", storage("previewupdate"));
      const outputs = await bench.provider.update(
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
      made = await bench.make(
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
      assert.deepEqual((await bench.diff(STORAGE, made, news)).detailed, {
        'tags["a.b"]': "UPDATE",
        "tags.plain": "DELETE",
        "networkRuleSet.ipRules[0].iPAddressOrRange": "UPDATE",
        "networkRuleSet.ipRules[1].iPAddressOrRange": "ADD",
      });
    });

    it("replaces for what cannot be changed, the old one first when the name is fixed", async () => {
      const result = await bench.diff(STORAGE, made, { ...made.inputs, location: "northeurope" });
      assert.deepEqual(result.detailed, { location: "UPDATE_REPLACE" });
      assert.deepEqual(result.replaces, ["location"]);
      assert.equal(result.deleteBeforeReplace, true);
    });

    it("replaces beside the old one when the name is made anew, or differs", async () => {
      const renamed = await bench.diff(STORAGE, made, { ...made.inputs, accountName: "anothername" });
      assert.deepEqual([renamed.replaces, renamed.deleteBeforeReplace], [["accountName"], false]);
      const { accountName: _, ...unnamed } = made.inputs;
      const auto = await bench.make(STORAGE, "auto", unnamed);
      const { inputs } = await bench.provider.check(
        STORAGE,
        "auto",
        { ...unnamed, location: "northeurope" },
        { olds: auto.inputs, seed: 9 },
      );
      const replaced = await bench.diff(STORAGE, auto, inputs);
      assert.deepEqual([replaced.replaces, replaced.deleteBeforeReplace], [["location"], false]);
    });

    it("deletes first when the new id is not known yet", async () => {
      const result = await bench.diff(STORAGE, made, { ...made.inputs, resourceGroupName: UNKNOWN });
      assert.deepEqual(result.detailed, { resourceGroupName: "UPDATE_REPLACE" });
      assert.equal(result.deleteBeforeReplace, true);
    });

    it("takes a default for absence, one spelling of a region for another, and a secret for its value", async () => {
      const vault = {
        resourceGroupName: "group",
        vaultName: "vaultdiff",
        properties: { tenantId: "t", sku: { family: "A", name: "standard" } },
      };
      const { inputs } = await bench.provider.check(VAULT, "v", vault);
      const spelled = {
        ...inputs,
        location: "West Europe",
        properties: { ...vault.properties, enableSoftDelete: true, tenantId: secret("t") },
      };
      const result = await bench.provider.diff(VAULT, "v", "/x", inputs, spelled);
      assert.equal(result.changes, "none");
    });

    it("shows nothing where ignoreChanges put the old value back", async () => {
      assert.equal((await bench.diff(STORAGE, made, { ...made.inputs })).changes, "none");
    });
  });

  describe("plugin", () => {
    it("accepts secrets and autonaming, and says its version", async () => {
      assert.deepEqual(await bench.provider.handshake(), {
        acceptSecrets: true,
        acceptResources: false,
        acceptOutputs: false,
        supportsAutonamingConfiguration: true,
      });
      assert.equal(await bench.provider.pluginVersion(), "3.28.0");
    });

    it("never answers DIFF_NONE to DiffConfig, which would keep the previous run's settings", async () => {
      assert.equal(await bench.provider.diffConfig("azure-native"), 0);
    });

    it("has a schema in which every type of the cloud stands", async () => {
      const { resources } = await bench.provider.schema();
      assert.ok(Object.keys(resources as PropertyMap).includes(STORAGE));
    });

    it("passes on a property of more than 4 MB", async () => {
      const news = { resourceGroupName: "group", tags: { big: "x".repeat(4_300_000) } };
      assert.equal(
        JSON.stringify((await bench.provider.check(GROUP, "big", news)).inputs.tags).length > 4_300_000,
        true,
      );
    });
  });
});
