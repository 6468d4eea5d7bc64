import { bearer } from "../clients/bearer";
import type { Surroundings } from "../clients/surroundings";
import { isJson, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { askJson, looking, nothing, withSides } from "./asking";
import type { GateContext, GateProvider } from "./gate-provider";
import { measuredPart, measureLimit, windowOf } from "./measuring";
import type { MetricGateOf } from "./provider-gate";

type LogGate = MetricGateOf<"logAnalytics">;
type Row = { readonly columns: readonly string[]; readonly cells: readonly unknown[] };

const right = "whoever runs the release needs Log Analytics Reader on the workspace";

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
        const token = hide(await bearer(surroundings, "logs"));
        const ask = async (query: string): Promise<Row | undefined> => {
          const request = {
            method: "POST",
            url: new URL(`https://api.loganalytics.io/v1/workspaces/${workspace.customerId}/query`),
            headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
            body: JSON.stringify({ query, timespan: `${from.toISOString()}/${to.toISOString()}` }),
            signal,
          } as const;
          return rowOf(await askJson(surroundings, request, { who: "Log Analytics", right }));
        };
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
 * @throws UserError for several, a part of an answer, and what is no answer
 */
function rowOf(body: unknown): Row | undefined {
  if (body === undefined) throw new UserError("Log Analytics knows no such workspace");
  if (isJson(body) && body.error !== undefined) {
    const { code } = mapAt(body, "error");
    throw new UserError(`Log Analytics gave a part of the answer only: ${String(code)}`, { retriable: true });
  }
  const [table] = listAt(body, "tables");
  if (!isJson(table) || !Array.isArray(table.rows)) throw new UserError("Log Analytics gave no table");
  if (table.rows.length > 1) throw new UserError(`the query yields ${table.rows.length} rows, not one`);
  const [cells] = table.rows;
  if (cells === undefined) return undefined;
  const columns = listAt(table, "columns").map((column) => String(mapAt(column).name));
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
