import { join } from "node:path";
import type { Environment } from "../../../runbooks/model";
import type { Rendered } from "./render";
import { root } from "./root";
import { unwrapped } from "./secrets";
import { canary } from "./stack-settings";

export function goldenFile(environment: Environment): string {
  return join(root, "tests", "infra", "golden", `${environment}.json`);
}

/** The whole program of an environment as text: keys sorted, secrets replaced, one line per value. */
export function goldenText({ resources }: Rendered): string {
  const entries = resources.map(({ type, name, parent, protect, dependsOn, inputs }) => [
    `${type} ${name}`,
    {
      ...(parent && { parent }),
      ...(protect && { protect }),
      ...(dependsOn.length > 0 && { dependsOn }),
      inputs: concealed(unwrapped(inputs)),
    },
  ]);
  return `${JSON.stringify(sortedKeys(Object.fromEntries(entries)), null, 2)}\n`;
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
