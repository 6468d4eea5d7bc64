import { KqlError } from "../kql/kql-error";

const duration =
  /^P(?:(\d+(?:\.\d+)?)D)?(?:T(?:(\d+(?:\.\d+)?)H)?(?:(\d+(?:\.\d+)?)M)?(?:(\d+(?:\.\d+)?)S)?)?$/;

/**
 * ISO 8601 as the APIs take it: a duration up to now, `from/to`, `from/duration`, `duration/to`.
 *
 * @returns milliseconds since 1970
 * @throws KqlError
 */
export function parseTimespan(text: unknown, now: number): { from: number; to: number } {
  if (typeof text !== "string" || text === "") return { from: Number.NEGATIVE_INFINITY, to: now };
  const [first = "", second] = text.split("/");
  const [length, otherLength] = [lengthOf(first), lengthOf(second ?? "")];
  if (second === undefined && length !== undefined) return { from: now - length, to: now };
  const [start, end] = [Date.parse(first), Date.parse(second ?? "")];
  if (!Number.isNaN(start) && !Number.isNaN(end)) return { from: start, to: end };
  if (!Number.isNaN(start) && otherLength !== undefined) return { from: start, to: start + otherLength };
  if (length !== undefined && !Number.isNaN(end)) return { from: end - length, to: end };
  throw new KqlError(`'${text}' is no timespan`, { line: 1, position: 0, token: text });
}

/** Milliseconds; undefined for what is no duration. */
export function lengthOf(text: string): number | undefined {
  const match = duration.exec(text);
  if (match === null || text === "P" || text.endsWith("T")) return undefined;
  const [days, hours, minutes, seconds] = match.slice(1).map((part) => Number(part ?? 0));
  return (((days! * 24 + hours!) * 60 + minutes!) * 60 + seconds!) * 1000;
}
