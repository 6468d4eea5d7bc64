import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname } from "node:path";
import { type NamedKind, nameFault } from "../../infra/naming";
import { environments } from "../../runbooks/model";
import { goldenFile, goldenTexts } from "./support/golden";
import { azurePrefix, ofType } from "./support/query";
import type { Rendered } from "./support/render";
import { textsInClear } from "./support/secrets";
import { renderedStack } from "./support/stack-rendering";
import { canary } from "./support/stack-settings";

// The mocks register what the program declares; whether Azure would take it, and what an update does, is shown by the
// engine tests.

/** Types whose API has no tags. */
const untaggable = [
  "authorization:ManagementLockByScope",
  "authorization:PolicyAssignment",
  "authorization:RoleAssignment",
  "cdn:AFDCustomDomain",
  "cdn:AFDOrigin",
  "cdn:AFDOriginGroup",
  "cdn:Route",
  "cdn:Rule",
  "cdn:RuleSet",
  "cdn:SecurityPolicy",
  "consumption:Budget",
  "containerservice:AgentPool",
  "containerservice:MaintenanceConfiguration",
  "cosmosdb:SqlResourceSqlRoleAssignment",
  "cosmosdb:SqlResourceSqlRoleDefinition",
  "dbforpostgresql:AdministratorsMicrosoftEntra",
  "dbforpostgresql:Configuration",
  "dbforpostgresql:Database",
  "dns:RecordSet",
  "managedidentity:FederatedIdentityCredential",
  "monitor:DataCollectionRuleAssociation",
  "monitor:DiagnosticSetting",
  "network:PrivateDnsZoneGroup",
  "network:Subnet",
  "redisenterprise:AccessPolicyAssignment",
  "redisenterprise:Database",
  "security:Pricing",
  "sql:BackupShortTermRetentionPolicy",
  "sql:ExtendedServerBlobAuditingPolicy",
  "sql:LongTermRetentionPolicy",
  "sql:ServerAzureADAdministrator",
  "sql:ServerAzureADOnlyAuthentication",
  "sql:TransparentDataEncryption",
  "storage:BlobContainer",
  "storage:BlobServiceProperties",
  "storage:ManagementPolicy",
  "web:StaticSiteCustomDomain",
  "web:WebAppApplicationSettings",
  "web:WebAppApplicationSettingsSlot",
  "web:WebAppFtpAllowed",
  "web:WebAppFtpAllowedSlot",
  "web:WebAppHostNameBinding",
  "web:WebAppScmAllowed",
  "web:WebAppScmAllowedSlot",
  "web:WebAppSlotConfigurationNames",
];
/** Where each type's name stands, and which rule it must keep. */
const namedBy: Readonly<Record<string, readonly [input: string, kind: NamedKind]>> = {
  "applicationinsights:Component": ["resourceName", "applicationInsights"],
  "applicationinsights:WebTest": ["webTestName", "webTest"],
  "cdn:Profile": ["profileName", "edgeProfile"],
  "consumption:Budget": ["budgetName", "budget"],
  "containerregistry:Registry": ["registryName", "registry"],
  "containerservice:ManagedCluster": ["resourceName", "cluster"],
  "cosmosdb:DatabaseAccount": ["accountName", "cosmosAccount"],
  "dashboard:Grafana": ["workspaceName", "grafana"],
  "dbforpostgresql:Server": ["serverName", "postgresServer"],
  "frontdoor:Policy": ["policyName", "firewallPolicy"],
  "keyvault:Vault": ["vaultName", "vault"],
  "logic:Workflow": ["workflowName", "workflow"],
  "managedidentity:UserAssignedIdentity": ["resourceName", "identity"],
  "mongocluster:MongoCluster": ["mongoClusterName", "mongoCluster"],
  "monitor:ActionGroup": ["actionGroupName", "actionGroup"],
  "monitor:ActivityLogAlert": ["activityLogAlertName", "alertRule"],
  "monitor:AutoscaleSetting": ["autoscaleSettingName", "autoscale"],
  "monitor:AzureMonitorWorkspace": ["azureMonitorWorkspaceName", "monitorWorkspace"],
  "monitor:DataCollectionEndpoint": ["dataCollectionEndpointName", "dataCollection"],
  "monitor:DataCollectionRule": ["dataCollectionRuleName", "dataCollection"],
  "monitor:MetricAlert": ["ruleName", "alertRule"],
  "monitor:ScheduledQueryRule": ["ruleName", "alertRule"],
  "network:NetworkSecurityGroup": ["networkSecurityGroupName", "networkSecurityGroup"],
  "network:PrivateEndpoint": ["privateEndpointName", "privateEndpoint"],
  "network:Subnet": ["subnetName", "subnet"],
  "network:VirtualNetwork": ["virtualNetworkName", "virtualNetwork"],
  "operationalinsights:Workspace": ["workspaceName", "workspace"],
  "redisenterprise:RedisEnterprise": ["clusterName", "redisCache"],
  "resources:ResourceGroup": ["resourceGroupName", "resourceGroup"],
  "sql:Database": ["databaseName", "sqlDatabase"],
  "sql:Server": ["serverName", "sqlServer"],
  "storage:StorageAccount": ["accountName", "storageAccount"],
  "web:AppServicePlan": ["name", "plan"],
  "web:StaticSite": ["name", "staticSite"],
  "web:WebApp": ["name", "webApp"],
  "web:WebAppSlot": ["slot", "slot"],
};

