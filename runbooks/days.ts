/** First and last day of what a calendar names, such as `2026-12-25`; the same of a single day. */
export interface Days {
  readonly first: string;
  readonly last: string;
}

/**
 * What a calendar names: a day, or a period by first and last day as ISO 8601 writes it, `2026-12-21/2026-12-31`.
 *
 * @returns undefined for what is neither, names a day that there is not, or ends before it begins
 */
export function daysOf(text: unknown): Days | undefined {
  if (typeof text !== "string") return undefined;
  const [first = "", last = first, ...more] = text.split("/");
  return more.length === 0 && isDay(first) && isDay(last) && first <= last ? { first, last } : undefined;
}

function isDay(text: string): boolean {
  const time = Date.parse(`${text}T00:00:00Z`);
  return (
    /^\d{4}-\d{2}-\d{2}$/.test(text) &&
    !Number.isNaN(time) &&
    new Date(time).toISOString().slice(0, 10) === text
  );
}
