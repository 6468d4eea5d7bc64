import assert from "node:assert/strict";
import { byToken, validateInputs } from "../../../local/cloud/resource-types";
import { isBalanced } from "../../../local/cloud/resource-types/rows/prometheus";
import { cluster, firewall, type Inputs, mongo, pool, redis, rules, server } from "./cluster-inputs";

/** What is changed in inputs that are right, and the one path that Azure then refuses. */
const breaks: readonly [token: string, right: Inputs, change: Inputs, path: string][] = [
  ["containerservice:ManagedCluster", cluster, { aadProfile: undefined }, "disableLocalAccounts"],
  ["containerservice:ManagedCluster", cluster, { agentPoolProfiles: [] }, "agentPoolProfiles"],
  ["containerservice:ManagedCluster", cluster, { dnsPrefix: undefined }, "dnsPrefix"],
  [
    "containerservice:ManagedCluster",
    cluster,
    { oidcIssuerProfile: undefined },
    "securityProfile.workloadIdentity.enabled",
  ],
  ["containerservice:AgentPool", pool, { minCount: 4 }, "minCount"],
  ["containerservice:AgentPool", pool, { maxCount: undefined }, "maxCount"],
  ["containerservice:AgentPool", pool, { count: 9 }, "count"],
  ["containerservice:AgentPool", pool, { mode: "System", minCount: 0 }, "minCount"],
  ["containerservice:AgentPool", pool, { vmSize: undefined }, "vmSize"],
  ["containerservice:AgentPool", pool, { agentPoolName: "Work-1" }, "agentPoolName"],
  ["dbforpostgresql:Server", server, { administratorLoginPassword: undefined }, "administratorLoginPassword"],
  ["dbforpostgresql:Server", server, { administratorLogin: "postgres_is_fine" }, ""],
  ["dbforpostgresql:Server", server, { administratorLogin: "admin" }, "administratorLogin"],
  [
    "dbforpostgresql:Server",
    server,
    { authConfig: { passwordAuth: "Disabled", activeDirectoryAuth: "Disabled" } },
    "authConfig",
  ],
  [
    "dbforpostgresql:Server",
    server,
    {
      authConfig: { passwordAuth: "Disabled", activeDirectoryAuth: "Enabled" },
      administratorLogin: undefined,
      administratorLoginPassword: undefined,
    },
    "",
  ],
  ["dbforpostgresql:Server", server, { backup: { backupRetentionDays: 90 } }, "backup.backupRetentionDays"],
  ["dbforpostgresql:Server", server, { sku: { name: "Standard_B1ms", tier: "GeneralPurpose" } }, "sku.name"],
  [
    "dbforpostgresql:Server",
    server,
    { sku: { name: "Standard_B1ms", tier: "Burstable" }, highAvailability: { mode: "ZoneRedundant" } },
    "highAvailability.mode",
  ],
  [
    "dbforpostgresql:Server",
    server,
    { network: { delegatedSubnetResourceId: "/s" } },
    "network.privateDnsZoneArmResourceId",
  ],
  [
    "alertsmanagement:PrometheusRuleGroup",
    rules,
    { rules: [{ alert: "A", expression: "rate(x[5m]" }] },
    "rules[0].expression",
  ],
  [
    "alertsmanagement:PrometheusRuleGroup",
    rules,
    { rules: [{ alert: "A", expression: " " }] },
    "rules[0].expression",
  ],
  ["alertsmanagement:PrometheusRuleGroup", rules, { rules: [{ expression: "up" }] }, "rules[0].alert"],
  [
    "alertsmanagement:PrometheusRuleGroup",
    rules,
    { rules: [{ record: "a:b", expression: "up", severity: 1 }] },
    "rules[0].severity",
  ],
  [
    "alertsmanagement:PrometheusRuleGroup",
    rules,
    { rules: [{ alert: "A", expression: "up", for: "5m" }] },
    "rules[0].for",
  ],
  ["alertsmanagement:PrometheusRuleGroup", rules, { interval: "PT30M" }, "interval"],
  ["alertsmanagement:PrometheusRuleGroup", rules, { scopes: ["/subscriptions/s"] }, "scopes"],
  [
    "alertsmanagement:PrometheusRuleGroup",
    rules,
    { rules: Array.from({ length: 21 }, (_, index) => ({ alert: `A${index}`, expression: "up" })) },
    "rules",
  ],
  [
    "frontdoor:Policy",
    firewall,
    { managedRules: { managedRuleSets: [managed("2.1")] }, sku: { name: "Standard_AzureFrontDoor" } },
    "managedRules",
  ],
  [
    "frontdoor:Policy",
    firewall,
    { managedRules: { managedRuleSets: [{ ...managed("2.1"), ruleSetAction: undefined }] } },
    "managedRules.managedRuleSets[0].ruleSetAction",
  ],
  ["frontdoor:Policy", firewall, { policyName: "with-hyphen" }, "policyName"],
  [
    "frontdoor:Policy",
    firewall,
    limited({ rateLimitThreshold: 1 }),
    "customRules.rules[0].rateLimitThreshold",
  ],
  [
    "frontdoor:Policy",
    firewall,
    limited({ rateLimitDurationInMinutes: 10 }),
    "customRules.rules[0].rateLimitDurationInMinutes",
  ],
  [
    "mongocluster:MongoCluster",
    mongo,
    sized({ compute: { tier: "M10" } }),
    "properties.highAvailability.targetMode",
  ],
  [
    "mongocluster:MongoCluster",
    mongo,
    sized({ administrator: { userName: "dba" } }),
    "properties.administrator.password",
  ],
  ["redisenterprise:RedisEnterprise", redis, { publicNetworkAccess: undefined }, "publicNetworkAccess"],
  ["redisenterprise:RedisEnterprise", redis, { zones: ["1"] }, "zones"],
  ["redisenterprise:RedisEnterprise", redis, { sku: { name: "Balanced_B1", capacity: 2 } }, "sku.capacity"],
  [
    "redisenterprise:Database",
    { resourceGroupName: "g", clusterName: "c", databaseName: "default" },
    { persistence: { aofEnabled: true, aofFrequency: "1s", rdbEnabled: true, rdbFrequency: "1h" } },
    "persistence",
  ],
  [
    "containerregistry:Registry",
    { resourceGroupName: "g", registryName: "images", location: "westus2", sku: { name: "Premium" } },
    { sku: { name: "Basic" }, policies: { retentionPolicy: { status: "enabled", days: 7 } } },
    "policies.retentionPolicy",
  ],
  [
    "network:PrivateEndpoint",
    {
      resourceGroupName: "g",
      privateEndpointName: "e",
      location: "westus2",
      subnet: { id: "/s" },
      privateLinkServiceConnections: [{ name: "a", privateLinkServiceId: "/t", groupIds: ["blob"] }],
    },
    { subnet: undefined },
    "subnet.id",
  ],
];

