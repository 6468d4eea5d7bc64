import type { FixtureResource } from "./fixture";

/** One thing done to a stack that every rule passes. */
export type Change =
  | { readonly set: string; readonly at: string; readonly to: unknown }
  | { readonly drop: string; readonly at: string }
  | { readonly remove: readonly string[] }
  | { readonly keepOnly: readonly string[] }
  | { readonly add: FixtureResource }
  | { readonly options: Partial<Pick<FixtureResource, "protect" | "ignoreChanges">>; readonly at: string };

export function changed(stack: readonly FixtureResource[], change: Change): FixtureResource[] {
  if ("remove" in change) {
    for (const key of change.remove) find(stack, key);
    return stack.filter(({ key }) => !change.remove.includes(key));
  }
  if ("keepOnly" in change) return stack.filter(({ key }) => change.keepOnly.includes(key));
  if ("add" in change) return [...stack, change.add];
  // What is not changed is the same object, so that what was made of it before serves again.
  const found = find(stack, change.at);
  const resource = structuredClone(found) as FixtureResource;
  const copy = stack.map((candidate) => (candidate === found ? resource : candidate));
  if ("options" in change) Object.assign(resource, change.options);
  else if ("drop" in change) dropAt(resource.props, change.drop);
  else setAt(resource.props, change.set, change.to);
  return copy;
}

export function says(change: Change): string {
  if ("remove" in change) return `without ${change.remove.join(", ")}`;
  if ("keepOnly" in change) return `with ${change.keepOnly.join(", ") || "nothing"} only`;
  if ("add" in change) return `with ${change.add.key} added`;
  if ("options" in change) return `${change.at} with ${JSON.stringify(change.options)}`;
  if ("drop" in change) return `${change.at} without ${change.drop}`;
  const value = JSON.stringify(change.to) ?? "nothing";
  return `${change.at} with ${change.set} = ${value.length > 60 ? `${value.slice(0, 60)}…` : value}`;
}

function find(stack: readonly FixtureResource[], key: string): FixtureResource {
  const resource = stack.find((candidate) => candidate.key === key);
  if (!resource) throw new Error(`the stack has no ${key}`);
  return resource;
}

/** Keys of a path. They are separated by `/`, because names of settings hold dots; `~` stands for a `/` within a key. */
export function keysOf(path: string): string[] {
  return path.split("/").map((key) => key.replaceAll("~", "/"));
}

function setAt(props: Record<string, unknown>, path: string, value: unknown): void {
  const keys = keysOf(path);
  const last = keys.pop()!;
  let parent = props;
  for (const key of keys) {
    parent[key] ??= {};
    parent = parent[key] as Record<string, unknown>;
  }
  parent[last] = value;
}

function dropAt(props: Record<string, unknown>, path: string): void {
  const keys = keysOf(path);
  const last = keys.pop()!;
  const parent = keys.reduce((object, key) => object[key] as Record<string, unknown>, props);
  if (!(last in parent)) throw new Error(`there is no ${path} to drop`);
  delete parent[last];
}
