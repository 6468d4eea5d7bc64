import assert from "node:assert/strict";
import type { ReportViolation, ResourceValidationPolicy, StackValidationPolicy } from "@pulumi/policy";
import { azure } from "../../policies/azure/types";
import { DeclaredInputs } from "../../policies/declared-inputs";
import { tagsOf } from "../../policies/metadata";
import { policyOf } from "../../policies/policy";
import { required, requiredText, describe as shown } from "../../policies/read";
import { rules, rulesByName } from "../../policies/registry";
import { type ResourceRule, resourceRule, type StackRule, stackRule } from "../../policies/rule";
import { judged, notApplicable, passed, violation } from "../../policies/verdict";
import { policyResource, resourceArgs, Skipped, stackArgs } from "./support/engine-args";
import { declared, unknownText } from "./support/judge";
import { kiranaStack } from "./support/kirana-stack";

const base = {
  name: "probe",
  topic: "data",
  displayName: "Probe",
  description: "Probe.",
  severity: "low",
  ids: [],
  remediationSteps: "None.",
} as const;

type Report = { message: string; urn: string | undefined };

async function runResource(rule: ResourceRule, key = "cosmos", props?: object): Promise<Report[]> {
  const fixture = kiranaStack().find((resource) => resource.key === key)!;
  const resource = declared(
    props ? { ...fixture, props: props as Record<string, unknown> } : fixture,
    "production",
  );
  const policy = policyOf(rule, new DeclaredInputs()) as ResourceValidationPolicy;
  const reports: Report[] = [];
  const report: ReportViolation = (message, urn) => void reports.push({ message, urn });
  const validate = policy.validateResource;
  assert.ok(typeof validate === "function");
  await validate(resourceArgs(resource), report);
  return reports;
}

describe("the wrapper around every rule", () => {
  const only = (evaluate: ResourceRule["evaluate"]) =>
    resourceRule({ ...base, types: [azure.cosmosAccount], evaluate });

  it("turns an unknown value into a finding that names its path and the resource", async () => {
    const rule = only((resource) =>
      required(resource, "backupPolicy.type") === "Continuous" ? passed : judged([]),
    );
    const [report, ...more] = await runResource(rule, "cosmos", { backupPolicy: { type: unknownText } });
    assert.deepEqual(more, []);
    assert.match(report!.message, /^could not be decided: backupPolicy\.type is not known in preview/);
    assert.match(report!.urn!, /::cosmos$/);
  });

  it("turns a failing rule into a finding with the rule's name, and does not repeat what the failure says", async () => {
    const rule = only(() => {
      throw new TypeError("cannot read hunter2-the-secret");
    });
    const [report] = await runResource(rule);
    assert.match(
      report!.message,
      /^could not be decided: the rule probe failed \(TypeError at wrapper\.test\.[jt]s:\d+\)$/,
    );
    assert.doesNotMatch(report!.message, /hunter2/);
  });

  it("turns something thrown that is no error into a finding", async () => {
    const rule = only(() => {
      throw "a text";
    });
    assert.match(
      (await runResource(rule))[0]!.message,
      /the rule probe failed \(something that is no error was thrown\)/,
    );
  });

  it("turns an absent object into a violation that names the outermost absent part", async () => {
    const rule = only((resource) =>
      required(resource, "backupPolicy.continuousModeProperties.tier") ? passed : passed,
    );
    assert.deepEqual(
      (await runResource(rule, "cosmos", {})).map(({ message }) => message),
      ["backupPolicy is not declared"],
    );
  });

  it("skips a resource of another type and says why", async () => {
    await assert.rejects(
      runResource(
        only(() => passed),
        "vault",
      ),
      new Skipped("looks at other types only"),
    );
  });

  it("hands on why a rule has nothing to say", async () => {
    await assert.rejects(runResource(only(() => notApplicable("not today"))), new Skipped("not today"));
  });

  it("is not even asked about other types than those it looks at", () => {
    const one = policyOf(
      only(() => passed),
      new DeclaredInputs(),
    );
    assert.deepEqual(one.looksAt, [azure.cosmosAccount]);
  });

  it("gives every policy the data that reports need", () => {
    for (const rule of rules) {
      const policy = policyOf(rule, new DeclaredInputs());
      assert.equal(policy.url, `docs/policies/${rule.name}.md`);
      assert.deepEqual(policy.tags, tagsOf(rule));
      assert.equal(policy.enforcementLevel, rule.enforcementLevel ?? "mandatory");
      for (const text of [policy.displayName, policy.description, policy.remediationSteps, policy.severity])
        assert.ok(text);
    }
  });
});

describe("a rule over a whole stack", () => {
  const seen: StackRule = stackRule({
    ...base,
    evaluate: (stack) =>
      judged(
        stack.resources.map((resource) =>
          violation(resource.urn, JSON.stringify(resource.props.value ?? null)),
        ),
      ),
  });

  async function run(inputs: DeclaredInputs, outputs: object): Promise<Report[]> {
    const resource = declared(kiranaStack()[1]!, "production");
    const policy = policyOf(seen, inputs) as StackValidationPolicy;
    const reports: Report[] = [];
    await policy.validateStack(
      stackArgs([policyResource(resource, outputs)]),
      (message, urn) => void reports.push({ message, urn }),
    );
    return reports;
  }

  it("sees the inputs that were declared, whatever the provider answered", async () => {
    const inputs = new DeclaredInputs();
    const fixture = { ...kiranaStack()[1]!, props: { value: "declared" } };
    inputs.remember(resourceArgs(declared(fixture, "production")));
    assert.deepEqual(
      (await run(inputs, { value: "answered" })).map(({ message }) => message),
      ['"declared"'],
    );
  });

  it("sees what the provider answered where no inputs were seen", async () => {
    assert.deepEqual(
      (await run(new DeclaredInputs(), { value: "answered" })).map(({ message }) => message),
      ['"answered"'],
    );
  });

  it("is not applied to a stack without resources", async () => {
    const policy = policyOf(seen, new DeclaredInputs()) as StackValidationPolicy;
    await assert.rejects(
      async () => policy.validateStack(stackArgs([]), assert.fail),
      new Skipped("the stack is empty"),
    );
  });

  it("is not skipped because what it asks for is gone: the component alone is enough", async () => {
    const component = declared(kiranaStack()[0]!, "production");
    for (const name of [
      "system-complete",
      "alert-for-each-gate",
      "vault-secrets-present",
      "cosmos-containers",
      "budget-notifies",
    ]) {
      const policy = policyOf(rulesByName.get(name)!, new DeclaredInputs()) as StackValidationPolicy;
      const reports: string[] = [];
      await policy.validateStack(
        stackArgs([policyResource(component, {})]),
        (message) => void reports.push(message),
      );
      assert.ok(reports.length > 0, `${name} fell silent`);
    }
  });
});

describe("a value in a message", () => {
  it("is shown when it cannot be a secret, and described otherwise", () => {
    assert.equal(shown("TLS1_0"), '"TLS1_0"');
    assert.equal(shown(false), "false");
    assert.equal(shown(undefined), "nothing");
    assert.equal(shown("a-key-of-more-than-twenty-four-characters"), "a text of 41 characters");
    assert.equal(shown("p@ss;word"), "a text of 9 characters");
    assert.equal(shown({ a: 1 }), "an object");
  });

  it("is told by its kind alone where a text was wanted: a PIN is a number", () => {
    const pin = 48151623;
    assert.throws(
      () => requiredText({ value: pin }, "value"),
      (error: Error) => error.message === "value must be a text, found a number",
    );
  });
});
