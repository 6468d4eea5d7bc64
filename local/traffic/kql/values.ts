/** Values of a query: texts, numbers, booleans, dates, nothing, and whatever JSON holds. Timespans are milliseconds. */

export type KqlRow = Readonly<Record<string, unknown>>;

export function numberOf(value: unknown): number | undefined {
  if (value instanceof Date) return value.getTime();
  if (typeof value === "number") return value;
  return undefined;
}

export function textOf(value: unknown): string {
  if (value === undefined || value === null) return "";
  if (value instanceof Date) return value.toISOString();
  return typeof value === "object" ? JSON.stringify(value) : String(value);
}

export function isNothing(value: unknown): boolean {
  return value === undefined || value === null || (typeof value === "number" && Number.isNaN(value));
}

export function equal(left: unknown, right: unknown): boolean {
  if (left instanceof Date && right instanceof Date) return left.getTime() === right.getTime();
  if (typeof left === typeof right) return left === right;
  // A text beside another kind is compared as text, as a dynamic value is.
  return !isNothing(left) && !isNothing(right) && textOf(left) === textOf(right);
}

/** Negative, 0 or positive; nothing stands before everything. */
export function order(left: unknown, right: unknown): number {
  if (isNothing(left) || isNothing(right)) return Number(isNothing(right)) - Number(isNothing(left));
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a !== undefined && b !== undefined) return a - b;
  const [x, y] = [textOf(left), textOf(right)];
  return x < y ? -1 : x > y ? 1 : 0;
}

/** What groups and joins tell rows apart by. */
export function keyOfValues(values: readonly unknown[]): string {
  return JSON.stringify(
    values.map((value) => (value instanceof Date ? { date: value.getTime() } : (value ?? null))),
  );
}
