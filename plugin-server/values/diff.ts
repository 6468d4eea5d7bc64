import type { Path } from "./path";
import { isAbsent, isObject, isUnknown, reveal } from "./property";

export interface LeafChange {
  path: Path;
  kind: "add" | "delete" | "update";
}

export interface CompareRules {
  /** Whether two texts mean the same at this path (`West Europe` and `westeurope`). */
  sameText?(path: Path, old: string, now: string): boolean;
  /** Lists whose order says nothing. */
  isSet?(path: Path): boolean;
}

/**
 * Every leaf in which two values differ, secrets compared by what they hold. Leaves rather than branches, because
 * `replaceOnChanges` and `ignoreChanges` match on the path that is reported. `null` counts as absent, an unknown differs
 * from everything.
 */
export function leafChanges(old: unknown, now: unknown, rules: CompareRules = {}): LeafChange[] {
  const changes: LeafChange[] = [];
  compare([], reveal(old), reveal(now), rules, changes);
  return changes;
}

function compare(path: Path, old: unknown, now: unknown, rules: CompareRules, changes: LeafChange[]): void {
  if (isAbsent(old) && isAbsent(now)) return;
  if (isAbsent(old)) leaves(path, now, "add", changes);
  else if (isAbsent(now)) leaves(path, old, "delete", changes);
  else if (isUnknown(now)) {
    changes.push({ path, kind: "update" });
  } else if (Array.isArray(old) && Array.isArray(now)) {
    if (rules.isSet?.(path) && sameSet(old, now)) return;
    for (let i = 0; i < Math.max(old.length, now.length); i++)
      compare([...path, i], old[i], now[i], rules, changes);
  } else if (isObject(old) && isObject(now)) {
    for (const key of new Set([...Object.keys(old), ...Object.keys(now)])) {
      compare([...path, key], old[key], now[key], rules, changes);
    }
  } else if (old !== now) {
    if (typeof old === "string" && typeof now === "string" && rules.sameText?.(path, old, now)) return;
    changes.push({ path, kind: "update" });
  }
}

function leaves(path: Path, value: unknown, kind: "add" | "delete", changes: LeafChange[]): void {
  if (isAbsent(value)) return;
  if (Array.isArray(value) && value.length > 0) {
    for (const [index, entry] of value.entries()) leaves([...path, index], entry, kind, changes);
  } else if (isObject(value) && Object.keys(value).length > 0) {
    for (const [key, entry] of Object.entries(value)) leaves([...path, key], entry, kind, changes);
  } else {
    changes.push({ path, kind });
  }
}

function sameSet(old: readonly unknown[], now: readonly unknown[]): boolean {
  const texts = (list: readonly unknown[]) => list.map((entry) => JSON.stringify(entry)).sort();
  const [left, right] = [texts(old), texts(now)];
  return left.length === right.length && left.every((text, index) => text === right[index]);
}
