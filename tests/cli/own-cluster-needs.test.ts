import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { namespacesOfSystems, resourcesNeeded } from "../../cli/engine/own-cluster-needs";
import { clusterSystems } from "../../infra/config/system-names";
import { root } from "../support/root";

interface Declared {
  readonly inputs?: { readonly metadata?: { readonly name?: string } };
}

/** What the program declares in dev, by `TYPE NAME`. */
function declared(system: string): [string, Declared][] {
  const file = join(root, "tests", "infra", "golden", "dev", `${system}.json`);
  return Object.entries(JSON.parse(readFileSync(file, "utf8")) as Record<string, Declared>);
}

/** Plural of a kind, as RBAC has it. */
function pluralOf(kind: string): string {
  const name = kind.toLowerCase();
  if (/[^aeiou]y$/.test(name)) return `${name.slice(0, -1)}ies`;
  return name.endsWith("s") ? `${name}es` : `${name}s`;
}

describe("what is asked of a developer's own cluster before an update", () => {
  const systems = ["platform", ...clusterSystems];

  it("are the rights on every kind that the program declares", () => {
    const kinds = systems.flatMap((system) =>
      declared(system).flatMap(([key]) => {
        const match = /^kubernetes:([^/]+)\/[^:]+:(\S+)/.exec(key);
        return match ? [`${match[1] === "core" ? "" : match[1]} ${pluralOf(String(match[2]))}`] : [];
      }),
    );
    const needed = resourcesNeeded.map(({ group, resource }) => `${group} ${resource}`);
    assert.deepEqual(new Set(needed), new Set(kinds));
  });

  it("are the namespaces that each system makes", () => {
    for (const system of systems) {
      const names = declared(system).flatMap(([key, { inputs }]) =>
        key.startsWith("kubernetes:core/v1:Namespace ") ? [inputs?.metadata?.name] : [],
      );
      assert.deepEqual(new Set(namespacesOfSystems[system]), new Set(names), system);
    }
    assert.deepEqual(Object.keys(namespacesOfSystems).sort(), [...systems].sort());
  });
});
