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
} from "../../../local/cloud/resource-types";
import { sdkVersion, tokensDigest } from "../../../local/cloud/resource-types/generate";
import { schema } from "../../../local/cloud/resource-types/schema";
import { TOKENS } from "../../../local/cloud/resource-types/tokens";
import { GROUP, SITE, SUBSCRIPTION } from "./support";

const type = (token: string) => byToken(`azure-native:${token}`)!;

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

describe("schema file", () => {
  it("is compact enough to be read at every start of a provider", () => {
    const size = JSON.stringify(schema).length;
    assert.ok(size < 500_000, `${size} characters`);
  });
});
