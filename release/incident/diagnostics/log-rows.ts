import { bearer } from "../../clients/bearer";
import type { Surroundings } from "../../clients/surroundings";
import { answer, askJson, looking, nothing, withSides } from "../../gates/asking";
import type { GateContext, Sample } from "../../gates/gate-provider";
import { measureLimit } from "../../gates/measuring";
import { isJson, listAt, mapAt } from "../../targets/json";
import { shortened } from "./shortened";

/** Where a query says no time itself. */
const lookBackMinutes = 30;

/** Rows of a KQL query, the first ones of many. */
export function logRows(query: string, surroundings: Surroundings, context: GateContext): Promise<Sample> {
  return looking(query, measureLimit, context, async ({ signal, hide }) => {
    const { workspace } = context.facts;
    const question = withSides(query, context);
    if (workspace === undefined)
      return nothing(question, "the stack's output release names no workspace; npx switchyard up");
    const token = hide(await bearer(surroundings, "logs"));
    const timespan = query.includes("TimeGenerated") ? {} : { timespan: `PT${lookBackMinutes}M` };
    const body = await askJson(
      surroundings,
      {
        method: "POST",
        url: new URL(`https://api.loganalytics.io/v1/workspaces/${workspace.customerId}/query`),
        headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
        body: JSON.stringify({ query: question, ...timespan }),
        signal,
      },
      { who: "Log Analytics", right: "whoever runs this needs Log Analytics Reader on the workspace" },
    );
    if (body === undefined) return nothing(question, "Log Analytics knows no such workspace");
    const [table] = listAt(body, "tables");
    if (!isJson(table) || !Array.isArray(table.rows)) return nothing(question, "Log Analytics gave no table");
    if (table.rows.length === 0) return answer(question, true, "no rows");
    const columns = listAt(table, "columns").map((column) => String(mapAt(column).name));
    return answer(question, true, shortened(table.rows.map((row) => rowWords(columns, row))));
  });
}

function rowWords(columns: readonly string[], row: unknown): string {
  if (!Array.isArray(row)) return JSON.stringify(row);
  return columns
    .flatMap((column, index) => {
      const cell: unknown = row[index];
      return cell === null || cell === ""
        ? []
        : [`${column} ${typeof cell === "string" ? cell : JSON.stringify(cell)}`];
    })
    .join(", ");
}
