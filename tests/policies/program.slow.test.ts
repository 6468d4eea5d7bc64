import assert from "node:assert/strict";
import { rules } from "../../policies/registry";
import { StackView } from "../../policies/stack-view";
import { environments } from "../../runbooks/model";
import { goldenStack } from "./support/golden-stack";
import { findingsOf, judgeDeclared } from "./support/judge";

/**
 * The program as its golden files hold it, against the pack. What preview does not know is known there, so that nothing
 * is undecided is not shown here; tests/engine shows it.
 */
describe("the program's own stacks", () => {
  for (const environment of environments) {
    it(`${environment} breaks no mandatory rule`, () => {
      const resources = goldenStack(environment);
      const view = new StackView(resources);
      const broken = rules
        .filter((rule) => rule.enforcementLevel !== "advisory")
        .flatMap((rule) => findingsOf(judgeDeclared(rule, resources, view)))
        .map(({ urn, message }) => `${urn.split("::").at(-1)}: ${message}`);
      assert.deepEqual(broken, []);
    });
  }

  it("give every rule something to judge, but those on what the runbook leaves open", () => {
    const stacks = environments.map((environment) => goldenStack(environment));
    const idle = rules.filter((rule) =>
      stacks.every((stack) =>
        judgeDeclared(rule, stack, new StackView(stack)).every(({ applies }) => !applies),
      ),
    );
    // No system gives its programs rights in the cluster.
    assert.deepEqual(
      idle.map(({ name }) => name),
      ["service-account-rights"],
    );
  });
});
