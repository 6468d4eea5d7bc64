import type { Json } from "../targets/json";
import { type Comparison, compare } from "./comparison";

/**
 * Rows against those that had the same first column before. A number of the expectations is a factor of what stood there:
 * `atLeast 1` of a count is "not fewer".
 */
export function comparedRows(
  before: readonly Json[],
  after: readonly Json[],
  expects: readonly Comparison[],
): { readonly holds: boolean; readonly seen: string } {
  if (before.length === 0)
    return { holds: false, seen: "there was no row before, so that nothing can be compared" };
  const later = new Map(after.map((row) => [keyOf(row), row]));
  const faults = before.flatMap((row) => {
    const key = keyOf(row);
    const now = later.get(key);
    if (now === undefined) return [`${key} is gone`];
    return expects.flatMap((expected) => {
      const was = row[expected.path];
      const value =
        typeof expected.value === "number" && was !== undefined
          ? expected.value * Number(was)
          : expected.value;
      const { holds, seen } = compare({ ...expected, ...(value !== undefined && { value }) }, now);
      return holds ? [] : [`${key}: ${seen}`];
    });
  });
  const more = after.length - before.length;
  return faults.length === 0
    ? { holds: true, seen: `${before.length} rows as before${more > 0 ? `, ${more} more` : ""}` }
    : { holds: false, seen: faults.slice(0, 8).join("; ") };
}

function keyOf(row: Json): string {
  return String(Object.values(row)[0]);
}
