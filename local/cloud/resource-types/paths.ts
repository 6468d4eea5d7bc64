import type { Json } from "./model";

export interface Found {
  /** With indexes filled in: `scopes[2]`. */
  path: string;
  value: unknown;
}

export function isJson(value: unknown): value is Json {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}

/** Splits `a.b[*].c` and `a.*.c` into steps. */
function stepsOf(path: string): string[] {
  return path.replaceAll("[*]", ".[*]").split(".").filter(Boolean);
}

/** Every value that a path with `[*]` (elements) and `.*` (keys) reaches; nothing where a part is absent. */
export function valuesAt(root: unknown, path: string): Found[] {
  let found: Found[] = [{ path: "", value: root }];
  for (const step of stepsOf(path)) {
    found = found.flatMap(({ path: at, value }) => {
      if (step === "[*]") {
        return Array.isArray(value) ? value.map((entry, i) => ({ path: `${at}[${i}]`, value: entry })) : [];
      }
      if (!isJson(value)) return [];
      const join = (key: string) => (at === "" ? key : `${at}.${key}`);
      if (step === "*")
        return Object.entries(value).map(([key, entry]) => ({ path: join(key), value: entry }));
      return value[step] === undefined ? [] : [{ path: join(step), value: value[step] }];
    });
  }
  return found;
}

/** Takes away what a path reaches, in a copy. */
export function without(root: Json, paths: readonly string[]): Json {
  if (paths.length === 0) return root;
  const copy = structuredClone(root);
  for (const path of paths) remove(copy, stepsOf(path));
  return copy;
}

function remove(node: unknown, [step, ...rest]: string[]): void {
  if (step === undefined || typeof node !== "object" || node === null) return;
  const record = node as Json;
  const keys = step === "*" || step === "[*]" ? Object.keys(record) : [step];
  for (const key of keys) {
    if (rest.length > 0) remove(record[key], rest);
    else delete record[key];
  }
}

/** `over` laid over `under`, member by member; lists and plain values of `over` win whole. */
export function merge(under: Json, over: Json): Json {
  const result: Json = { ...under };
  for (const [key, value] of Object.entries(over)) {
    const below = result[key];
    result[key] = isJson(value) && isJson(below) ? merge(below, value) : value;
  }
  return result;
}
