import { strict as assert } from "node:assert";
import { Disclosure } from "../../reports/disclosure";
import { type ReportFormat, renderReport, reportFormats } from "../../reports/formats";
import { diagnostic, event, step, urn, violation } from "./support/events";
import { reportOf } from "./support/sample";

const canary = "Canary-5d41402abc4b2a76";
const server = urn("azure-native:sql:Server", "server");
const settings = urn("azure-native:web:WebAppApplicationSettings", "settings");
const secret = urn("kubernetes:core/v1:Secret", "secret");

/** Every way in which a value reaches the engine's log: masked, in clear in a property, repeated by messages. */
const events = [
  step("update", server, {
    detailedDiff: {
      administratorLoginPassword: { diffKind: "update", inputDiff: true },
      "properties.note": { diffKind: "update", inputDiff: true },
      'tags["owner"]': { diffKind: "add", inputDiff: true },
      masked: { diffKind: "update", inputDiff: true },
    },
    old: {
      type: "azure-native:sql:Server",
      urn: server,
      inputs: { administratorLoginPassword: `old ${canary}`, properties: { note: "x" }, masked: "[secret]" },
      outputs: { connectionString: `Server=x;Password=${canary}` },
    },
    new: {
      type: "azure-native:sql:Server",
      urn: server,
      inputs: {
        administratorLoginPassword: canary,
        properties: { note: `is ${canary}` },
        masked: "[secret]",
        tags: { owner: canary },
      },
    },
  }),
  step("update", settings, {
    diffs: ["properties"],
    old: { type: "x", urn: settings, inputs: { properties: { MODE: "a" } } },
    new: { type: "x", urn: settings, inputs: { properties: { MODE: "a", DB_PASSWORD: canary } } },
  }),
  step("create", secret, {
    new: { type: "kubernetes:core/v1:Secret", urn: secret, inputs: { stringData: { anything: canary } } },
  }),
  diagnostic("warning", `the vault answered "${canary}"`, server),
  diagnostic("error", `cannot connect with ${Buffer.from(canary).toString("base64")} or ${canary}`, server),
  diagnostic("error", `https://user:${canary}@example.test refused ${encodeURIComponent(canary)}`),
  violation("vault-network", server, `What vault-network asks for.\nfound ${canary}\n`),
  event({
    resOpFailedEvent: {
      metadata: {
        op: "update",
        urn: server,
        type: "x",
        new: { type: "x", urn: server, inputs: { token: canary } },
      },
      status: 1,
      steps: 1,
    },
  }),
];

describe("a secret in every input", () => {
  const report = reportOf({ events, exitCode: 1, otherReason: () => canary });
  const forms = [canary, Buffer.from(canary).toString("base64").slice(0, 20), "5d41402abc4b2a76"];

  it("stands in the events of this test", () => {
    assert.ok(JSON.stringify(events).split(canary).length > 10);
  });

  for (const format of reportFormats) {
    it(`appears nowhere in ${format}`, () => {
      const text = renderReport(report, format satisfies ReportFormat, "0.1.0");
      for (const form of forms) assert.ok(!text.includes(form), `${form} in ${format}`);
      // The findings themselves are there.
      assert.match(text, /vault-network/);
    });
  }

  it("is taken out of the reason that the engine printed instead of an event", () => {
    const silent = reportOf({
      events: events.filter(({ diagnosticEvent, policyEvent }) => !diagnosticEvent && !policyEvent),
      exitCode: 1,
      otherReason: () => `error: bad ${canary}`,
    });
    assert.deepEqual(silent.errors, [{ message: "error: bad [secret]" }]);
  });

  it("a property that the engine masks is named as a secret, one that may be none as not shown", () => {
    const diff = report.resources.find((resource) => resource.urn === server)?.diff ?? [];
    const withheld = Object.fromEntries(diff.map((change) => [change.path, change.withheld]));
    assert.deepEqual(withheld, {
      administratorLoginPassword: "secret",
      masked: "secret",
      "properties.note": "undisclosed",
      'tags["owner"]': "undisclosed",
    });
    assert.ok(diff.every((change) => !("before" in change) && !("after" in change)));
  });
});

describe("what looks like a secret in a message", () => {
  const disclosure = new Disclosure();
  const hidden = {
    "a connection string": "Server=x;AccountKey=abcDEF123==;Timeout=3",
    "a bearer token": "Authorization: Bearer abcdefghijklmnop",
    "a JSON web token": "got eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0In0.abc-DEF",
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\nabc\n-----END RSA PRIVATE KEY-----",
    "a password in an address": "https://user:hunter2@example.test/x",
    "a signature of a shared access": "https://x.test/?se=1&sig=abc%2Fdef",
    "a long random text": "key 8fKx02mQz7Lp4Rt9Vw3Yb6Nc1Hd5Jg0Sa",
  };
  for (const [what, text] of Object.entries(hidden)) {
    it(`${what} is taken out`, () => assert.match(disclosure.text(text), /\[secret\]/));
  }

  it("names, paths, ids and the words of the runbooks stay", () => {
    for (const text of [
      "placeholder kirana-inventory:apiKey: key of the service",
      "/subscriptions/00000000-0000-4000-8000-0000000de000/resourceGroups/rg-Production-01/providers/Microsoft.Sql",
      "sha256:9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08 is not declared",
      "secret: must be a reference to the vault",
      "siteConfig.minTlsVersion must be 1.2, found 1.0",
    ])
      assert.equal(disclosure.text(text), text);
  });

  it("a message of 10 MB is cut, quickly, and says so", () => {
    for (const filler of ["a", "eyJ", "password", "A1b"]) {
      const text = disclosure.text(filler.repeat(10_000_000 / filler.length));
      assert.ok(text.length < 17_000);
      assert.match(text, /more characters$/);
    }
  });
});
