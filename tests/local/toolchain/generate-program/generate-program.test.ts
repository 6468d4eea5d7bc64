import assert from "node:assert/strict";
import { GenerateProgramRequest } from "@pulumi/pulumi/proto/language_pb";
import fc from "fast-check";
import { generateProgram } from "../../../../local/toolchain/language-host/generate-program/generate-program";
import { PclError, parsePcl } from "../../../../local/toolchain/language-host/generate-program/pcl";

/** The code for a description as the engine sends it after an import. */
function codeFor(pcl: string): string {
  const request = new GenerateProgramRequest();
  request.getSourceMap().set("anonymous.pp", pcl);
  const [file, code] = generateProgram(request).getSourceMap().toArray()[0] as [string, Uint8Array];
  assert.equal(file, "index.ts");
  return Buffer.from(code).toString("utf8");
}

const account = `package "azure-native" {
    baseProviderName = "azure-native"
    baseProviderVersion = "3.28.0"
}
resource my-account "azure-native:storage:StorageAccount" {
    __logicalName = "my.account"
    accountName = "testaccount"
    allowBlobPublicAccess = false
    encryption = {
        keySource = "Microsoft.Storage"
        services = { blob = { enabled = true } }
    }
    networkRuleSet = { ipRules = [{ value = "10.0.0.1" }], "odd/key" = 1.5 }
    resourceGroupName = group.name
    tags = {}
    options {
        protect = true
        ignoreChanges = [tags, sku.name]
        parent = group
    }
}
`;

describe("code for imported resources", () => {
  it("declares a resource with its values, options and import", () => {
    assert.equal(
      codeFor(account),
      `import { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";

const myAccount = new StorageAccount("my.account", {
  accountName: "testaccount",
  allowBlobPublicAccess: false,
  encryption: {
    keySource: "Microsoft.Storage",
    services: {
      blob: {
        enabled: true,
      },
    },
  },
  networkRuleSet: {
    ipRules: [
      {
        value: "10.0.0.1",
      },
    ],
    "odd/key": 1.5,
  },
  resourceGroupName: group.name,
  tags: {},
}, {
  protect: true,
  ignoreChanges: ["tags", "sku.name"],
  parent: group,
});
`,
    );
  });

  it("names modules as the SDKs of random and Kubernetes do", () => {
    const code = codeFor(
      'resource a "random:index/randomId:RandomId" { byteLength = 4 }\nresource b "kubernetes:apps/v1:Deployment" {}',
    );
    assert.match(code, /import { RandomId } from "@pulumi\/random\/randomId";/);
    assert.match(code, /import { Deployment } from "@pulumi\/kubernetes\/apps\/v1\/deployment";/);
  });

  it("reads a secret from the configuration and does not write its value down", () => {
    const code = codeFor(
      'resource key "azure-native:keyvault:Secret" { properties = { value = secret("canary-4711") } }',
    );
    assert.doesNotMatch(code, /canary/);
    assert.match(code, /^\/\/ {3}pulumi config set --secret key-properties-value$/m);
    assert.match(code, /value: config\.requireSecret\("key-properties-value"\),/);
  });

  it("gives every resource a variable of its own that is none of the language's words", () => {
    const labels = ["new", "a-b", "aB", "4th", "RandomId"];
    const code = codeFor(
      labels.map((label) => `resource "${label}" "random:index/randomId:RandomId" {}`).join("\n"),
    );
    const variables = [...code.matchAll(/^const (\w+) = /gm)].map(([, name]) => name);
    assert.deepEqual(variables, ["resourcenew", "aB", "aB2", "resource4th", "randomId"]);
  });

  // fast-check's own unit "binary" has tables that take a second to make.
  const codePoint = fc
    .integer({ min: 0, max: 0x10ffff - 0x800 })
    .map((number) => String.fromCodePoint(number < 0xd800 ? number : number + 0x800));

  it("takes any text as it is", () => {
    fc.assert(
      fc.property(fc.string({ unit: codePoint }), (text) => {
        const quoted = JSON.stringify(text).replaceAll("\\b", "\\u0008").replaceAll("\\f", "\\u000c");
        fc.pre(!/[$%]{2}\{/.test(text));
        const escaped = quoted.replaceAll("${", "$${").replaceAll("%{", "%%{");
        const [block] = parsePcl(`resource a "random:index/randomId:RandomId" { text = ${escaped} }`);
        assert.deepEqual(block?.attributes.get("text"), { kind: "literal", value: text });
      }),
    );
  });

  it("refuses what an import never says, naming the line", () => {
    assert.throws(() => codeFor("config a string {}"), /resources only, not for "config a string"/);
    assert.throws(
      () => codeFor(`resource a "p:m:C" {\n x = "a\${b}"\n}`),
      (error) => {
        assert.ok(error instanceof PclError);
        return error.message === "line 2: a template with a value in it";
      },
    );
    assert.throws(() => codeFor('resource a "p:m:C" {\n x = 1 + 2\n}'), /line 2/);
    assert.throws(
      () => codeFor('resource a "p:m:C" {\n x = [1'),
      /line 2: "end of text" is not expected here/,
    );
    assert.throws(
      () => codeFor('resource a "p:m:C" { x = fileAsset("a") }'),
      /fileAsset\(\) cannot be written/,
    );
  });
});
