import { isNothing, keyOfValues, numberOf, order } from "./values";

/** Values of an aggregate's arguments, row by row. */
type Arguments = readonly (readonly unknown[])[];
type Aggregate = (rows: Arguments) => unknown;

function numbers(rows: Arguments, index = 0): number[] {
  return rows
    .map((args) => numberOf(args[index]))
    .filter((value) => value !== undefined && !Number.isNaN(value)) as number[];
}

function total(values: readonly number[]): number {
  return values.reduce((sum, value) => sum + value, 0);
}

function where(rows: Arguments, index: number): Arguments {
  return rows.filter((args) => args[index] === true);
}

/** The value below which that share of the weight lies (nearest rank). */
function percentile(rows: Arguments, percent: number): number | undefined {
  const weighted = rows
    .map(([value, weight]) => [numberOf(value), Number(weight)] as const)
    .filter((pair): pair is readonly [number, number] => pair[0] !== undefined && pair[1] > 0)
    .sort(([left], [right]) => left - right);
  const target = (percent / 100) * total(weighted.map(([, weight]) => weight));
  let passed = 0;
  for (const [value, weight] of weighted) {
    passed += weight;
    if (passed >= target) return value;
  }
  return weighted.at(-1)?.[0];
}

function best(rows: Arguments, sign: 1 | -1): unknown {
  const values = rows.map(([value]) => value).filter((value) => !isNothing(value));
  return values.reduce(
    (left: unknown, right) => (left === undefined || sign * order(right, left) > 0 ? right : left),
    undefined,
  );
}

const average = (values: readonly number[]) =>
  values.length === 0 ? undefined : total(values) / values.length;
const distinct = (rows: Arguments) => new Set(rows.map(([value]) => keyOfValues([value]))).size;

const aggregates: Readonly<Record<string, Aggregate>> = {
  count: (rows) => rows.length,
  countif: (rows) => where(rows, 0).length,
  sum: (rows) => total(numbers(rows)),
  sumif: (rows) => total(numbers(where(rows, 1))),
  avg: (rows) => average(numbers(rows)),
  avgif: (rows) => average(numbers(where(rows, 1))),
  min: (rows) => best(rows, -1),
  max: (rows) => best(rows, 1),
  dcount: distinct,
  dcountif: (rows) => distinct(where(rows, 1)),
  percentile: (rows) =>
    percentile(
      rows.map(([value]) => [value, 1]),
      Number(rows[0]?.[1]),
    ),
  percentilew: (rows) => percentile(rows, Number(rows[0]?.[2])),
  any: (rows) => rows[0]?.[0],
  take_any: (rows) => rows[0]?.[0],
  make_list: (rows) => rows.map(([value]) => value),
  make_set: (rows) => [...new Map(rows.map(([value]) => [keyOfValues([value]), value])).values()],
};

export const aggregateNames: ReadonlySet<string> = new Set(Object.keys(aggregates));

export function callAggregate(name: string, rows: Arguments): unknown {
  return aggregates[name]!(rows);
}
