import { KqlError } from "./kql-error";

export interface Token {
  readonly kind: "name" | "number" | "string" | "timespan" | "symbol" | "end";
  readonly text: string;
  /** Of numbers, texts, and of timespans in milliseconds. */
  readonly value?: number | string;
  readonly line: number;
  readonly position: number;
}

const unitMilliseconds: Readonly<Record<string, number>> = {
  d: 86_400_000,
  day: 86_400_000,
  days: 86_400_000,
  h: 3_600_000,
  hour: 3_600_000,
  hours: 3_600_000,
  m: 60_000,
  min: 60_000,
  minute: 60_000,
  minutes: 60_000,
  s: 1000,
  sec: 1000,
  second: 1000,
  seconds: 1000,
  ms: 1,
};

const patterns: readonly [Token["kind"] | "skip", RegExp][] = [
  ["skip", /\s+|\/\/[^\n]*/y],
  ["timespan", /(\d+(?:\.\d+)?)(days|day|d|hours|hour|h|minutes|minute|min|ms|m|seconds|second|sec|s)\b/y],
  ["number", /\d+\.(?!\.)\d*(?:[eE][+-]?\d+)?|\d+(?:[eE][+-]?\d+)?/y],
  ["string", /@"(?:[^"]|"")*"|@'(?:[^']|'')*'|"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'/y],
  ["name", /[A-Za-z_$][A-Za-z0-9_]*/y],
  ["symbol", /\.\.|==|=~|!=|!~|<=|>=|<>|[|()[\],.=<>+\-*/%!;:~]/y],
];

/** @throws KqlError at a character that begins nothing */
export function tokens(text: string): Token[] {
  const found: Token[] = [];
  let [at, line, lineStart] = [0, 1, 0];
  while (at < text.length) {
    const place = { line, position: at - lineStart };
    let matched: RegExpExecArray | null = null;
    for (const [kind, pattern] of patterns) {
      pattern.lastIndex = at;
      matched = pattern.exec(text);
      if (matched === null) continue;
      if (kind !== "skip") found.push({ kind, text: matched[0], ...constantOf(kind, matched), ...place });
      break;
    }
    if (matched === null) throw new KqlError("Unexpected character", { ...place, token: text[at]! });
    for (const [index, character] of [...matched[0]].entries()) {
      if (character !== "\n") continue;
      line++;
      lineStart = at + index + 1;
    }
    at += matched[0].length;
  }
  return [...found, { kind: "end", text: "<end>", line, position: text.length - lineStart }];
}

function constantOf(kind: Token["kind"], match: RegExpExecArray): { value?: number | string } {
  const text = match[0];
  if (kind === "number") return { value: Number(text) };
  if (kind === "timespan") return { value: Number(match[1]) * unitMilliseconds[match[2]!]! };
  if (kind !== "string") return {};
  if (text.startsWith("@")) return { value: text.slice(2, -1).replaceAll(text[1]!.repeat(2), text[1]!) };
  const escapes: Readonly<Record<string, string>> = { n: "\n", t: "\t", r: "\r" };
  return {
    value: text.slice(1, -1).replace(/\\(.)/g, (_, character: string) => escapes[character] ?? character),
  };
}
