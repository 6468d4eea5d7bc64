/** What is done to a query before it is asked. Reads PromQL only as far as strings, braces and brackets go. */

/** Pieces of a query: strings are never looked into. */
function pieces(query: string): readonly { readonly text: string; readonly string: boolean }[] {
  return [...query.matchAll(/("(?:[^"\\]|\\.)*"|'(?:[^'\\]|\\.)*'|`[^`]*`)|([^"'`]+|["'`])/g)].map(
    ([text, string]) => ({ text, string: string !== undefined }),
  );
}

/** `$candidate` and `$live` stand for sides; they are only ever part of a matcher's value. */
export function withSides(query: string, side: (name: "candidate" | "live") => string): string {
  return query.replace(/\$(candidate|live)\b/g, (_, name: "candidate" | "live") => side(name));
}

const unitMilliseconds = {
  ms: 1,
  s: 1000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
  y: 31_536_000_000,
} as const;

const duration = "(?:\\d+(?:ms|[smhdwy]))+";

/**
 * The same query over times that are shorter by a factor, for a rehearsal that runs faster than life: `[5m]` at 60 is
 * `[5000ms]`.
 */
export function faster(query: string, speed: number): string {
  if (speed === 1) return query;
  const shorten = (text: string) => `${Math.max(1, Math.round(millisecondsOf(text) / speed))}ms`;
  const ranges = new RegExp(`\\[\\s*(${duration})\\s*(?::\\s*(${duration})?\\s*)?\\]`, "g");
  const offsets = new RegExp(`\\b(offset\\s+-?)(${duration})`, "g");
  return pieces(query)
    .map(({ text, string }) =>
      string
        ? text
        : text
            .replace(ranges, (whole, range: string, step?: string) =>
              whole.includes(":")
                ? `[${shorten(range)}:${step === undefined ? "" : shorten(step)}]`
                : `[${shorten(range)}]`,
            )
            .replace(offsets, (_, word: string, time: string) => word + shorten(time)),
    )
    .join("");
}

function millisecondsOf(text: string): number {
  return [...text.matchAll(/(\d+)(ms|[smhdwy])/g)].reduce(
    (sum, [, count, unit]) => sum + Number(count) * unitMilliseconds[unit as keyof typeof unitMilliseconds],
    0,
  );
}

/** Series that a query reads, `name{matchers}` each once, without range and offset. A name without braces is not found. */
export function selectorsOf(query: string): readonly string[] {
  const found = new Set<string>();
  let name = "";
  let open: string | undefined;
  for (const { text, string } of pieces(query)) {
    if (string) {
      if (open !== undefined) open += text;
      continue;
    }
    for (const character of text) {
      if (open !== undefined) {
        open += character;
        if (character === "}") {
          found.add(open);
          open = undefined;
        }
      } else if (character === "{") {
        open = `${name}{`;
      }
      name = /[\w:]/.test(character) ? name + character : "";
    }
  }
  return [...found];
}

/** One number: the age of the selector whose newest datum is the oldest. Selectors without data do not count. */
export function newestQuery(selectors: readonly string[]): string {
  return `min(${joined(selectors, (selector) => `max(timestamp(${selector}))`)})`;
}

/** One number: samples that the best series of a selector has in the window, of the selector with the fewest. */
export function pointsQuery(selectors: readonly string[], windowMilliseconds: number): string {
  const range = `[${Math.max(1, Math.round(windowMilliseconds))}ms]`;
  return `min(${joined(selectors, (selector) => `max(count_over_time(${selector}${range}))`)})`;
}

/** `or` of two vectors without labels would drop the second one: each gets a label of its own. */
function joined(selectors: readonly string[], term: (selector: string) => string): string {
  return selectors
    .map((selector, index) => `label_replace(${term(selector)}, "selector", "${index}", "", "")`)
    .join(" or ");
}
