import { bearer } from "../clients/bearer";
import type { Surroundings } from "../clients/surroundings";
import { isJson, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { askJson, type Look } from "./asking";

const right = "whoever runs the release needs Log Analytics Reader on the workspace";

/** What a query gives: names of the columns, and a list of cells for each row. */
export interface LogTable {
  readonly columns: readonly string[];
  readonly rows: readonly unknown[];
}

/**
 * Asks queries of one workspace, over one stretch of time.
 *
 * @param timespan ISO 8601: a duration until now, or `FROM/TO`
 * @returns what asks one; it throws UserError for a part of an answer, since a table that could not be read may hold the rows,
 *   and for what is no answer
 */
export async function logQueries(
  surroundings: Surroundings,
  customerId: string,
  timespan: string,
  { signal, hide }: Look,
): Promise<(query: string) => Promise<LogTable>> {
  const token = hide(await bearer(surroundings, "logs"));
  return async (query) => {
    const request = {
      method: "POST",
      url: new URL(`https://api.loganalytics.io/v1/workspaces/${customerId}/query`),
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify({ query, timespan }),
      signal,
    } as const;
    return tableOf(await askJson(surroundings, request, { who: "Log Analytics", right }));
  };
}

function tableOf(body: unknown): LogTable {
  if (body === undefined) throw new UserError("Log Analytics knows no such workspace");
  if (isJson(body) && body.error !== undefined) {
    const { code } = mapAt(body, "error");
    throw new UserError(`Log Analytics gave a part of the answer only: ${String(code)}`, { retriable: true });
  }
  const [table] = listAt(body, "tables");
  if (!isJson(table) || !Array.isArray(table.rows)) throw new UserError("Log Analytics gave no table");
  return { columns: listAt(table, "columns").map((column) => String(mapAt(column).name)), rows: table.rows };
}
