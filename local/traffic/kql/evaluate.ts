import { evaluate, requireKnown, type Scope } from "./evaluate-expression";
import { KqlError } from "./kql-error";
import { parseQuery } from "./parse";
import type { Expression, Named, Operator, Pipeline, Sorting, Source } from "./syntax";
import { isNothing, type KqlRow, keyOfValues, order } from "./values";

export interface Database {
  /** Rows of a table; undefined for one that there is not. */
  rows(table: string): readonly KqlRow[] | undefined;
  readonly columns: Readonly<Record<string, readonly string[]>>;
  readonly now: Date;
}

/** In the form of the query API. */
export interface QueryResult {
  readonly columns: readonly { readonly name: string; readonly type: string }[];
  readonly rows: readonly (readonly unknown[])[];
}

interface Table {
  readonly columns: readonly string[];
  readonly rows: readonly KqlRow[];
}

/**
 * Runs a query over tables in memory. Known is what docs/local-traffic.md lists.
 *
 * @throws KqlError for everything else, with the place
 */
export function runQuery(text: string, database: Database): QueryResult {
  const { columns, rows } = runPipeline(parseQuery(text), database);
  return {
    columns: columns.map((name) => ({ name, type: typeOf(rows.map((row) => row[name])) })),
    rows: rows.map((row) => columns.map((name) => shown(row[name]))),
  };
}

function runPipeline({ source, operators }: Pipeline, database: Database): Table {
  return operators.reduce((table, operator) => apply(operator, table, database), read(source, database));
}

function read(source: Source, database: Database): Table {
  if (source.kind === "pipeline") return runPipeline(source.of, database);
  if (source.kind === "union") return unite(source.of.map((part) => read(part, database)));
  const { name, at } = source;
  const rows = database.rows(name);
  if (rows !== undefined) return { columns: database.columns[name] ?? [], rows };
  throw new KqlError(`Failed to resolve table or column expression named '${name}'`, {
    line: at.line,
    position: at.position,
    token: name,
  });
}

function unite(tables: readonly Table[]): Table {
  return {
    columns: [...new Set(tables.flatMap(({ columns }) => columns))],
    rows: tables.flatMap(({ rows }) => rows),
  };
}

function apply(operator: Operator, table: Table, database: Database): Table {
  const { columns, rows } = table;
  const scope: Scope = { columns, now: database.now };
  const known = (expressions: readonly Expression[]) => {
    for (const expression of expressions) requireKnown(expression, columns, false);
  };
  switch (operator.kind) {
    case "where":
      known([operator.condition]);
      return { columns, rows: rows.filter((row) => evaluate(operator.condition, row, scope) === true) };
    case "extend":
    case "project": {
      known(operator.columns.map(({ value }) => value));
      const values = (row: KqlRow) => named(operator.columns, row, scope);
      const names = operator.columns.map(({ name }) => name);
      return operator.kind === "project"
        ? { columns: names, rows: rows.map(values) }
        : {
            columns: [...new Set([...columns, ...names])],
            rows: rows.map((row) => ({ ...row, ...values(row) })),
          };
    }
    case "projectAway":
      return { columns: columns.filter((name) => !operator.names.includes(name)), rows };
    case "summarize":
      return summarize(operator.values, operator.by, table, scope);
    case "order":
      known(operator.by.map(({ value }) => value));
      return { columns, rows: sorted(rows, operator.by, scope) };
    case "top":
      known([operator.by.value]);
      return { columns, rows: sorted(rows, [operator.by], scope).slice(0, operator.count) };
    case "take":
      return { columns, rows: rows.slice(0, operator.count) };
    case "count":
      return { columns: ["Count"], rows: [{ Count: rows.length }] };
    case "distinct": {
      const of = operator.columns.length === 0 ? columns.map(columnNamed) : operator.columns;
      return summarize([], of, table, scope);
    }
    case "union":
      return unite([table, ...operator.with.map((source) => read(source, database))]);
    case "join":
      return join(operator, table, runPipeline(operator.with, database));
  }
}

