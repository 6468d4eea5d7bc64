import assert from "node:assert/strict";
import { preflightOf } from "../../../../release/plan/swap-preflight";
import { kiranaInventory as contract } from "../../../../runbooks/kirana-inventory";
import { environments } from "../../../../runbooks/model";
import { ofType, settingsOf, single } from "../../support/query";
import type { Rendered } from "../../support/render";
import { renderedSystems } from "../../support/stack-rendering";

// The mocks register what the program declares; whether Azure would take it, and what an update does, is shown by the
// engine tests.

const dataStores = [
  "cosmosdb:DatabaseAccount",
  "cosmosdb:SqlResourceSqlDatabase",
  "cosmosdb:SqlResourceSqlContainer",
  "keyvault:Vault",
  "storage:StorageAccount",
  "storage:BlobContainer",
];
const locked = ["cosmosdb:DatabaseAccount", "keyvault:Vault", "storage:StorageAccount"];
for (const environment of environments) {
  describe(`kirana-inventory in ${environment}`, function () {
    this.timeout(60_000);
    let rendered: Rendered;
    before(async () => {
      rendered = await renderedSystems(environment, ["kirana-inventory"]);
    });

    it(`${environment === "dev" ? "neither protects nor locks" : "protects and locks"} data stores and vault`, () => {
      const guarded = environment !== "dev";
      for (const { name, protect } of ofType(rendered, ...dataStores)) assert.equal(protect, guarded, name);
      const scopes = ofType(rendered, "authorization:ManagementLockByScope").map(({ inputs }) => {
        assert.equal(inputs.level, "CanNotDelete");
        return String(inputs.scope).split("/providers/")[1]?.split("/")[0];
      });
      assert.deepEqual(
        scopes.sort(),
        guarded ? ["Microsoft.DocumentDB", "Microsoft.KeyVault", "Microsoft.Storage"] : [],
      );
      assert.equal(ofType(rendered, ...locked).length, locked.length);
    });

    it("declares both sides alike except for their names", () => {
      const { slot, name: _slotOf, ...slotInputs } = single(rendered, "web:WebAppSlot");
      const { name: _site, ...siteInputs } = single(rendered, "web:WebApp");
      assert.deepEqual(slotInputs, siteInputs);
      assert.equal(slot, contract.functionApp.slot);
    });

    it("gives both sides the same settings except the sticky ones, which both have", () => {
      const site = settingsOf(rendered, "web:WebAppApplicationSettings");
      const slot = settingsOf(rendered, "web:WebAppApplicationSettingsSlot");
      const sticky = single(rendered, "web:WebAppSlotConfigurationNames").appSettingNames as string[];
      assert.deepEqual(Object.keys(site).sort(), Object.keys(slot).sort());
      for (const name of Object.keys(site)) {
        if (sticky.includes(name)) continue;
        assert.equal(slot[name], site[name], name);
      }
      assert.ok(sticky.length > 0 && sticky.every((name) => name in site));
      const swap = preflightOf({ production: site, slot, sticky });
      assert.deepEqual([swap.breaks, swap.moves, swap.restarts], [[], [], [...sticky].sort()]);
    });

    it("puts a reference to the vault where the contract has a secret, and runs from the package", () => {
      const site = settingsOf(rendered, "web:WebAppApplicationSettings");
      const vault = String(single(rendered, "keyvault:Vault").vaultName);
      for (const secret of contract.secrets) {
        if (!("appSetting" in secret)) continue;
        assert.equal(
          site[secret.appSetting],
          `@Microsoft.KeyVault(SecretUri=https://${vault}.vault.azure.net/secrets/${secret.name})`,
        );
      }
      assert.equal(site.WEBSITE_RUN_FROM_PACKAGE, "1");
      assert.equal(site.WEBSITE_SWAP_WARMUP_PING_STATUSES, contract.functionApp.warmUpStatuses.join(","));
      assert.equal(site.DAILY_BUDGET_CAP, String(contract.llmBudget.dailyCapUsd));
    });

    it("writes every secret of the contract into the vault, encrypted on its way", () => {
      const written = ofType(rendered, "keyvault:Secret").map(({ inputs }) => String(inputs.secretName));
      assert.deepEqual(written.sort(), contract.secrets.map(({ name }) => name).sort());
    });

    it("renders every alert of the contract exactly once, with its threshold and the groups of its channels", () => {
      const rules = ofType(rendered, "monitor:ScheduledQueryRule", "monitor:MetricAlert");
      assert.equal(rules.length, contract.alerts.length);
      for (const alert of contract.alerts) {
        const found = rules.filter(({ name }) => name === `kirana-inventory-alert-${alert.name}`);
        assert.equal(found.length, 1, alert.name);
        const { inputs } = found[0]!;
        assert.equal(inputs.severity, alert.severity, alert.name);
        const actions = JSON.stringify(inputs.actions);
        assert.equal(actions.match(/actionGroups\//g)?.length, alert.channels.length, alert.name);
        for (const id of alert.ids)
          assert.ok(String(inputs.description).includes(id), `${id} in ${alert.name}`);
        if (alert.kind === "availability") continue;
        const criteria = inputs.criteria as { allOf: { threshold: number; operator: string }[] };
        assert.deepEqual(
          criteria.allOf.map(({ threshold, operator }) => ({ threshold, operator })),
          [{ threshold: alert.threshold, operator: alert.operator }],
          alert.name,
        );
      }
    });

    it("gives site and slot an identity of its own and the same least roles, each on one resource", () => {
      const assignments = ofType(rendered, "authorization:RoleAssignment").map(({ inputs }) => inputs);
      const rolesOf = (principal: string) =>
        assignments
          .filter(({ principalId }) => principalId === `principal of kirana-inventory-api-${principal}`)
          .map(({ roleDefinitionId, scope }) => `${String(roleDefinitionId)} on ${String(scope)}`)
          .sort();
      assert.equal(rolesOf("site").length, 5);
      assert.deepEqual(rolesOf("slot"), rolesOf("site"));
      assert.equal(assignments.length, 10);
      assert.equal(new Set(assignments.map(({ roleAssignmentName }) => roleAssignmentName)).size, 10);
      for (const { scope } of assignments)
        assert.match(String(scope), /\/providers\/Microsoft\.[A-Za-z]+\/[A-Za-z]+\/[\w-]+$/);
    });

    it("sends diagnostics of account, vault, site, slot and storage to the workspace", () => {
      const observed = ofType(rendered, "monitor:DiagnosticSetting").map(({ inputs }) => {
        assert.match(String(inputs.workspaceId), /Microsoft\.OperationalInsights\/workspaces/);
        return String(inputs.resourceUri).split("/providers/")[1]!;
      });
      for (const part of [
        "databaseAccounts/",
        "vaults/",
        "sites/",
        "/slots/",
        "storageAccounts/",
        "workflows/",
      ]) {
        assert.ok(
          observed.some((uri) => uri.includes(part)),
          part,
        );
      }
    });

    it("exports what a release needs, and no live fact", () => {
      const { kiranaInventory } = rendered.outputs as { kiranaInventory: Record<string, unknown> };
      assert.deepEqual(Object.keys(kiranaInventory).sort(), [
        "api",
        "apiCertificateThumbprint",
        "app",
        "appDeploymentToken",
        "contacts",
        "database",
        "dns",
        "monitoring",
        "release",
        "resourceGroupId",
        "storage",
        "vault",
      ]);
      const { app } = kiranaInventory as { app: { buildVariables: Record<string, string> } };
      assert.deepEqual(Object.keys(app.buildVariables).sort(), [...contract.frontend.buildVariables].sort());
    });
  });
}