function managed(ruleSetVersion: string): Inputs {
  return { ruleSetType: "Microsoft_DefaultRuleSet", ruleSetVersion, ruleSetAction: "Block" };
}
function limited(change: Inputs): Inputs {
  const [rule] = (firewall.customRules as { rules: Inputs[] }).rules;
  return { customRules: { rules: [{ ...rule, ...change }] } };
}
function sized(change: Inputs): Inputs {
  return { properties: { ...(mongo.properties as Inputs), ...change } };
}

describe("input check of the cluster's types", () => {
  for (const [token, right, change, path] of breaks) {
    it(`${token} ${path === "" ? "takes" : "refuses"} ${described(change)}`, () => {
      const type = byToken(`azure-native:${token}`)!;
      assert.deepEqual(validateInputs(type, right), []);
      const faults = validateInputs(type, { ...right, ...change }).map((fault) => fault.path);
      assert.deepEqual(faults, path === "" ? [] : [path]);
    });
  }

  it("brackets of an expression pair up, those in texts left aside", () => {
    for (const right of ['a{b="("}', "sum(rate(a[5m])) by (b)", "a == 0 # no bracket", "a{b='}'}"])
      assert.equal(isBalanced(right), true, right);
    for (const wrong of ["sum(a", "a{b=1))", "a[5m)", 'a{b="c}', ")("])
      assert.equal(isBalanced(wrong), false, wrong);
  });
});

function described(change: Inputs): string {
  return JSON.stringify(change, (_key, value) => (value === undefined ? "absent" : value)).slice(0, 120);
}
