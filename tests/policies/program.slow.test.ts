import assert from "node:assert/strict";
import { azure } from "../../policies/azure/types";
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

  it("keep every mandatory rule once a restore made other databases, and the stack's file names them (ADR 0142)", () => {
    const made = {
      "kirana-cosmosdb-prod": "kirana-cosmosdb-r1",
      "tesoro-production-db": "tesoro-restored-1",
    };
    const watched = new Set<string>([azure.vaultSecret, azure.metricAlert]);
    const resources = goldenStack("production").map((resource) => {
      if (!watched.has(resource.type)) return resource;
      const text = Object.entries(made).reduce(
        (props, [old, restored]) => props.replaceAll(old, restored),
        JSON.stringify(resource.props),
      );
      return { ...resource, props: JSON.parse(text) };
    });
    for (const restored of Object.values(made)) {
      const naming = resources.filter(({ props }) => JSON.stringify(props).includes(restored));
      assert.deepEqual([...new Set(naming.map(({ type }) => type))].sort(), [...watched].sort(), restored);
    }
    const view = new StackView(resources);
    const alerts = rules.find(({ name }) => name === "alert-for-each-gate")!;
    assert.deepEqual(findingsOf(judgeDeclared(alerts, resources, view)), []);
  });

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
