import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { unknownCheckingProxy } from "@pulumi/policy";
import { rules } from "../../policies/registry";
import type { DeclaredResource, Properties } from "../../policies/resource";
import { StackView } from "../../policies/stack-view";
import { type Environment, environments } from "../../runbooks/model";
import { root } from "../infra/support/root";
import { findingsOf, judgeDeclared } from "./support/judge";

/** A resource as tests/infra/golden holds it, under the key `TYPE NAME`. */
interface GoldenResource {
  readonly parent?: string;
  readonly protect?: boolean;
  readonly inputs: Record<string, unknown>;
}

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
    const stacks = environments.map(goldenStack);
    const idle = rules.filter((rule) =>
      stacks.every((stack) =>
        judgeDeclared(rule, stack, new StackView(stack)).every(({ applies }) => !applies),
      ),
    );
    // KIR-092: the CDN is optional, and off in the committed stack files.
    assert.deepEqual(
      idle.map(({ name }) => name),
      ["edge-https-only"],
    );
  });
});

function goldenStack(environment: Environment): DeclaredResource[] {
  const file = join(root, "tests", "infra", "golden", `${environment}.json`);
  const golden = new Map(
    Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, GoldenResource>),
  );
  const byName = new Map(
    [...golden].map(([key, resource]) => [key.split(" ")[1]!, { type: key.split(" ")[0]!, resource }]),
  );
  const typesOf = (name: string): string => {
    const { type, resource } = byName.get(name)!;
    return resource.parent ? `${typesOf(resource.parent)}$${type}` : type;
  };
  return [...byName].map(([name, { type, resource }]) => ({
    urn: `urn:pulumi:${environment}::switchyard::${typesOf(name)}::${name}`,
    type,
    name,
    props: unknownCheckingProxy(resource.inputs) as Properties,
    protect: resource.protect ?? false,
    ignoreChanges: [],
  }));
}
