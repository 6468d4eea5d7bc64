import type { DeclarableSystem } from "../../../infra/settings";
import type { Environment } from "../../../runbooks/model";
import { type Rendered, type RenderedResource, render } from "./render";
import { stackSettings } from "./stack-settings";

const renderings = new Map<Environment, Promise<Rendered>>();

/**
 * What a committed stack declares, rendered once per process: a rendering is a second of work, and nearly every file of
 * tests/infra/ asks for the same three. Its resources are frozen, so no test can change what another one sees.
 */
export function renderedStack(environment: Environment): Promise<Rendered> {
  const known = renderings.get(environment) ?? renderFrozen(environment);
  renderings.set(environment, known);
  return known;
}

async function renderFrozen(environment: Environment): Promise<Rendered> {
  const rendered = await render(stackSettings(environment));
  deepFreeze(rendered.resources);
  return rendered;
}

/**
 * The part of a committed stack that some systems declare. That a stack which carries them alone declares the same is
 * shown by systems/alone.slow.test.ts.
 */
export async function renderedSystems(
  environment: Environment,
  systems: readonly DeclarableSystem[],
): Promise<Rendered> {
  const whole = await renderedStack(environment);
  const systemOf = systemsOf(whole);
  const wanted: ReadonlySet<string> = new Set(systems);
  return { ...whole, resources: whole.resources.filter((resource) => wanted.has(systemOf(resource))) };
}

/** The name of the outermost component above a resource, which is its system's name. */
export function systemsOf({ resources }: Rendered): (resource: RenderedResource) => string {
  const byName = new Map(resources.map((resource) => [resource.name, resource]));
  const systemOf = (resource: RenderedResource): string => {
    const parent = resource.parent === undefined ? undefined : byName.get(resource.parent);
    return parent ? systemOf(parent) : resource.name;
  };
  return systemOf;
}

function deepFreeze(value: unknown): void {
  if (typeof value !== "object" || value === null) return;
  Object.freeze(value);
  for (const inner of Object.values(value)) deepFreeze(inner);
}
