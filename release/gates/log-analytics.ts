import type { Surroundings } from "../clients/surroundings";
import { UserError } from "../user-error";
import { looking, nothing, withSides } from "./asking";
import type { GateContext, GateProvider } from "./gate-provider";
import { type LogTable, logQueries } from "./log-query";
import { measuredPart, measureLimit, windowOf } from "./measuring";
import type { MetricGateOf } from "./provider-gate";

type LogGate = MetricGateOf<"logAnalytics">;
type Row = { readonly columns: readonly string[]; readonly cells: readonly unknown[] };

/**
 * A KQL query that yields one row, over the window as far back as the telemetry is late: what is younger is not all
 * there yet, and what was before the traffic came is not the candidate's.
 */
export function logAnalyticsProvider(surroundings: Surroundings): GateProvider<LogGate> {
  return {
    look(gate, context) {
      const { column } = gate.measurement;
      return looking(gate.measurement.query, measureLimit, context, async ({ signal, hide }) => {
        const { workspace } = context.facts;
        const question = withSides(gate.measurement.query, context);
        if (workspace === undefined) {
          return nothing(question, "the stack's output release names no workspace; npx switchyard up");
        }
        const part = measuredPart(windowOf(gate, context), gate, context);
        if (part === undefined) {
          const late = `logs are ${gate.telemetryDelaySeconds} s late`;
          return nothing(question, `${late}, and too little is there of the time since the traffic came`);
        }
        const { from, to } = part;
        const timespan = `${from.toISOString()}/${to.toISOString()}`;
        const tableFor = await logQueries(surroundings, workspace.customerId, timespan, { signal, hide });
        const ask = async (query: string) => rowOf(await tableFor(query));
        const [row, count] = await Promise.all([ask(question), counted(gate, context, ask)]);
        if (row === undefined) return nothing(question, "the query yields no row");
        const index = row.columns.indexOf(column);
        if (index < 0) return nothing(question, `the answer has no column ${column}`);
        const value = numberOf(row.cells[index]);
        if (!Number.isFinite(value)) {
          return nothing(question, `${column} is ${JSON.stringify(row.cells[index])}, which is no number`);
        }
        return { kind: "value", value, at: to, count, question };
      });
    },
  };
}

/** Events by the gate's own query. A row is what one data point of a log query is. */
async function counted(
  { minimumSample }: LogGate,
  context: GateContext,
  ask: (query: string) => Promise<Row | undefined>,
): Promise<number> {
  if (minimumSample.of === "dataPoints") return 1;
  const row = await ask(withSides(minimumSample.query, context));
  const [count, ...others] = row?.cells ?? [];
  if (others.length > 0) throw new UserError("the query that counts events yields more than one column");
  const found = numberOf(count);
  return Number.isFinite(found) ? found : 0;
}

/**
 * @returns undefined for no row
 * @throws UserError for several, and for one that does not fit its columns
 */
function rowOf({ columns, rows }: LogTable): Row | undefined {
  if (rows.length > 1) throw new UserError(`the query yields ${rows.length} rows, not one`);
  const [cells] = rows;
  if (cells === undefined) return undefined;
  if (!Array.isArray(cells) || cells.length !== columns.length) {
    throw new UserError("Log Analytics gave a row that does not fit its columns");
  }
  return { columns, cells };
}

/** Numbers come as numbers, decimals as texts, and NaN as the text `NaN`. */
function numberOf(cell: unknown): number {
  if (typeof cell === "number") return cell;
  return typeof cell === "string" && cell.trim() !== "" ? Number(cell) : Number.NaN;
}
