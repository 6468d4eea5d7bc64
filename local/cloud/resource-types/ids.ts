import { UserError } from "../../user-error";
import { placeholders } from "./define";
import type { Json, ResourceType } from "./model";

/** What the engine puts in place of a value that is not known in a preview. */
export const UNKNOWN = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

const patterns = new Map<string, RegExp>();

function patternOf(template: string): RegExp {
  let pattern = patterns.get(template);
  if (pattern === undefined) {
    const scoped = /^\/?\{\w+\}\/providers\//.test(template);
    let first = true;
    const source = template
      .split(/(\{\w+\})/)
      .map((part) => {
        if (!part.startsWith("{")) return part.replace(/[.*+?^$()|[\]\\]/g, "\\$&");
        const inner = scoped && first ? ".*" : "[^/]+";
        first = false;
        return `(${inner})`;
      })
      .join("");
    pattern = new RegExp(`^${source}$`, "i");
    patterns.set(template, pattern);
  }
  return pattern;
}

/**
 * The ARM id that these inputs make. `undefined` when a part of it is missing or unknown (a preview). A scope is taken
 * with or without its leading slash.
 * @throws UserError when a part of the name holds a slash or is empty: it would name another resource.
 */
export function buildArmId(type: ResourceType, inputs: Json, subscriptionId: string): string | undefined {
  const scope = /^\/?\{(\w+)\}\/providers\//.exec(type.id)?.[1];
  let id = type.id;
  for (const name of placeholders(type.id)) {
    const value = name === "subscriptionId" ? (inputs[name] ?? subscriptionId) : inputs[name];
    if (typeof value !== "string" || value.includes(UNKNOWN)) return undefined;
    if (name !== scope && (value === "" || value.includes("/"))) {
      throw new UserError(
        `${type.token}: ${name} is "${value}"; it names a part of an Azure id, without "/"`,
      );
    }
    id = id.replace(`{${name}}`, () => (name === scope ? value.replace(/^\/+|\/+$/g, "") : value));
  }
  return id.startsWith("/") ? id : `/${id}`;
}

/** The inputs held in an id (with `subscriptionId`), or `undefined` when the id is not of this type. */
export function parseArmId(type: ResourceType, id: string): Record<string, string> | undefined {
  const match = patternOf(type.id).exec(id.replace(/\/+$/, ""));
  if (match === null) return undefined;
  return Object.fromEntries(placeholders(type.id).map((name, index) => [name, match[index + 1]!]));
}

/** ARM ids are compared without regard to case. */
export function idKey(id: string): string {
  return id.replace(/\/+$/, "").toLowerCase();
}

/** The last segment: a resource's name. */
export function nameOf(id: string): string {
  return id.replace(/\/+$/, "").split("/").at(-1)!;
}

/** The id of the resource that must exist first: the group, or the parent of a child; for a scoped one its scope. */
export function parentOf(id: string): string | undefined {
  const segments = id.replace(/\/+$/, "").split("/");
  const provider = id.toLowerCase().lastIndexOf("/providers/");
  const rest = segments.slice(0, -2);
  if (provider < 0) return rest.length >= 5 ? rest.join("/") : undefined;
  const depth = id.slice(provider + 1).split("/").length;
  const parent = depth <= 4 ? id.slice(0, provider) : rest.join("/");
  return parent === "" ? undefined : parent;
}
