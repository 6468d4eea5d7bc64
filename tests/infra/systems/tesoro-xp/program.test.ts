import assert from "node:assert/strict";
import { halves } from "../../../../infra/systems/tesoro-xp/network";
import { preflightOf } from "../../../../release/plan/swap-preflight";
import { environments } from "../../../../runbooks/model";
import { tesoroXp as contract } from "../../../../runbooks/tesoro-xp";
import { ofType, settingsOf, single } from "../../support/query";
import { type Rendered, render } from "../../support/render";
import { renderedSystems } from "../../support/stack-rendering";
import { systemSettings } from "../../support/stack-settings";

// The mocks register what the program declares; whether Azure would take it is shown by tests/infra/local-cloud.

const protectedTypes = [
  "keyvault:Vault",
  "storage:StorageAccount",
  "storage:BlobContainer",
  "sql:Server",
  "sql:Database",
];

for (const environment of environments) {
  describe(`tesoro-xp in ${environment}`, function () {
    this.timeout(60_000);
    let rendered: Rendered;
    before(async () => {
      rendered = await renderedSystems(environment, ["tesoro-xp"]);
    });

    it("has the runbook's names, with the environment in the place of production (TES-025, TES-029)", () => {
      const inThis = (name: string) => name.replace("-production", `-${environment}`);
      assert.equal(
        single(rendered, "resources:ResourceGroup").resourceGroupName,
        inThis("tesoro-production-rg"),
      );
      assert.equal(
        single(rendered, "web:WebApp").name,
        inThis(`tesoro-production-app-${rendered.settings.bySystem["tesoro-xp"]?.appSuffix}`),
      );
      assert.equal(single(rendered, "sql:Server").serverName, inThis("tesoro-production-sql"));
      assert.equal(single(rendered, "sql:Database").databaseName, inThis("tesoro-production-db"));
      assert.equal(
        single(rendered, "applicationinsights:Component").resourceName,
        inThis("tesoro-production-ai"),
      );
      assert.equal(single(rendered, "keyvault:Vault").vaultName, inThis("tesoro-production-kv"));
      const account = single(rendered, "storage:StorageAccount").accountName;
      if (environment === "production") assert.equal(account, "tesoroprodst");
      else assert.match(String(account), /^tesorost(?:dev|staging)[0-9a-f]{8}$/);
      assert.equal(single(rendered, "storage:BlobContainer").containerName, "backups");
    });

    it(`${environment === "dev" ? "neither protects nor locks" : "protects and locks"} data stores and vault`, () => {
      const guarded = environment !== "dev";
      const stores = ofType(rendered, ...protectedTypes);
      assert.equal(stores.length, protectedTypes.length);
      for (const { name, protect } of stores) assert.equal(protect, guarded, name);
      const locked = ofType(rendered, "authorization:ManagementLockByScope").map(
        ({ inputs }) => String(inputs.scope).split("/providers/")[1]?.split("/")[0],
      );
      assert.deepEqual(
        locked.sort(),
        guarded ? ["Microsoft.KeyVault", "Microsoft.Sql", "Microsoft.Storage"] : [],
      );
    });

    it("leaves unlocked what a release makes beside the database and takes away (docs/adr/0154)", () => {
      const { serverName, databaseName } = single(rendered, "sql:Database");
      const copy = `/servers/${serverName}/databases/${databaseName}-export-abc`;
      for (const { name, inputs } of ofType(rendered, "authorization:ManagementLockByScope")) {
        const [, locked] = String(inputs.scope).split("/providers/Microsoft.Sql");
        assert.ok(locked === undefined || !`${copy}/`.startsWith(`${locked}/`), name);
      }
    });

    it("declares both sides alike, with the same settings but the sticky ones", () => {
      const { slot, name: _slotOf, ...slotInputs } = single(rendered, "web:WebAppSlot");
      const { name: _site, ...siteInputs } = single(rendered, "web:WebApp");
      assert.deepEqual(slotInputs, siteInputs);
      assert.equal(slot, "blue");
      const site = settingsOf(rendered, "web:WebAppApplicationSettings");
      const idle = settingsOf(rendered, "web:WebAppApplicationSettingsSlot");
      const sticky = single(rendered, "web:WebAppSlotConfigurationNames").appSettingNames as string[];
      assert.deepEqual(Object.keys(site).sort(), Object.keys(idle).sort());
      for (const name of Object.keys(site))
        assert.equal(site[name] === idle[name], !sticky.includes(name), name);
      const swap = preflightOf({ production: site, slot: idle, sticky });
      assert.deepEqual([swap.breaks, swap.moves, swap.restarts], [[], [], [...sticky].sort()]);
      assert.equal(site.WEBSITE_RUN_FROM_PACKAGE, "1");
      assert.ok(
        !Object.keys(site).some((name) => /^(?:AzureWebJobs|FUNCTIONS_)/.test(name)),
        "of a function app",
      );
    });

    it("puts a reference to the vault where the contract has a secret, and every secret into the vault", () => {
      const site = settingsOf(rendered, "web:WebAppApplicationSettings");
      const vault = String(single(rendered, "keyvault:Vault").vaultName);
      for (const secret of contract.secrets) {
        if (!("appSetting" in secret)) continue;
        assert.equal(
          site[secret.appSetting],
          `@Microsoft.KeyVault(SecretUri=https://${vault}.vault.azure.net/secrets/${secret.name})`,
        );
      }
      const written = ofType(rendered, "keyvault:Secret").map(({ inputs }) => String(inputs.secretName));
      assert.deepEqual(written.sort(), contract.secrets.map(({ name }) => name).sort());
    });

    it("keeps the database from the internet, audited, and restorable as the contract says", () => {
      const server = single(rendered, "sql:Server");
      assert.equal(server.publicNetworkAccess, "Disabled");
      assert.equal(server.administratorLogin, "sqladmin");
      assert.equal(single(rendered, "sql:ExtendedServerBlobAuditingPolicy").state, "Enabled");
      assert.equal(single(rendered, "sql:BackupShortTermRetentionPolicy").retentionDays, 30);
      assert.equal(single(rendered, "sql:LongTermRetentionPolicy").monthlyRetention, "P12M");
      assert.equal(single(rendered, "sql:TransparentDataEncryption").state, "Enabled");
      const { requestedBackupStorageRedundancy, zoneRedundant } = single(rendered, "sql:Database");
      assert.deepEqual(
        [requestedBackupStorageRedundancy, zoneRedundant],
        { dev: ["Local", false], staging: ["Geo", false], production: ["GeoZone", true] }[environment],
      );
    });

    it("renders every alert of the contract exactly once, with the groups of its channels", () => {
      const rules = ofType(rendered, "monitor:ScheduledQueryRule", "monitor:MetricAlert");
      assert.equal(rules.length, contract.alerts.length);
      for (const alert of contract.alerts) {
        const found = rules.filter(({ name }) => name === `tesoro-xp-alert-${alert.name}`);
        assert.equal(found.length, 1, alert.name);
        const actions = JSON.stringify(found[0]!.inputs.actions);
        assert.equal(actions.match(/actionGroups\//g)?.length, alert.channels.length, alert.name);
      }
      const incidents = single(rendered, "monitor:ActivityLogAlert");
      assert.match(JSON.stringify(incidents.condition), /"ServiceHealth"/);
      assert.match(String(incidents.description), /TES-027/);
    });

    it("lets the plan grow from what is declared to what the stack allows", () => {
      const { capacity } = single(rendered, "web:AppServicePlan").sku as { capacity: number };
      const [profile] = single(rendered, "monitor:AutoscaleSetting").profiles as {
        capacity: { minimum: string; maximum: string };
      }[];
      assert.equal(profile?.capacity.minimum, String(capacity));
      assert.ok(Number(profile?.capacity.maximum) > capacity);
    });

    it("gives site and slot an identity of its own and the same two roles, each on one resource", () => {
      const assignments = ofType(rendered, "authorization:RoleAssignment")
        .filter(({ name }) => /-(?:site|slot)-access-/.test(name))
        .map(({ inputs }) => inputs);
      assert.equal(assignments.length, 4);
      assert.equal(new Set(assignments.map(({ principalId }) => principalId)).size, 2);
    });

    it("declares each task as a job that only a release starts, with an identity that reads one secret", () => {
      const jobs = ofType(rendered, "app:Job").map(({ inputs }) => inputs);
      assert.deepEqual(
        jobs.map(({ tags }) => (tags as Record<string, string>).task).sort(),
        contract.tasks.map(({ name }) => name).sort(),
      );
      for (const job of jobs) {
        const { triggerType, replicaRetryLimit, secrets } = job.configuration as Record<string, unknown>;
        assert.deepEqual([triggerType, replicaRetryLimit], ["Manual", 0]);
        const [secret] = secrets as Record<string, string>[];
        assert.match(secret!.keyVaultUrl!, /\.vault\.azure\.net\/secrets\/sql-connection-string$/);
        assert.equal(secret!.value, undefined);
        assert.deepEqual((job.identity as Record<string, unknown>).userAssignedIdentities, [
          secret!.identity,
        ]);
        const tags = job.tags as Record<string, string>;
        assert.equal(tags["local-job"] !== undefined, environment === "dev");
      }
      const grants = ofType(rendered, "authorization:RoleAssignment").filter(({ name }) =>
        contract.tasks.some((task) => name.startsWith(`tesoro-xp-${task.name}-`)),
      );
      const scopes = grants.map(({ name, inputs }) => [
        name.replace("tesoro-xp-", ""),
        String(inputs.scope).split("/").slice(-2).join("/"),
      ]);
      assert.deepEqual(scopes.sort(), [
        ["ask-database-access-keyVaultSecretsUser", "secrets/sql-connection-string"],
        ["export-database-access-keyVaultSecretsUser", "secrets/sql-connection-string"],
        ["export-database-access-storageBlobDataContributor", "containers/backups"],
        ["migration-runner-access-keyVaultSecretsUser", "secrets/sql-connection-string"],
      ]);
    });

    it("runs them in a subnet of their own, which vault and storage admit", () => {
      const { infrastructureSubnetId: subnet, internal } = single(rendered, "app:ManagedEnvironment")
        .vnetConfiguration as Record<string, unknown>;
      assert.match(String(subnet), /\/subnets\/tasks$/);
      assert.equal(internal, true);
      for (const type of ["keyvault:Vault", "storage:StorageAccount"])
        assert.ok(JSON.stringify(single(rendered, type)).includes(String(subnet)), type);
    });

    it("tells a release where its tasks are", () => {
      const { release } = rendered.outputs.tesoroXp as { release: { tasks: Record<string, string> } };
      assert.deepEqual(Object.keys(release.tasks).sort(), contract.tasks.map(({ name }) => name).sort());
      for (const id of Object.values(release.tasks)) assert.match(id, /\/providers\/Microsoft\.App\/jobs\//);
    });

    it("exports what a release needs, and no live fact", () => {
      const { tesoroXp } = rendered.outputs as { tesoroXp: Record<string, unknown> };
      assert.deepEqual(Object.keys(tesoroXp).sort(), [
        "app",
        "backups",
        "contacts",
        "database",
        "monitoring",
        "release",
        "resourceGroupId",
        "vault",
      ]);
    });
  });
}

describe("what a stack of tesoro-xp may choose", function () {
  this.timeout(60_000);

  it("whether sqladmin signs in with its password", async () => {
    const signIn = async (changes: Readonly<Record<string, string>>) =>
      single(
        await render(systemSettings("staging", ["tesoro-xp"], changes)),
        "sql:ServerAzureADOnlyAuthentication",
      ).azureADOnlyAuthentication;
    assert.equal(await signIn({}), false);
    assert.equal(await signIn({ "tesoro-xp:sqlPasswordSignIn": "false" }), true);
  });

  it("a network of any size, of which the app gets a half, endpoints and tasks a quarter each", () => {
    assert.deepEqual(halves("10.41.0.0/24"), ["10.41.0.0/25", "10.41.0.128/25"]);
    assert.deepEqual(halves("10.41.240.0/20"), ["10.41.240.0/21", "10.41.248.0/21"]);
  });
});
