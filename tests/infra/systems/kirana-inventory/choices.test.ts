import assert from "node:assert/strict";
import { kiranaInventory as contract } from "../../../../runbooks/kirana-inventory";
import type { Environment } from "../../../../runbooks/model";
import { ofType, settingsOf, single } from "../../support/query";
import { type Rendered, render } from "../../support/render";
import { renderedSystems } from "../../support/stack-rendering";
import { systemSettings } from "../../support/stack-settings";

const kiranaSettings = (environment: Environment, changes?: Readonly<Record<string, string>>) =>
  systemSettings(environment, ["kirana-inventory"], changes);

describe("the program of kirana-inventory", function () {
  // A rendering has about 110 resources; alone it takes half a second.
  this.timeout(60_000);
  let production: Rendered;
  let staging: Rendered;
  before(async () => {
    production = await renderedSystems("production", ["kirana-inventory"]);
    staging = await renderedSystems("staging", ["kirana-inventory"]);
  });

  describe("names and addresses", () => {
    it("of production are the runbook's own", () => {
      const { names, domains } = contract;
      assert.equal(single(production, "resources:ResourceGroup").resourceGroupName, names.resourceGroup);
      assert.equal(single(production, "cosmosdb:DatabaseAccount").accountName, names.cosmosAccount);
      assert.equal(single(production, "keyvault:Vault").vaultName, names.vault);
      assert.equal(single(production, "web:WebApp").name, names.functionApp);
      assert.equal(single(production, "web:StaticSite").name, names.staticSite);
      assert.equal(single(production, "web:WebAppHostNameBinding").hostName, domains.api);
      assert.equal(single(production, "web:StaticSiteCustomDomain").domainName, domains.app);
      assert.equal(single(production, "web:AppServicePlan").zoneRedundant, true);
    });

    it("of staging: the app is kirana-api-staging, the database is not production's", () => {
      assert.equal(single(staging, "web:WebApp").name, contract.names.stagingFunctionApp);
      assert.equal(single(staging, "cosmosdb:DatabaseAccount").accountName, "kirana-cosmosdb-staging");
    });
  });

  describe("what a stack may choose", () => {
    const thumbprint = "A".repeat(40);
    let chosen: Rendered;
    before(async () => {
      chosen = await render(
        kiranaSettings("production", {
          "kirana-inventory:apiCertificateThumbprint": thumbprint,
          "kirana-inventory:dnsZoneManagedBy": "external",
          "kirana-inventory:backgroundFunctions": '["nightly"]',
          "kirana-inventory:cdn": "true",
        }),
      );
    });

    it("a certificate that is there is bound by its thumbprint; before, the host is bound without one", () => {
      const before = single(production, "web:WebAppHostNameBinding");
      assert.equal(before.sslState, "Disabled");
      assert.ok(!("thumbprint" in before));
      const binding = single(chosen, "web:WebAppHostNameBinding");
      assert.equal(binding.thumbprint, thumbprint);
      assert.equal(binding.sslState, "SniEnabled");
    });

    it("the smallest plan has the tier that Azure gives its size", async () => {
      const small = await render(kiranaSettings("staging", { "kirana-inventory:planSize": "P0v3" }));
      const { name, tier } = single(small, "web:AppServicePlan").sku as { name: string; tier: string };
      assert.deepEqual([name, tier], ["P0v3", "Premium0V3"]);
      assert.equal((single(production, "web:AppServicePlan").sku as { tier: string }).tier, "PremiumV3");
    });

    it("a zone of somebody else gets no records here; they are an output", () => {
      assert.equal(ofType(production, "dns:Zone", "dns:RecordSet").length, 4);
      assert.equal(ofType(chosen, "dns:Zone", "dns:RecordSet").length, 0);
      const { kiranaInventory } = chosen.outputs as {
        kiranaInventory: { dns: { records: { host: string }[] } };
      };
      assert.deepEqual(
        kiranaInventory.dns.records.map(({ host }) => host),
        ["api.kirana.io", "asuid.api.kirana.io", "app.kirana.io"],
      );
    });

    it("background functions are off on the slot, on at the site, and their switches stay", () => {
      const name = "AzureWebJobs.nightly.Disabled";
      assert.equal(settingsOf(chosen, "web:WebAppApplicationSettings")[name], "false");
      assert.equal(settingsOf(chosen, "web:WebAppApplicationSettingsSlot")[name], "true");
      const sticky = single(chosen, "web:WebAppSlotConfigurationNames").appSettingNames as string[];
      assert.ok(sticky.includes(name));
    });

    it("the CDN is off unless a stack asks for it", () => {
      assert.equal(ofType(production, "cdn:Profile").length, 0);
      assert.equal(single(chosen, "cdn:Profile").profileName, contract.cdn.profile);
      assert.equal(single(chosen, "cdn:AFDEndpoint").endpointName, contract.cdn.endpoint);
    });
  });
});
