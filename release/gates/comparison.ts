import type { Check } from "../../runbooks/vocabulary/check-gate";
import { isJson } from "../targets/json";

/** A condition on one place of an answer, as contracts write it. */
export type Comparison = Extract<Check, { provider: "azureResource" }>["expects"][number];

/** Whether an answer is as it must be, and what was seen in it, in one line. */
export interface Compared {
  readonly holds: boolean;
  readonly seen: string;
}

const longestShown = 120;
/** What stands there is compared and never shown. */
const secretPlace =
  /token|secret|password|passwd|credential|authorization|cookie|(?:api|access|account)[-_]?key/i;

/**
 * What stands at a path: `status`, `checks.0.name`, `$` for the whole answer. A key that has dots itself
 * (`rollback.md`) goes before one that is a step on the way. Only an answer's own keys are there, not `constructor`.
 *
 * @returns undefined when nothing stands there
 */
export function valueAt(answer: unknown, path: string): unknown {
  return path === "$" ? answer : below(answer, path.split("."));
}

function below(value: unknown, steps: readonly string[]): unknown {
  if (steps.length === 0) return value;
  if (typeof value !== "object" || value === null) return undefined;
  for (let taken = steps.length; taken > 0; taken--) {
    const key = steps.slice(0, taken).join(".");
    if (!Object.hasOwn(value, key)) continue;
    const found = below((value as Record<string, unknown>)[key], steps.slice(taken));
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Where nothing stands, only `absent` holds: not even `notEquals`, which would pass an answer of another shape. */
export function compare(comparison: Comparison, answer: unknown): Compared {
  const { path, operator, value: expected } = comparison;
  const found = valueAt(answer, path);
  const there = found !== undefined && found !== null;
  const holds = operator === "absent" ? !there : there && operators[operator](found, expected);
  return { holds, seen: said(comparison, found, there, holds) };
}

/** All of them must hold; what is seen names those that do not, else all. */
export function compareAll(comparisons: readonly Comparison[], answer: unknown): Compared {
  const all = comparisons.map((comparison) => compare(comparison, answer));
  const failed = all.filter(({ holds }) => !holds);
  const told = failed.length === 0 ? all : failed;
  return { holds: failed.length === 0, seen: told.map(({ seen }) => seen).join("; ") };
}

const operators: Readonly<
  Record<
    Exclude<Comparison["operator"], "absent">,
    (found: unknown, expected: Comparison["value"]) => boolean
  >
> = {
  exists: () => true,
  equals: same,
  notEquals: (found, expected) => !same(found, expected),
  contains,
  matches: (found, expected) => scalar(found) && new RegExp(String(expected)).test(String(found)),
  atLeast: (found, expected) => numberOf(found) >= numberOf(expected),
  atMost: (found, expected) => numberOf(found) <= numberOf(expected),
};

/** Headers and columns are texts even where they are numbers, so that `60` and `"60"` are the same. */
function same(found: unknown, expected: unknown): boolean {
  if (typeof found === typeof expected) return found === expected;
  return (
    typeof found !== "boolean" && typeof expected !== "boolean" && numberOf(found) === numberOf(expected)
  );
}

/** A part of a text, an element of a list, or a part of any column of a row. */
function contains(found: unknown, expected: Comparison["value"]): boolean {
  if (Array.isArray(found)) return found.some((element) => same(element, expected));
  if (isJson(found)) {
    return Object.values(found).some((column) => scalar(column) && String(column).includes(String(expected)));
  }
  return scalar(found) && String(found).includes(String(expected));
}

function scalar(value: unknown): value is string | number | boolean {
  return typeof value === "string" || typeof value === "number" || typeof value === "boolean";
}

/** NaN for everything that is no number, of which no comparison holds. */
function numberOf(value: unknown): number {
  if (typeof value === "number") return value;
  return typeof value === "string" && /^-?\d+(\.\d+)?(e[+-]?\d+)?$/i.test(value.trim())
    ? Number(value)
    : Number.NaN;
}

const words: Readonly<Record<Comparison["operator"], string>> = {
  equals: "not",
  notEquals: "which it must not be",
  contains: "which does not contain",
  matches: "which does not match",
  atLeast: "not at least",
  atMost: "not at most",
  exists: "",
  absent: "",
};

function said(comparison: Comparison, found: unknown, there: boolean, holds: boolean): string {
  const { path, operator, value } = comparison;
  const name = path === "$" ? "the answer" : path;
  if (operator === "absent") return there ? `${name} is there, and must not be` : `${name} is absent`;
  if (!there) return `${name} is not there`;
  if (operator === "exists") return `${name} is there`;
  const shown = secretPlace.test(path) ? "a value that is not shown" : shortly(found);
  // Of a long answer the beginning says nothing.
  if (holds && operator === "contains" && shown.endsWith(cut))
    return `${name} contains ${JSON.stringify(value)}`;
  if (holds) return `${name} is ${shown}`;
  const expected = operator === "notEquals" ? "" : ` ${JSON.stringify(value)}`;
  return `${name} is ${shown}, ${words[operator]}${expected}`;
}

const cut = "…";

function shortly(value: unknown): string {
  const text = JSON.stringify(value, (key, inner) => (secretPlace.test(key) ? "(not shown)" : inner));
  return text.length <= longestShown ? text : `${text.slice(0, longestShown)}${cut}`;
}
