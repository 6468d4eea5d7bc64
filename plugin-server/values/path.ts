import { isObject } from "./property";

/** Keys and indexes from the resource's root: `["siteConfig", "list", 1, "a.b"]`. */
export type Path = readonly (string | number)[];

/** The engine's notation: `siteConfig.list[1]["a.b"]`. A path that it cannot parse fails the run. */
export function formatPath(path: Path): string {
  let text = "";
  for (const step of path) {
    if (typeof step === "number") text += `[${step}]`;
    else if (step === "" || /[.[\]"\s]/.test(step)) {
      text += `["${step.replaceAll("\\", "\\\\").replaceAll('"', '\\"')}"]`;
    } else text += text === "" ? step : `.${step}`;
  }
  return text;
}

/** Splits a table's path (`a.b[*].c`, `a.*.c`) into steps; `*` stands for every key or index. */
export function patternSteps(pattern: string): string[] {
  return pattern.replaceAll("[*]", ".*").split(".").filter(Boolean);
}

/** Whether the path lies at or below what the pattern names. Indexes in the path count as `*` or are passed over. */
export function isAtOrBelow(path: Path, pattern: readonly string[]): boolean {
  let at = 0;
  for (const step of pattern) {
    while (step !== "*" && typeof path[at] === "number") at++;
    const here = path[at];
    if (here === undefined || (step !== "*" && step !== here)) return false;
    at++;
  }
  return true;
}

/** A copy in which every value that the pattern reaches went through `change`; absent ones are not made. */
export function mapAt(
  value: unknown,
  steps: readonly string[],
  change: (value: unknown) => unknown,
): unknown {
  const [step, ...rest] = steps;
  if (step === undefined) return change(value);
  if (Array.isArray(value)) {
    return value.map((entry, index) =>
      step === "*" || step === String(index) ? mapAt(entry, rest, change) : entry,
    );
  }
  if (!isObject(value)) return value;
  const copy = { ...value };
  for (const key of step === "*" ? Object.keys(copy) : [step]) {
    if (copy[key] !== undefined && copy[key] !== null) copy[key] = mapAt(copy[key], rest, change);
  }
  return copy;
}
