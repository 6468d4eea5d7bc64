import assert from "node:assert/strict";
import fc from "fast-check";
import {
  buildArmId,
  byArmId,
  byToken,
  fromArmBody,
  inputsFromArmBody,
  parentOf,
  parseArmId,
  resourceTypes,
  toArmBody,
  UNKNOWN,
  validateInputs,
} from "../../../local/cloud/resource-types";
import { sdkVersion, tokensDigest } from "../../../local/cloud/resource-types/generate";
import { schema } from "../../../local/cloud/resource-types/schema";
import { TOKENS } from "../../../local/cloud/resource-types/tokens";
import { GROUP, SITE, SUBSCRIPTION } from "./support";

const type = (token: string) => byToken(`azure-native:${token}`)!;
const paths = (token: string, inputs: Record<string, unknown>) =>
  validateInputs(type(token), inputs).map(({ path }) => path);

describe("resource table", () => {
  it("has one row for each token and one token for each row", () => {
    assert.deepEqual(
      resourceTypes.map(({ token }) => token).sort(),
      TOKENS.map((token) => `azure-native:${token}`),
    );
  });

  it("belongs to the installed SDK and to the listed tokens", () => {
    assert.equal(schema.sdkVersion, sdkVersion());
    assert.equal(
      schema.tokensDigest,
      tokensDigest(),
      "run: node dist/local/cloud/resource-types/generate.js",
    );
  });

  it("names only inputs that the SDK has, in ids, immutable paths, secrets, write-only paths and references", () => {
    for (const row of resourceTypes) {
      const known = row.schema.inputs.properties;
      const named = [
        ...row.pathInputs,
        ...row.immutable,
        ...row.secret.inputs,
        ...row.writeOnly,
        ...row.references.map(({ path }) => path),
        ...Object.keys(row.defaults),
        ...Object.keys(row.enums),
      ];
      for (const path of named) {
        const first = path.split(/[.[]/, 1)[0]!;
        assert.ok(known[first] !== undefined, `${row.token}: ${path}`);
      }
    }
  });

  it("takes an id apart into the inputs that made it, for every type", () => {
    const name = fc.stringMatching(/^[a-z][a-z0-9-]{0,20}[a-z0-9]$/);
    for (const row of resourceTypes) {
      fc.assert(
        fc.property(fc.array(name, { minLength: 6, maxLength: 6 }), (names) => {
          const inputs = Object.fromEntries(
            row.pathInputs.map((input, index) => [
              input,
              /scope|resourceUri/i.test(input) ? SITE : names[index]!,
            ]),
          );
          if (row.enums.recordType !== undefined) inputs.recordType = "TXT";
          const id = buildArmId(row, inputs, "subscription-1")!;
          assert.equal(byArmId(id)?.token, row.token, id);
          const parsed = parseArmId(row, id.toUpperCase())!;
          for (const [key, value] of Object.entries(inputs)) {
            assert.equal(
              parsed[key]!.replace(/^\//, "").toLowerCase(),
              value.replace(/^\//, "").toLowerCase(),
            );
          }
        }),
        { numRuns: 5 },
      );
    }
  });

  it("makes no id while a part of it is unknown, and refuses a name with a slash", () => {
    assert.equal(buildArmId(type("web:WebApp"), { name: UNKNOWN, resourceGroupName: "g" }, "s"), undefined);
    assert.equal(buildArmId(type("web:WebApp"), { resourceGroupName: "g" }, "s"), undefined);
    assert.throws(
      () => buildArmId(type("web:WebApp"), { name: "a/slots/b", resourceGroupName: "g" }, "s"),
      /without "\/"/,
    );
  });

  it("knows the parent of a group's resource, a child, a scoped one and a group", () => {
    assert.equal(parentOf(SITE), GROUP);
    assert.equal(parentOf(`${SITE}/config/appsettings`), SITE);
    assert.equal(parentOf(`${SITE}/providers/Microsoft.Authorization/locks/l`), SITE);
    assert.equal(parentOf(`${SUBSCRIPTION}/providers/Microsoft.Consumption/budgets/b`), SUBSCRIPTION);
    assert.equal(parentOf(GROUP), undefined);
  });

  it("brings inputs back from the body they were made into, for flattened and for wrapped types", () => {
    const cases: [string, string, Record<string, unknown>][] = [
      [
        "web:WebApp",
        SITE,
        {
          kind: "functionapp",
          location: "x",
          httpsOnly: true,
          identity: { type: "UserAssigned", userAssignedIdentities: ["/a/b"] },
        },
      ],
      [
        "applicationinsights:Component",
        `${GROUP}/providers/Microsoft.Insights/components/c`,
        { applicationType: "web", kind: "web", ingestionMode: "LogAnalytics" },
      ],
      [
        "keyvault:Vault",
        `${GROUP}/providers/Microsoft.KeyVault/vaults/v`,
        { properties: { sku: { family: "A", name: "standard" } }, tags: { a: "b" } },
      ],
    ];
    for (const [token, id, inputs] of cases) {
      const back = inputsFromArmBody(type(token), id, toArmBody(type(token), inputs));
      for (const [key, value] of Object.entries(inputs))
        assert.deepEqual(back[key], value, `${token} ${key}`);
    }
  });

  it("gives outputs flattened, with name, type and API version, and nothing the SDK does not declare", () => {
    const row = type("applicationinsights:Component");
    const id = `${GROUP}/providers/Microsoft.Insights/components/c`;
    const outputs = fromArmBody(row, id, {
      location: "x",
      properties: { ConnectionString: "InstrumentationKey=1", Ver: "v2" },
    });
    assert.deepEqual(outputs, {
      location: "x",
      connectionString: "InstrumentationKey=1",
      name: "c",
      type: "Microsoft.Insights/components",
      azureApiVersion: "2020-02-02",
    });
  });
});

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

describe("schema file", () => {
  it("is compact enough to be read at every start of a provider", () => {
    const size = JSON.stringify(schema).length;
    assert.ok(size < 400_000, `${size} characters`);
  });
});