function columnNamed(name: string): Named {
  return { name, value: { kind: "column", name, at: { kind: "name", text: name, line: 1, position: 0 } } };
}

function named(columns: readonly Named[], row: KqlRow, scope: Scope): KqlRow {
  return Object.fromEntries(columns.map(({ name, value }) => [name, evaluate(value, row, scope)]));
}

/** Without groups there is always one row, even of nothing; with groups one for each that has rows. */
function summarize(
  values: readonly Named[],
  by: readonly Named[],
  { columns, rows }: Table,
  scope: Scope,
): Table {
  for (const { value } of by) requireKnown(value, columns, false);
  for (const { value } of values) requireKnown(value, columns, true);
  const groups = new Map<string, { key: KqlRow; rows: KqlRow[] }>();
  if (by.length === 0) groups.set("", { key: {}, rows: [...rows] });
  else {
    for (const row of rows) {
      const key = named(by, row, scope);
      const text = keyOfValues(Object.values(key));
      const group = groups.get(text);
      if (group === undefined) groups.set(text, { key, rows: [row] });
      else group.rows.push(row);
    }
  }
  return {
    columns: [...by, ...values].map(({ name }) => name),
    rows: [...groups.values()].map(({ key, rows: group }) => ({
      ...key,
      ...named(values, group[0] ?? {}, { ...scope, group }),
    })),
  };
}

function sorted(rows: readonly KqlRow[], by: readonly Sorting[], scope: Scope): KqlRow[] {
  const keyed = rows.map((row) => ({ row, keys: by.map(({ value }) => evaluate(value, row, scope)) }));
  keyed.sort((left, right) => {
    for (const [index, { ascending }] of by.entries()) {
      const sign = order(left.keys[index], right.keys[index]);
      if (sign !== 0) return ascending ? sign : -sign;
    }
    return 0;
  });
  return keyed.map(({ row }) => row);
}

function join({ how, on }: Extract<Operator, { kind: "join" }>, left: Table, right: Table): Table {
  const keyOf = (row: KqlRow) => keyOfValues(on.map((name) => row[name]));
  const matches = new Map<string, KqlRow[]>();
  for (const row of right.rows) matches.set(keyOf(row), [...(matches.get(keyOf(row)) ?? []), row]);
  if (how === "leftanti") return { ...left, rows: left.rows.filter((row) => !matches.has(keyOf(row))) };
  if (how === "leftsemi") return { ...left, rows: left.rows.filter((row) => matches.has(keyOf(row))) };
  // A column that both sides have is told apart by a digit, as Kusto does.
  const renamed = right.columns.map(
    (name) => [name, left.columns.includes(name) ? `${name}1` : name] as const,
  );
  const first = new Set<string>();
  const joined = left.rows.flatMap((row) => {
    const key = keyOf(row);
    if (how === "innerunique" && first.has(key)) return [];
    first.add(key);
    const found = matches.get(key) ?? (how === "leftouter" ? [{}] : []);
    return found.map((other: KqlRow) => ({
      ...row,
      ...Object.fromEntries(renamed.map(([name, as]) => [as, other[name]])),
    }));
  });
  return { columns: [...left.columns, ...renamed.map(([, as]) => as)], rows: joined };
}

function typeOf(values: readonly unknown[]): string {
  const value = values.find((candidate) => !isNothing(candidate));
  if (value instanceof Date) return "datetime";
  if (typeof value === "boolean") return "bool";
  if (typeof value === "number")
    return values.every((one) => isNothing(one) || Number.isInteger(one)) ? "long" : "real";
  return typeof value === "object" ? "dynamic" : "string";
}

/** JSON has no NaN: the query API writes it as a text. */
function shown(value: unknown): unknown {
  if (value instanceof Date) return value.toISOString();
  if (typeof value === "number" && !Number.isFinite(value))
    return Number.isNaN(value) ? "NaN" : value > 0 ? "Infinity" : "-Infinity";
  return value ?? null;
}
