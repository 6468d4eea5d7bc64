import { aggregateNames, callAggregate } from "./aggregates";
import { callFunction } from "./functions";
import { KqlError } from "./kql-error";
import type { Expression } from "./syntax";
import { equal, isNothing, type KqlRow, numberOf, order, textOf } from "./values";

export interface Scope {
  readonly columns: readonly string[];
  readonly now: Date;
  /** Rows of the group, where aggregates may stand. */
  readonly group?: readonly KqlRow[];
}

/** @throws KqlError for a column that is not there, an aggregate where none may stand */
export function evaluate(expression: Expression, row: KqlRow, scope: Scope): unknown {
  const inner = (of: Expression) => evaluate(of, row, scope);
  switch (expression.kind) {
    case "constant":
      return expression.value;
    case "column":
      return row[expression.name];
    case "member": {
      const of = inner(expression.of);
      const name = inner(expression.name);
      return typeof of === "object" && of !== null
        ? (of as Record<string, unknown>)[String(name)]
        : undefined;
    }
    case "unary": {
      const value = inner(expression.of);
      if (expression.operator === "not") return value !== true;
      return typeof value === "number" ? -value : undefined;
    }
    case "in":
      return isAmong(expression.operator, inner(expression.of), expression.among.map(inner));
    case "between": {
      const value = inner(expression.of);
      const within = order(value, inner(expression.from)) >= 0 && order(value, inner(expression.to)) <= 0;
      return !isNothing(value) && within !== expression.not;
    }
    case "binary":
      return binary(expression.operator, inner(expression.left), () => inner(expression.right));
    case "call":
      return call(expression, row, scope);
  }
}

function call(expression: Extract<Expression, { kind: "call" }>, row: KqlRow, scope: Scope): unknown {
  const { name, args } = expression;
  if (!aggregateNames.has(name)) {
    return callFunction(
      name,
      args.map((of) => evaluate(of, row, scope)),
      scope,
    );
  }
  const { group, ...outside } = scope;
  return callAggregate(
    name,
    group!.map((member) => args.map((of) => evaluate(of, member, outside))),
  );
}

/** Columns and aggregates are looked at before any row is: an empty table hides no fault. */
export function requireKnown(
  expression: Expression,
  columns: readonly string[],
  aggregatesAllowed: boolean,
): void {
  if (expression.kind === "column" && !columns.includes(expression.name)) {
    throw faultAt(expression.at, `Failed to resolve scalar expression named '${expression.name}'`);
  }
  const isAggregate = expression.kind === "call" && aggregateNames.has(expression.name);
  if (isAggregate && !aggregatesAllowed) {
    throw faultAt(expression.at, `'${expression.name}' is an aggregate and may stand in summarize alone`);
  }
  for (const part of partsOf(expression)) requireKnown(part, columns, aggregatesAllowed && !isAggregate);
}

function partsOf(expression: Expression): readonly Expression[] {
  switch (expression.kind) {
    case "constant":
    case "column":
      return [];
    case "member":
      return [expression.of, expression.name];
    case "unary":
      return [expression.of];
    case "in":
      return [expression.of, ...expression.among];
    case "between":
      return [expression.of, expression.from, expression.to];
    case "binary":
      return [expression.left, expression.right];
    case "call":
      return expression.args;
  }
}

function faultAt(
  { line, position, text }: { line: number; position: number; text: string },
  message: string,
): KqlError {
  return new KqlError(message, { line, position, token: text });
}

function binary(operator: string, left: unknown, rightOf: () => unknown): unknown {
  if (operator === "and") return left === true && rightOf() === true;
  if (operator === "or") return left === true || rightOf() === true;
  const right = rightOf();
  switch (operator) {
    case "==":
      return equal(left, right);
    case "!=":
    case "<>":
      return !equal(left, right);
    case "=~":
      return lower(left) === lower(right);
    case "!~":
      return lower(left) !== lower(right);
    case "<":
    case "<=":
    case ">":
    case ">=":
      return compare(operator, left, right);
    case "+":
    case "-":
    case "*":
    case "/":
    case "%":
      return arithmetic(operator, left, right);
    default:
      return textMatch(operator, left, right);
  }
}

function compare(operator: string, left: unknown, right: unknown): boolean {
  if (isNothing(left) || isNothing(right)) return false;
  const sign = order(left, right);
  if (operator === "<") return sign < 0;
  if (operator === "<=") return sign <= 0;
  return operator === ">" ? sign > 0 : sign >= 0;
}

function arithmetic(operator: string, left: unknown, right: unknown): unknown {
  const [a, b] = [numberOf(left), numberOf(right)];
  if (a === undefined || b === undefined) return undefined;
  const dates = Number(left instanceof Date) + Number(right instanceof Date);
  if (operator === "+") return dates === 1 ? new Date(a + b) : a + b;
  if (operator === "-") return dates === 1 ? new Date(a - b) : a - b;
  if (operator === "*") return a * b;
  return operator === "/" ? a / b : a % b;
}

function textMatch(operator: string, left: unknown, right: unknown): boolean {
  const sensitive = operator.endsWith("_cs");
  const [text, part] = sensitive ? [textOf(left), textOf(right)] : [lower(left), lower(right)];
  switch (operator.replace(/_cs$/, "")) {
    case "contains":
      return text.includes(part);
    case "startswith":
      return text.startsWith(part);
    case "endswith":
      return text.endsWith(part);
    case "has":
      return hasTerm(text, part);
    default:
      return new RegExp(textOf(right)).test(textOf(left));
  }
}

function isAmong(operator: string, value: unknown, among: readonly unknown[]): boolean {
  const listed = among.flatMap((entry) => (Array.isArray(entry) ? (entry as unknown[]) : [entry]));
  if (operator === "in") return listed.some((entry) => equal(value, entry));
  if (operator === "in~") return listed.some((entry) => lower(value) === lower(entry));
  const terms = listed.map((entry) => hasTerm(lower(value), lower(entry)));
  return operator.startsWith("has_any") ? terms.some(Boolean) : terms.every(Boolean);
}

/** A term is bounded by what is neither letter nor digit. */
function hasTerm(text: string, term: string): boolean {
  for (let at = text.indexOf(term); at >= 0; at = text.indexOf(term, at + 1)) {
    const bounded = (character: string | undefined) =>
      character === undefined || !/[\p{L}\p{N}]/u.test(character);
    if (bounded(text[at - 1]) && bounded(text[at + term.length])) return true;
  }
  return false;
}

function lower(value: unknown): string {
  return textOf(value).toLowerCase();
}
