import assert from "node:assert/strict";
import { byToken, UNKNOWN, validateInputs } from "../../../local/cloud/resource-types";

const type = (token: string) => byToken(`azure-native:${token}`)!;
const paths = (token: string, inputs: Record<string, unknown>) =>
  validateInputs(type(token), inputs).map(({ path }) => path);

describe("input check", () => {
  const site = { name: "kirana", resourceGroupName: "g" };

  it("names the path of an unknown property, a wrong type and a wrong enum value at any depth", () => {
    const inputs = {
      ...site,
      httpOnly: true,
      siteConfig: { minTlsVersion: "1.9", http20Enabled: "yes", appSettings: [{ name: "A" }, { nam: "B" }] },
    };
    assert.deepEqual(paths("web:WebApp", inputs), [
      "httpOnly",
      "siteConfig.minTlsVersion",
      "siteConfig.http20Enabled",
      "siteConfig.appSettings[1].nam",
    ]);
  });

  it("knows Node.js by the name that each host on Linux has for it", () => {
    const runs = (kind: string, linuxFxVersion: string) =>
      paths("web:WebAppSlot", { ...site, slot: "blue", kind, siteConfig: { linuxFxVersion } });
    assert.deepEqual(runs("app,linux", "NODE|22"), ["siteConfig.linuxFxVersion"]);
    assert.deepEqual(runs("app,linux", "NODE|22-lts"), []);
    assert.deepEqual(runs("functionapp,linux", "NODE|22-lts"), ["siteConfig.linuxFxVersion"]);
    assert.deepEqual(runs("functionapp,linux", "Node|22"), []);
    assert.deepEqual(runs("app,linux", "DOTNETCORE|8.0"), []);
  });

  it("lets no private address into a firewall, and no range that Storage would refuse", () => {
    const ofVault = (value: string) =>
      paths("keyvault:Vault", {
        vaultName: "kirana",
        resourceGroupName: "g",
        properties: {
          tenantId: "t",
          sku: { family: "A", name: "standard" },
          networkAcls: { ipRules: [{ value }] },
        },
      });
    const ofStorage = (iPAddressOrRange: string) =>
      paths("storage:StorageAccount", {
        accountName: "kirana",
        resourceGroupName: "g",
        kind: "StorageV2",
        sku: { name: "Standard_LRS" },
        networkRuleSet: { defaultAction: "Deny", ipRules: [{ iPAddressOrRange }] },
      });
    for (const taken of ["203.0.113.7", "203.0.113.0/28"]) {
      assert.deepEqual([ofVault(taken), ofStorage(taken)], [[], []], taken);
    }
    for (const refused of ["10.1.0.0/16", "172.20.0.4", "192.168.1.0/24"]) {
      assert.deepEqual(ofVault(refused), ["properties.networkAcls.ipRules[0].value"], refused);
      assert.deepEqual(ofStorage(refused), ["networkRuleSet.ipRules[0].iPAddressOrRange"], refused);
    }
    assert.deepEqual(ofVault("203.0.113.7/32"), []);
    assert.deepEqual(ofStorage("203.0.113.7/32"), ["networkRuleSet.ipRules[0].iPAddressOrRange"]);
  });

  it("proposes the property that was meant, and names the allowed values", () => {
    const [unknown] = validateInputs(type("web:WebApp"), { ...site, httpsOnyl: true });
    assert.match(unknown!.reason, /did you mean "httpsOnly"/);
    const [wrong] = validateInputs(type("web:WebApp"), { ...site, siteConfig: { ftpsState: "Never" } });
    assert.match(wrong!.reason, /"Never" is not allowed; allowed: AllAllowed, FtpsOnly, Disabled/);
  });

  it("names missing properties, at the top and nested, but not the one that is autonamed", () => {
    assert.deepEqual(paths("keyvault:Vault", { properties: {} }).sort(), [
      "properties.sku",
      "properties.tenantId",
      "resourceGroupName",
    ]);
  });

  it("takes an unknown value anywhere for right", () => {
    assert.deepEqual(
      paths("web:WebApp", {
        name: UNKNOWN,
        resourceGroupName: UNKNOWN,
        siteConfig: UNKNOWN,
        tags: { a: UNKNOWN },
        identity: { type: UNKNOWN, userAssignedIdentities: [UNKNOWN] },
      }),
      [],
    );
    assert.deepEqual(
      paths("monitor:ActionGroup", {
        actionGroupName: "a",
        resourceGroupName: "g",
        enabled: UNKNOWN,
        groupShortName: UNKNOWN,
      }),
      [],
    );
  });

  it("tells the shapes of a union apart by what fits best", () => {
    const alert = {
      resourceGroupName: "g",
      ruleName: "r",
      enabled: true,
      severity: 2,
      scopes: ["/x"],
      evaluationFrequency: "PT1M",
      windowSize: "PT5M",
      criteria: {
        odataType: "Microsoft.Azure.Monitor.SingleResourceMultipleMetricCriteria",
        allOf: [
          {
            criterionType: "StaticThresholdCriterion",
            name: "n",
            metricName: "m",
            operator: "GreaterThan",
            threshold: 1,
            timeAggregation: "Average",
          },
        ],
      },
    };
    assert.deepEqual(paths("monitor:MetricAlert", alert), []);
    alert.criteria.allOf[0]!.operator = "gt";
    assert.deepEqual(paths("monitor:MetricAlert", alert), ["criteria.allOf[0].operator"]);
    assert.deepEqual(
      paths("monitor:MetricAlert", { ...alert, criteria: { odataType: "Nothing" } }).length > 0,
      true,
    );
  });

  const rules: [string, string, Record<string, unknown>, string][] = [
    [
      "a storage account's name",
      "storage:StorageAccount",
      { accountName: "Has-Hyphens", kind: "StorageV2", sku: { name: "Standard_LRS" } },
      "accountName",
    ],
    [
      "a short name above 12 characters",
      "monitor:ActionGroup",
      { groupShortName: "thirteen-long", enabled: true },
      "groupShortName",
    ],
    [
      "a plan size that App Service has not",
      "web:AppServicePlan",
      { name: "p", sku: { name: "P9v9" } },
      "sku.name",
    ],
    [
      "a tier of another size",
      "web:AppServicePlan",
      { name: "p", sku: { name: "S1", tier: "Basic" } },
      "sku.tier",
    ],
    [
      "a Linux plan that is not reserved",
      "web:AppServicePlan",
      { name: "p", kind: "linux", sku: { name: "P1v3" } },
      "reserved",
    ],
    [
      "continuous backup with several write regions",
      "cosmosdb:DatabaseAccount",
      {
        accountName: "abc",
        databaseAccountOfferType: "Standard",
        locations: [{ locationName: "x" }],
        enableMultipleWriteLocations: true,
        backupPolicy: { type: "Continuous" },
      },
      "backupPolicy.type",
    ],
    [
      "purge protection set to false",
      "keyvault:Vault",
      {
        vaultName: "vault-a",
        properties: { tenantId: "t", sku: { family: "A", name: "standard" }, enablePurgeProtection: false },
      },
      "properties.enablePurgeProtection",
    ],
    [
      "a database whose id differs from its name",
      "cosmosdb:SqlResourceSqlDatabase",
      { accountName: "a", databaseName: "one", resource: { id: "two" } },
      "resource.id",
    ],
    [
      "ramp rules above 100 percent",
      "web:WebApp",
      {
        name: "kirana",
        siteConfig: { experiments: { rampUpRules: [{ reroutePercentage: 60 }, { reroutePercentage: 60 }] } },
      },
      "siteConfig.experiments.rampUpRules",
    ],
    [
      "a log alert's operator of another API",
      "monitor:ScheduledQueryRule",
      {
        ruleName: "r",
        scopes: [],
        severity: 1,
        evaluationFrequency: "PT5M",
        windowSize: "PT5M",
        criteria: { allOf: [{ operator: "gt" }] },
      },
      "criteria.allOf[0].operator",
    ],
    [
      "diagnostics without a sink",
      "monitor:DiagnosticSetting",
      { name: "d", resourceUri: "/x" },
      "workspaceId",
    ],
    [
      "a CNAME at the apex",
      "dns:RecordSet",
      {
        zoneName: "z.io",
        recordType: "CNAME",
        relativeRecordSetName: "@",
        ttl: 60,
        cnameRecord: { cname: "a.b" },
      },
      "relativeRecordSetName",
    ],
    [
      "an availability test without its hidden link",
      "applicationinsights:WebTest",
      { webTestName: "w", locations: [], syntheticMonitorId: "w", webTestKind: "ping" },
      "tags",
    ],
  ];
  for (const [what, token, inputs, path] of rules) {
    it(`refuses ${what}`, () => {
      const given = {
        ...(type(token).pathInputs.includes("resourceGroupName") ? { resourceGroupName: "g" } : {}),
        ...inputs,
      };
      assert.ok(paths(token, given).includes(path), JSON.stringify(validateInputs(type(token), given)));
    });
  }
});
