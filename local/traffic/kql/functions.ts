import { isNothing, numberOf, textOf } from "./values";

interface FunctionContext {
  readonly now: Date;
}

type ScalarFunction = (args: readonly unknown[], context: FunctionContext) => unknown;

function startOf(value: unknown, milliseconds: number, offset = 0): Date | undefined {
  const at = numberOf(value);
  return at === undefined
    ? undefined
    : new Date(Math.floor((at - offset) / milliseconds) * milliseconds + offset);
}

const day = 86_400_000;
/** 1970 began on a Thursday; a week of Kusto's begins on Sunday. */
const sunday = 3 * day;

function numeric(of: (value: number) => number): ScalarFunction {
  return ([value]) => (typeof value === "number" ? of(value) : undefined);
}

function parsedNumber(value: unknown): number | undefined {
  if (typeof value === "boolean") return Number(value);
  const text = textOf(value).trim();
  return text === "" || Number.isNaN(Number(text)) ? undefined : Number(text);
}

function bin([value, size]: readonly unknown[]): unknown {
  const [at, width] = [numberOf(value), numberOf(size)];
  if (at === undefined || width === undefined || width <= 0) return undefined;
  const floor = Math.floor(at / width) * width;
  return value instanceof Date ? new Date(floor) : floor;
}

const functions: Readonly<Record<string, ScalarFunction>> = {
  ago: ([span], { now }) => new Date(now.getTime() - Number(span)),
  now: ([span], { now }) => new Date(now.getTime() + Number(span ?? 0)),
  startofday: ([value]) => startOf(value, day),
  startofhour: ([value]) => startOf(value, day / 24),
  startofweek: ([value]) => startOf(value, 7 * day, sunday),
  todatetime: ([value]) => {
    const at = value instanceof Date ? value : new Date(textOf(value));
    return Number.isNaN(at.getTime()) ? undefined : at;
  },
  bin,
  floor: bin,
  tostring: ([value]) => textOf(value),
  toint: ([value]) => {
    const number = parsedNumber(value);
    return number === undefined ? undefined : Math.trunc(number);
  },
  tolong: ([value]) => {
    const number = parsedNumber(value);
    return number === undefined ? undefined : Math.trunc(number);
  },
  todouble: ([value]) => parsedNumber(value),
  toreal: ([value]) => parsedNumber(value),
  tobool: ([value]) => (typeof value === "boolean" ? value : textOf(value).toLowerCase() === "true"),
  tolower: ([value]) => textOf(value).toLowerCase(),
  toupper: ([value]) => textOf(value).toUpperCase(),
  strlen: ([value]) => textOf(value).length,
  strcat: (args) => args.map(textOf).join(""),
  substring: ([value, start, length]) =>
    textOf(value).slice(Number(start), length === undefined ? undefined : Number(start) + Number(length)),
  replace_string: ([value, from, to]) => textOf(value).replaceAll(textOf(from), textOf(to)),
  split: ([value, separator]) => textOf(value).split(textOf(separator)),
  extract: ([pattern, group, value]) => new RegExp(textOf(pattern)).exec(textOf(value))?.[Number(group)],
  parse_json: ([value]) => parsedJson(value),
  todynamic: ([value]) => parsedJson(value),
  isempty: ([value]) => textOf(value) === "",
  isnotempty: ([value]) => textOf(value) !== "",
  isnull: ([value]) => isNothing(value),
  isnotnull: ([value]) => !isNothing(value),
  isnan: ([value]) => typeof value === "number" && Number.isNaN(value),
  iff: ([condition, yes, no]) => (condition === true ? yes : no),
  iif: ([condition, yes, no]) => (condition === true ? yes : no),
  case: (args) => {
    for (let index = 0; index + 1 < args.length; index += 2) if (args[index] === true) return args[index + 1];
    return args.at(-1);
  },
  coalesce: (args) => args.find((value) => !isNothing(value) && value !== ""),
  round: ([value, digits]) =>
    typeof value === "number" ? Number(value.toFixed(Number(digits ?? 0))) : undefined,
  abs: numeric(Math.abs),
  ceiling: numeric(Math.ceil),
  sqrt: numeric(Math.sqrt),
  log: numeric(Math.log),
};

export const functionNames: ReadonlySet<string> = new Set(Object.keys(functions));

export function callFunction(name: string, args: readonly unknown[], context: FunctionContext): unknown {
  return functions[name]!(args, context);
}

function parsedJson(value: unknown): unknown {
  if (typeof value !== "string") return value;
  try {
    return JSON.parse(value) as unknown;
  } catch (error) {
    if (error instanceof SyntaxError) return value;
    throw error;
  }
}
