import { join } from "node:path";
import type { Environment } from "../../../runbooks/model";
import { root } from "../../support/root";
import type { Rendered, RenderedResource } from "./render";
import { unwrapped } from "./secrets";
import { systemsOf } from "./stack-rendering";
import { canary } from "./stack-settings";

/** File with what one system declares in an environment. */
export function goldenFile(environment: Environment, system: string): string {
  return join(root, "tests", "infra", "golden", environment, `${system}.json`);
}

/** What each system declares, as text: keys sorted, secrets replaced, one line per value. */
export function goldenTexts(rendered: Rendered): ReadonlyMap<string, string> {
  const systemOf = systemsOf(rendered);
  const bySystem = new Map<string, [string, unknown][]>();
  for (const resource of rendered.resources) {
    if (resource.type === "pulumi:pulumi:Stack") continue;
    const system = systemOf(resource);
    bySystem.set(system, [...(bySystem.get(system) ?? []), golden(resource)]);
  }
  return new Map(
    [...bySystem].map(([system, entries]) => [
      system,
      `${JSON.stringify(sortedKeys(Object.fromEntries(entries)), null, 2)}\n`,
    ]),
  );
}

function golden(resource: RenderedResource): [string, unknown] {
  const { type, name, parent, protect, dependsOn, ignoreChanges, inputs } = resource;
  return [
    `${type} ${name}`,
    {
      ...(parent && { parent }),
      ...(protect && { protect }),
      ...(dependsOn.length > 0 && { dependsOn }),
      ...(ignoreChanges.length > 0 && { ignoreChanges }),
      inputs: concealed(unwrapped(inputs)),
    },
  ];
}

function concealed(value: unknown): unknown {
  if (typeof value === "string") return value.includes(canary) ? "[secret]" : value;
  if (Array.isArray(value)) return value.map(concealed);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, entry]) => [key, concealed(entry)]));
}

function sortedKeys(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(sortedKeys);
  if (typeof value !== "object" || value === null) return value;
  return Object.fromEntries(
    Object.entries(value)
      .sort(([left], [right]) => (left < right ? -1 : 1))
      .map(([key, entry]) => [key, sortedKeys(entry)]),
  );
}
