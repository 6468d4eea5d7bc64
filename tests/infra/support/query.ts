import assert from "node:assert/strict";
import type { Rendered, RenderedResource } from "./render";
import { unwrapped } from "./secrets";

export const azurePrefix = "azure-native:";

/** Resources of some types, which are given without the provider's name. */
export function ofType({ resources }: Rendered, ...types: readonly string[]): readonly RenderedResource[] {
  return resources.filter(
    ({ type }) => types.includes(type.slice(azurePrefix.length)) && type.startsWith(azurePrefix),
  );
}

/** Inputs of the one resource of a type, secrets unwrapped. */
export function single(rendered: Rendered, type: string): Record<string, unknown> {
  const found = ofType(rendered, type);
  assert.equal(found.length, 1, `${type} in ${rendered.environment}`);
  return unwrapped(found[0]!.inputs) as Record<string, unknown>;
}

/** Application settings of a side. */
export function settingsOf(rendered: Rendered, type: string): Record<string, string> {
  return single(rendered, type).properties as Record<string, string>;
}
