import assert from "node:assert/strict";
import { rules, rulesByName } from "../../policies/registry";
import type { Rule } from "../../policies/rule";
import { undecidedPrefix } from "../../policies/verdict";
import { environments } from "../../runbooks/model";
import { ruleCases } from "./cases";
import { changed, keysOf, says } from "./support/change";
import type { FixtureResource } from "./support/fixture";
import { findingsOf, judge, unknownText } from "./support/judge";
import { type StackName, stackOf } from "./support/stacks";

/**
 * Every rule of the pack against a stack that all of them pass: the happy case, one broken field at a time, an
 * absent object, a value that preview does not know. That no other rule objects to a broken field is shown by
 * no-other-rule.slow.test.ts. Not shown here: that the engine acts on it.
 */
describe("the rules of the pack", () => {
  const rule = (name: string): Rule => {
    const found = rulesByName.get(name);
    assert.ok(found, `no rule ${name}`);
    return found;
  };

  it("each have their cases, and every case belongs to a rule", () => {
    const covered = new Set(ruleCases.map((cases) => cases.rule));
    assert.deepEqual([...covered].sort(), rules.map(({ name }) => name).sort());
    for (const { rule: name, broken } of ruleCases)
      assert.ok(broken.length > 0, `${name} has no broken case`);
  });

  const stacks: readonly StackName[] = [
    "kirana-inventory",
    "tesoro-xp",
    "kirana-store",
    "retail-agentic",
    "case-management",
  ];
  for (const [name, environment] of stacks.flatMap((stack) =>
    environments.map((environment) => [stack, environment] as const),
  )) {
    it(`find nothing in a whole ${environment} stack of ${name}`, () => {
      const stack = stackOf(name, environment);
      const findings = rules.flatMap((each) =>
        findingsOf(judge(each, stack, environment)).map(
          ({ urn, message }) => `${each.name}: ${urn}: ${message}`,
        ),
      );
      assert.deepEqual(findings, []);
    });
  }

  for (const cases of ruleCases) {
    const where = cases.stack
      ? ` (${cases.stack}${cases.environment ? ` in ${cases.environment}` : ""})`
      : "";
    describe(`${cases.rule}${where}`, () => {
      const environment = cases.environment ?? "production";
      const whole = stackOf(cases.stack ?? "kirana-inventory", environment);

      it("judges the whole stack, and passes it", () => {
        const judgements = judge(rule(cases.rule), whole, environment);
        assert.ok(
          judgements.some((judgement) => judgement.applies),
          "applies to nothing in the fixture",
        );
        assert.deepEqual(findingsOf(judgements), []);
      });

      for (const { alsoFails: _others, breaks: _breaks, ...change } of cases.broken) {
        it(`refuses a stack ${says(change)}`, () => {
          const broken = changed(whole, change);
          const findings = findingsOf(judge(rule(cases.rule), broken, environment));
          assert.ok(findings.length > 0, "finds nothing");
          for (const { kind, urn } of findings) {
            assert.equal(kind, "violation");
            assert.match(urn, /^urn:pulumi:/);
          }
        });
      }

      const { gives = "violation", ...absence } = cases.absent;
      it(`answers ${gives} for a stack ${says(absence)}`, () => {
        const stack = changed(whole, absence);
        const judgements = judge(rule(cases.rule), stack, environment);
        if (gives === "violation") {
          assert.ok(
            findingsOf(judgements).some(({ kind }) => kind === "violation"),
            "passed over what is absent",
          );
          return;
        }
        const about =
          "at" in absence ? [judgements[stack.findIndex(({ key }) => key === absence.at)]] : judgements;
        for (const judgement of about) assert.equal(judgement?.applies, false);
      });

      it("does not pass on a value that preview does not know", () => {
        if ("readsNothing" in cases.unknown) {
          const all = whole.map(withNothingKnown);
          assert.deepEqual(findingsOf(judge(rule(cases.rule), all, environment)), []);
          return;
        }
        const { at, path } = cases.unknown;
        const stack = changed(whole, { at, set: path, to: unknownText });
        const findings = findingsOf(judge(rule(cases.rule), stack, environment));
        const undecided = findings.filter(({ kind }) => kind === "undecided");
        assert.ok(undecided.length > 0, "nothing is undecided");
        for (const { message } of undecided) {
          assert.ok(message.startsWith(undecidedPrefix), message);
          assert.ok(message.includes(keysOf(path).at(-1)!), `${message} names no path`);
        }
      });
    });
  }
});

function withNothingKnown(resource: FixtureResource): FixtureResource {
  return {
    ...resource,
    props: Object.fromEntries(Object.keys(resource.props).map((name) => [name, unknownText])),
  };
}
