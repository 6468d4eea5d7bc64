import { parseExpression, parseNamed } from "./parse-expression";
import type { Operator, Pipeline, Sorting, Source } from "./syntax";
import { TokenReader } from "./token-reader";

/** How rows of two sides go together, of those that are known here. */
const joinKinds = ["innerunique", "inner", "leftouter", "leftanti", "leftsemi"];

/**
 * Parses a query: one pipeline of tabular operators.
 *
 * @throws KqlError at what is not known here
 */
export function parseQuery(text: string): Pipeline {
  const reader = new TokenReader(text);
  const pipeline = parsePipeline(reader);
  reader.skip(";");
  if (reader.next.kind !== "end") throw reader.fault("an operator or the end is expected");
  return pipeline;
}

function parsePipeline(reader: TokenReader): Pipeline {
  const source = parseSource(reader);
  const operators: Operator[] = [];
  while (reader.skip("|")) operators.push(parseOperator(reader));
  return { source, operators };
}

function parseSource(reader: TokenReader): Source {
  if (reader.skip("union")) return { kind: "union", of: parseSources(reader) };
  if (reader.skip("(")) {
    const of = parsePipeline(reader);
    reader.expect(")");
    return { kind: "pipeline", of };
  }
  const at = reader.name();
  return { kind: "table", name: at.text, at };
}

function parseSources(reader: TokenReader): Source[] {
  const found: Source[] = [];
  do found.push(parseSource(reader));
  while (reader.skip(","));
  return found;
}

function parseOperator(reader: TokenReader): Operator {
  const word = reader.name();
  switch (word.text) {
    case "where":
    case "filter":
      return { kind: "where", condition: parseExpression(reader) };
    case "extend":
      return { kind: "extend", columns: parseNamed(reader) };
    case "project":
      return parseProject(reader);
    case "summarize":
      return parseSummarize(reader);
    case "order":
    case "sort":
      reader.expect("by");
      return { kind: "order", by: parseSortings(reader) };
    case "top": {
      const count = reader.number();
      reader.expect("by");
      return { kind: "top", count, by: parseSorting(reader) };
    }
    case "take":
    case "limit":
      return { kind: "take", count: reader.number() };
    case "count":
      return { kind: "count" };
    case "distinct":
      return { kind: "distinct", columns: reader.skip("*") ? [] : parseNamed(reader) };
    case "join":
      return parseJoin(reader);
    case "union":
      return { kind: "union", with: parseSources(reader) };
    default:
      throw reader.fault(`Unknown operator: '${word.text}'`, word);
  }
}

function parseProject(reader: TokenReader): Operator {
  if (!(reader.is("-") && reader.after.text === "away"))
    return { kind: "project", columns: parseNamed(reader) };
  reader.take();
  reader.take();
  const names = [reader.name().text];
  while (reader.skip(",")) names.push(reader.name().text);
  return { kind: "projectAway", names };
}

function parseSummarize(reader: TokenReader): Operator {
  const values = reader.is("by") ? [] : parseNamed(reader);
  return { kind: "summarize", values, by: reader.skip("by") ? parseNamed(reader) : [] };
}

function parseSortings(reader: TokenReader): Sorting[] {
  const found: Sorting[] = [];
  do found.push(parseSorting(reader));
  while (reader.skip(","));
  return found;
}

function parseSorting(reader: TokenReader): Sorting {
  const value = parseExpression(reader);
  const ascending = reader.skip("asc");
  if (!ascending) reader.skip("desc");
  return { value, ascending };
}

function parseJoin(reader: TokenReader): Operator {
  let how = "innerunique";
  if (reader.skip("kind")) {
    reader.expect("=");
    const named = reader.name();
    if (!joinKinds.includes(named.text)) {
      throw reader.fault(`Unknown join kind: '${named.text}'; known: ${joinKinds.join(", ")}`, named);
    }
    how = named.text;
  }
  const source = parseSource(reader);
  const pipeline = source.kind === "pipeline" ? source.of : { source, operators: [] };
  reader.expect("on");
  const on = [reader.name().text];
  while (reader.skip(",")) on.push(reader.name().text);
  return { kind: "join", how, with: pipeline, on };
}