for (const environment of environments) {
  describe(`the program of ${environment}`, function () {
    // One rendering of all systems, for every file of tests/infra/ together.
    this.timeout(60_000);
    let rendered: Rendered;
    before(async () => {
      rendered = await renderedStack(environment);
    });

    it("is what its golden files say (npm run golden:update, when a change is meant)", () => {
      const texts = goldenTexts(rendered);
      const files = readdirSync(dirname(goldenFile(environment, "any")));
      assert.deepEqual([...texts.keys()].map((system) => `${system}.json`).sort(), files.sort());
      for (const [system, text] of texts) {
        assert.equal(text, readFileSync(goldenFile(environment, system), "utf8"), system);
      }
    });

    it("writes an app's settings, which name secrets, once its identity may read them", () => {
      for (const [type, side] of [
        ["web:WebAppApplicationSettings", "site"],
        ["web:WebAppApplicationSettingsSlot", "slot"],
      ] as const) {
        const settings = ofType(rendered, type);
        assert.equal(settings.length, 2, type);
        for (const { name, dependsOn } of settings) {
          const system = name.replace(/-(?:api|app)-.*$/, "");
          const access = `${system}-${side}-access`;
          const grants = rendered.resources.filter(({ parent }) => parent === access);
          assert.ok(
            grants.some((grant) => grant.name === `${access}-keyVaultSecretsUser`),
            access,
          );
          for (const grant of grants) assert.ok(dependsOn.includes(grant.name), `${name}: ${grant.name}`);
        }
      }
    });

    it("lets the machine that releases run on into every vault and storage account (docs/adr/0155)", () => {
      const { runnerNetworks = [] } = rendered.settings;
      assert.equal(runnerNetworks.length > 0, environment !== "dev");
      const vaults = ofType(rendered, "keyvault:Vault").map(({ name, inputs }) => {
        const { networkAcls } = inputs.properties as { networkAcls: { ipRules: { value: string }[] } };
        return [name, networkAcls.ipRules.map(({ value }) => value.replace(/\/32$/, ""))];
      });
      const accounts = ofType(rendered, "storage:StorageAccount").map(({ name, inputs }) => {
        const { ipRules } = inputs.networkRuleSet as { ipRules: { iPAddressOrRange: string }[] };
        return [name, ipRules.map(({ iPAddressOrRange }) => iPAddressOrRange)];
      });
      assert.ok(vaults.length >= 6 && accounts.length >= 6);
      for (const [name, ranges] of [...vaults, ...accounts])
        assert.deepEqual(ranges, runnerNetworks, String(name));
    });

    it("gives every resource a parent within the system's component, and no two the same name", () => {
      const names = new Set(rendered.resources.map(({ name }) => name));
      const orphans = rendered.resources.filter(
        ({ parent, type }) =>
          !parent && !type.startsWith("switchyard:systems:") && type !== "pulumi:pulumi:Stack",
      );
      assert.deepEqual(
        orphans.map(({ urn }) => urn),
        [],
      );
      assert.equal(new Set(rendered.resources.map(({ urn }) => urn)).size, rendered.resources.length);
      for (const { name, parent } of rendered.resources) {
        if (parent) assert.ok(names.has(parent), `${parent}, parent of ${name}`);
      }
    });

    it("tags everything that can carry tags with system, environment, owner, cost centre and classification", () => {
      const wanted = [
        "system",
        "environment",
        "stack",
        "owner",
        "costCenter",
        "managedBy",
        "dataClassification",
      ];
      for (const { type, name, inputs } of rendered.resources) {
        if (!type.startsWith(azurePrefix) || untaggable.includes(type.slice(azurePrefix.length))) continue;
        const tags = inputs.tags as Record<string, string> | undefined;
        for (const tag of wanted) assert.ok(tags?.[tag], `${tag} of ${name}`);
        assert.equal(tags?.environment, environment);
      }
    });

    it("keeps to Azure's rules for names", () => {
      for (const { type, inputs } of rendered.resources) {
        const [input, kind] = namedBy[type.slice(azurePrefix.length)] ?? [];
        if (input && kind) assert.equal(nameFault(kind, String(inputs[input])), undefined);
        if (String(inputs.kind).startsWith("functionapp") && inputs.slot === undefined)
          assert.equal(nameFault("functionApp", String(inputs.name)), undefined);
      }
    });

    it("declares nothing that decides about traffic, and ignores no change of a site", () => {
      for (const { name, inputs, ignoreChanges } of ofType(rendered, "web:WebApp", "web:WebAppSlot")) {
        const site = inputs.siteConfig as Record<string, unknown>;
        for (const field of ["experiments", "autoSwapSlotName", "appSettings", "connectionStrings"]) {
          assert.ok(!(field in site), `${field} of ${name}`);
        }
        assert.deepEqual(ignoreChanges, [], name);
      }
    });

    it("holds no secret in clear, in no input of any resource", () => {
      const leaks = rendered.resources.flatMap(({ urn, inputs }) =>
        textsInClear(inputs)
          .filter(({ text }) => text.includes(canary))
          .map(({ path }) => `${urn} ${path}`),
      );
      assert.deepEqual(leaks, []);
      const anywhere = rendered.resources.filter(({ inputs }) => JSON.stringify(inputs).includes(canary));
      assert.ok(anywhere.length > 0, "the canaries were used at all");
    });

    it("sends no alias: none of its own, and those of Azure's old API versions are dropped", () => {
      for (const { urn, aliases } of rendered.resources) assert.equal(aliases, 0, urn);
    });
  });
}
