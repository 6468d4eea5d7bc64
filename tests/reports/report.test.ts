import { strict as assert } from "node:assert";
import { type EngineEvent, parseEventLog, plainText } from "../../reports/engine-event";
import { buildReport } from "../../reports/from-events";
import { renderJson } from "../../reports/json";
import type { Report } from "../../reports/model";
import { renderSums, renderText } from "../../reports/text";

const urn = (type: string, name: string) => `urn:pulumi:dev::switchyard::${type}::${name}`;
const vault = urn("azure-native:keyvault:Vault", "vault");
const account = urn("azure-native:cosmosdb:DatabaseAccount", "account");
const group = urn("azure-native:resources:ResourceGroup", "group");

let sequence = 0;
const event = (body: Partial<EngineEvent>): EngineEvent => ({ sequence: sequence++, timestamp: 0, ...body });
const step = (op: string, target: string, extra: object = {}) =>
  event({
    resourcePreEvent: { metadata: { op, urn: target, type: target.split("::")[2] as string, ...extra } },
  });

const events: EngineEvent[] = [
  step("same", urn("pulumi:pulumi:Stack", "switchyard-dev")),
  step("same", group),
  step("update", vault, {
    detailedDiff: {
      "properties.networkAcls.defaultAction": { diffKind: "update", inputDiff: true },
      'tags["cost.center"]': { diffKind: "add", inputDiff: true },
    },
    old: { inputs: { properties: { networkAcls: { defaultAction: "Allow" } }, tags: {} } },
    new: {
      inputs: { properties: { networkAcls: { defaultAction: "Deny" } }, tags: { "cost.center": "42" } },
    },
  }),
  step("create-replacement", account),
  step("replace", account, {
    detailedDiff: { accountName: { diffKind: "update-replace", inputDiff: true } },
    old: { inputs: { accountName: "a" } },
    new: { inputs: { accountName: "b" } },
  }),
  step("delete-replaced", account),
  event({
    diagnosticEvent: {
      severity: "warning",
      message: "<{%fg 3%}>placeholder<{%reset%}> kirana-inventory:x\n",
      urn: "",
    },
  }),
  event({
    policyEvent: {
      resourceUrn: vault,
      message: "The vault is closed\nnetworkAcls.defaultAction is Allow\n",
      policyName: "vault-network",
      policyPackName: "switchyard",
      policyPackVersion: "0.1.0",
      enforcementLevel: "mandatory",
    },
  }),
  event({
    policyEvent: {
      resourceUrn: account,
      message:
        "can't run policy 'cosmos-backup' from policy pack 'switchyard@v0.1.0' during preview: unknown",
      policyName: "cosmos-backup",
      policyPackName: "switchyard",
      policyPackVersion: "0.1.0",
      enforcementLevel: "advisory",
    },
  }),
  event({
    policyAnalyzeSummaryEvent: {
      resourceUrn: group,
      policyPackName: "switchyard",
      passed: ["tags"],
      failed: [],
    },
  }),
];

const report = (input: Partial<Parameters<typeof buildReport>[0]> = {}): Report =>
  buildReport({
    subject: { kind: "preview", stack: "dev", offline: false },
    events,
    exitCode: 0,
    rules: [{ name: "tags", level: "advisory", ids: [] }],
    ...input,
  });

describe("report model", () => {
  it("counts a replacement's three steps once and leaves out the stack itself", () => {
    assert.deepEqual(report().summary, { create: 0, update: 1, replace: 1, delete: 0, same: 1 });
    assert.deepEqual(
      report().resources.map((resource) => [resource.urn, resource.op]),
      [
        [account, "replace"],
        [vault, "update"],
        [group, "same"],
      ],
    );
  });

  it("shows before and after of each changed path, dotted keys included", () => {
    const diff = report().resources.find((resource) => resource.urn === vault)?.diff;
    assert.deepEqual(diff, [
      { path: "properties.networkAcls.defaultAction", kind: "update", before: "Allow", after: "Deny" },
      { path: 'tags["cost.center"]', kind: "add", after: "42" },
    ]);
  });

  it("counts a rule that could not run as undecided, not as passed", () => {
    assert.equal(report().undecided, 1);
    assert.deepEqual(
      report().policies.map(({ rule, level, verdict, urn: target }) => ({ rule, level, verdict, target })),
      [
        { rule: "cosmos-backup", level: "advisory", verdict: "undecided", target: account },
        { rule: "tags", level: "advisory", verdict: "pass", target: group },
        { rule: "vault-network", level: "mandatory", verdict: "fail", target: vault },
      ],
    );
  });

  it("is the same whatever the order in which events arrive", () => {
    assert.deepEqual(report({ events: [...events].reverse() }), report());
  });

  it("takes colour marks out of messages", () => {
    assert.deepEqual(report().warnings, [{ message: "placeholder kirana-inventory:x" }]);
    assert.equal(plainText("\u001b[31mred\u001b[0m <{%bold%}>x<{%reset%}>"), "red x");
  });

  it("has succeeded only when the engine's exit code is 0", () => {
    assert.equal(report({ exitCode: 1 }).succeeded, false);
    assert.equal(report({ exitCode: 0 }).succeeded, true);
  });
});

describe("event log", () => {
  it("leaves out a last line that the engine had not finished when it was ended", () => {
    const log = `${JSON.stringify(events[0])}\n${JSON.stringify(events[1])}\n{"sequence":2,"resourceP`;
    assert.deepEqual(parseEventLog(log), events.slice(0, 2));
  });
});

describe("report formats", () => {
  it("JSON has the fields that CI reads", () => {
    const json = JSON.parse(renderJson(report())) as Record<string, unknown>;
    for (const key of ["summary", "resources", "policies", "undecided", "warnings"])
      assert.ok(key in json, key);
  });

  it("text names each change, each violation and ends with the sums", () => {
    const lines = renderText(report()).trimEnd().split("\n");
    assert.ok(lines.includes("  ~ keyvault:Vault  vault"));
    assert.ok(lines.includes('      accountName: "a" -> "b"  (replaces)'));
    assert.ok(lines.includes("  fail [mandatory] vault-network  vault"));
    assert.ok(lines.includes("  ! placeholder kirana-inventory:x"));
    assert.deepEqual(lines.slice(-2), [
      "dev: 1 to update, 1 to replace, 1 unchanged",
      "policies: 3 rules, 3 verdicts, 1 failed, 1 undecided",
    ]);
  });

  it("leaves out what only tells how a step goes on", () => {
    const passing = event({
      diagnosticEvent: { severity: "warning", message: "pods are starting", urn: vault, ephemeral: true },
    });
    const messages = report({ events: [...events, passing] }).warnings.map(({ message }) => message);
    assert.deepEqual(messages, ["placeholder kirana-inventory:x"]);
  });

  it("the sums alone name what advisory policies found, which lets a run succeed", () => {
    const sums = renderSums(report({ exitCode: 0 }));
    assert.match(sums, /^policies: 3 rules, 3 verdicts, 1 failed, 1 undecided$/m);
    assert.match(sums, /^ {2}undecided \[advisory\] cosmos-backup {2}account$/m);
    assert.doesNotMatch(sums, /accountName|placeholder/);
  });

  it("text of a stack without changes says 0 changes", () => {
    const quiet = report({ events: [step("same", group)] });
    assert.match(renderText(quiet), /^dev: 0 changes, 1 unchanged$/m);
  });

  it("text says that an offline preview has not seen the live side", () => {
    assert.match(
      renderText(report({ subject: { kind: "preview", stack: "dev", offline: true } })),
      /live side not checked/,
    );
  });
});
