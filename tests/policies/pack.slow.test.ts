import assert from "node:assert/strict";
import { EnforcementLevel, PolicyType } from "@pulumi/pulumi/proto/analyzer_pb";
import { tagsOf } from "../../policies/metadata";
import { rules } from "../../policies/registry";
import { runRules } from "../../policies/run/run-rules";
import { changed } from "./support/change";
import { judge, unknownText } from "./support/judge";
import { kiranaStack } from "./support/kirana-stack";
import { PackProcess } from "./support/pack-process";
import { packageOf } from "./support/package-file";

/**
 * The pack as it is published, in a folder of its own, spoken to as the engine does: bundled, served by Pulumi's host,
 * over gRPC. Not shown here: what the engine makes of the answers.
 */
describe("the published pack", () => {
  let pack: PackProcess;
  before(async function () {
    this.timeout(30_000);
    pack = await PackProcess.start();
    await pack.configure();
  });
  after(() => pack?.stop());

  it("lists every rule with its level, kind and data, and the version of its package", async () => {
    const info = await pack.info();
    assert.equal(info.getName(), "switchyard");
    assert.equal(info.getVersion(), packageOf("policies").version);
    const listed = new Map(info.getPoliciesList().map((policy) => [policy.getName(), policy]));
    assert.deepEqual([...listed.keys()].sort(), [...rules, ...runRules].map(({ name }) => name).sort());
    for (const rule of rules) {
      const policy = listed.get(rule.name)!;
      assert.equal(
        policy.getEnforcementlevel(),
        rule.enforcementLevel === "advisory" ? EnforcementLevel.ADVISORY : EnforcementLevel.MANDATORY,
      );
      assert.equal(
        policy.getPolicyType(),
        rule.scope === "stack" ? PolicyType.POLICY_TYPE_STACK : PolicyType.POLICY_TYPE_RESOURCE,
      );
      assert.deepEqual(policy.getTagsList(), tagsOf(rule));
      assert.equal(policy.getUrl(), `docs/policies/${rule.name}.md`);
    }
  });

  it("finds nothing in a whole stack, though the provider answers without names, settings and secrets", async function () {
    this.timeout(20_000);
    const stack = kiranaStack("production");
    for (const resource of stack) {
      const { diagnosticsList } = await pack.analyze(resource, "production");
      assert.deepEqual(diagnosticsList, [], resource.key);
    }
    const { diagnosticsList, notApplicableList } = await pack.analyzeStack(stack, "production", () => ({
      name: unknownText,
    }));
    assert.deepEqual(diagnosticsList, []);
    const idle = rules.filter(
      (rule) => rule.scope === "stack" && !judge(rule, stack, "production")[0]!.applies,
    );
    assert.deepEqual(
      notApplicableList.map(({ policyName }) => policyName).sort(),
      [...idle, ...runRules.filter(({ at }) => !at)].map(({ name }) => name).sort(),
    );
  });

  it("says of every rule over one resource that it does not apply to a resource of another type", async () => {
    const component = kiranaStack().find(({ key }) => key === "kirana-inventory")!;
    const { diagnosticsList, notApplicableList } = await pack.analyze(component, "production");
    assert.deepEqual(diagnosticsList, []);
    assert.deepEqual(
      notApplicableList.map(({ policyName }) => policyName).sort(),
      [...rules.filter(({ scope }) => scope === "resource"), ...runRules.filter(({ at }) => at)]
        .map(({ name }) => name)
        .sort(),
    );
  });

  it("refuses what is broken, and what preview does not know, at the level of the rule", async () => {
    const whole = kiranaStack("production");
    for (const [to, message] of [
      ["Periodic", /backupPolicy\.type must be "Continuous", found "Periodic"/],
      [unknownText, /could not be decided: backupPolicy\.type is not known in preview/],
    ] as const) {
      const stack = changed(whole, { at: "cosmos", set: "backupPolicy/type", to });
      const cosmos = stack.find(({ key }) => key === "cosmos")!;
      const [diagnostic, ...more] = (await pack.analyze(cosmos, "production")).diagnosticsList;
      assert.deepEqual(more, []);
      assert.equal(diagnostic!.policyname, "cosmos-continuous-backup");
      assert.equal(diagnostic!.enforcementlevel, EnforcementLevel.MANDATORY);
      assert.match(diagnostic!.message, message);
      assert.match(diagnostic!.urn, /::cosmos$/);
    }
  });

  it("says of every rule over one resource that it mends nothing", async () => {
    const [first] = kiranaStack();
    const { remediationsList, notApplicableList } = (await pack.remediate(first!, "dev")).toObject();
    assert.deepEqual(remediationsList, []);
    assert.equal(
      notApplicableList.length,
      [...rules.filter(({ scope }) => scope === "resource"), ...runRules.filter(({ at }) => at)].length,
    );
  });

  it("takes a figure from the pack's configuration", async () => {
    const stack = changed(kiranaStack(), {
      at: "site-settings",
      set: "properties/DAILY_BUDGET_CAP",
      to: "75",
    });
    const settings = stack.find(({ key }) => key === "site-settings")!;
    assert.equal((await pack.analyze(settings, "production")).diagnosticsList.length, 1);
    await pack.configure({ "settings-llm-daily-cap": { maximumUsdPerDay: 100 } });
    assert.deepEqual((await pack.analyze(settings, "production")).diagnosticsList, []);
    await pack.configure();
  });
});
