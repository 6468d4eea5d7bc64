import { aggregateNames } from "./aggregates";
import { functionNames } from "./functions";
import type { Expression, Named } from "./syntax";
import type { TokenReader } from "./token-reader";

const comparisons = ["==", "!=", "<", "<=", ">", ">=", "=~", "!~", "<>"];
const textOperators = [
  "contains",
  "contains_cs",
  "has",
  "has_cs",
  "startswith",
  "startswith_cs",
  "endswith",
  "endswith_cs",
  "matches",
];
const listOperators = ["in", "has_any", "has_all"];

/** @throws KqlError */
export function parseExpression(reader: TokenReader): Expression {
  let left = parseAnd(reader);
  while (reader.skip("or")) left = { kind: "binary", operator: "or", left, right: parseAnd(reader) };
  return left;
}

function parseAnd(reader: TokenReader): Expression {
  let left = parseComparison(reader);
  while (reader.skip("and")) left = { kind: "binary", operator: "and", left, right: parseComparison(reader) };
  return left;
}

function parseComparison(reader: TokenReader): Expression {
  const left = parseSum(reader);
  const negated = reader.is("!") && reader.after.kind === "name" && reader.skip("!");
  if (!negated && reader.is(...comparisons)) {
    return { kind: "binary", operator: reader.take().text, left, right: parseSum(reader) };
  }
  if (reader.is("between")) {
    reader.take();
    reader.expect("(");
    const from = parseSum(reader);
    reader.expect("..");
    const to = parseSum(reader);
    reader.expect(")");
    return { kind: "between", of: left, from, to, not: negated };
  }
  if (reader.is(...textOperators)) {
    const operator = reader.take().text;
    if (operator === "matches") reader.expect("regex");
    const found: Expression = { kind: "binary", operator, left, right: parseSum(reader) };
    return negated ? { kind: "unary", operator: "not", of: found } : found;
  }
  if (reader.is(...listOperators)) {
    const name = reader.take().text;
    const operator = reader.skip("~") ? `${name}~` : name;
    const found: Expression = { kind: "in", operator, of: left, among: parseArguments(reader) };
    return negated ? { kind: "unary", operator: "not", of: found } : found;
  }
  if (negated) throw reader.fault("an operator is expected after '!'");
  return left;
}

function parseSum(reader: TokenReader): Expression {
  let left = parseProduct(reader);
  while (reader.is("+", "-")) {
    left = { kind: "binary", operator: reader.take().text, left, right: parseProduct(reader) };
  }
  return left;
}

function parseProduct(reader: TokenReader): Expression {
  let left = parseUnary(reader);
  while (reader.is("*", "/", "%")) {
    left = { kind: "binary", operator: reader.take().text, left, right: parseUnary(reader) };
  }
  return left;
}

function parseUnary(reader: TokenReader): Expression {
  if (reader.skip("-")) return { kind: "unary", operator: "-", of: parseUnary(reader) };
  let value = parsePrimary(reader);
  while (reader.is(".", "[")) {
    if (reader.skip(".")) {
      value = { kind: "member", of: value, name: { kind: "constant", value: reader.name().text } };
      continue;
    }
    reader.expect("[");
    value = { kind: "member", of: value, name: parseExpression(reader) };
    reader.expect("]");
  }
  return value;
}

function parsePrimary(reader: TokenReader): Expression {
  if (reader.skip("(")) {
    const inner = parseExpression(reader);
    reader.expect(")");
    return inner;
  }
  const { kind, text } = reader.next;
  if (kind === "number" || kind === "string" || kind === "timespan") {
    return { kind: "constant", value: reader.take().value };
  }
  if (kind !== "name") throw reader.fault("an expression is expected");
  const at = reader.take();
  if (text === "true" || text === "false") return { kind: "constant", value: text === "true" };
  if (text === "datetime" && reader.is("(")) return parseDate(reader);
  if (!reader.is("(")) return { kind: "column", name: text, at };
  const args = parseArguments(reader);
  if (text === "not") return { kind: "unary", operator: "not", of: args[0]! };
  if (!functionNames.has(text) && !aggregateNames.has(text))
    throw reader.fault(`Unknown function: '${text}'`, at);
  return { kind: "call", name: text, args, at };
}

function parseDate(reader: TokenReader): Expression {
  const at = reader.next;
  reader.expect("(");
  let text = "";
  while (!reader.is(")") && reader.next.kind !== "end")
    text += String(reader.next.kind === "string" ? reader.take().value : reader.take().text);
  reader.expect(")");
  const value = new Date(/[zZ]$|[+-]\d\d:?\d\d$/.test(text) || !text.includes("T") ? text : `${text}Z`);
  if (Number.isNaN(value.getTime())) throw reader.fault("this is no datetime", at);
  return { kind: "constant", value };
}

export function parseArguments(reader: TokenReader): Expression[] {
  reader.expect("(");
  const args: Expression[] = [];
  while (!reader.is(")")) {
    args.push(parseExpression(reader));
    if (!reader.skip(",")) break;
  }
  reader.expect(")");
  return args;
}

/** `name = expression, …`; what has no name is called by what it is, as `count_`. */
export function parseNamed(reader: TokenReader): Named[] {
  const found: Named[] = [];
  do {
    if (reader.next.kind === "name" && reader.after.text === "=") {
      const name = reader.take().text;
      reader.take();
      found.push({ name, value: parseExpression(reader) });
      continue;
    }
    const value = parseExpression(reader);
    found.push({ name: nameOf(value, found.length + 1), value });
  } while (reader.skip(","));
  return found;
}

function nameOf(value: Expression, index: number): string {
  if (value.kind === "column") return value.name;
  if (value.kind !== "call") return `Column${index}`;
  const [first] = value.args;
  const of = first?.kind === "column" ? first.name : "";
  return value.name === "bin" ? of : `${value.name}_${of}`;
}
