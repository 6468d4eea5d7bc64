import type { CheckGate } from "../../runbooks/entry-basics";
import { isJson, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { type Asking, answer, askJson, bearer, type CheckOf, looking, nothing, withSides } from "./asking";
import type { GateContext, GateProvider } from "./gate-provider";

const right = "whoever runs the release needs Log Analytics Reader on the workspace";

/**
 * How many rows a log query gives. Part of an answer is none: a table that could not be read may hold the rows. Few enough
 * rows are good news only where another query shows that logs arrive.
 */
export function logsProvider({ surroundings }: Asking): GateProvider<CheckGate> {
  return {
    look(gate, context) {
      const check = gate.check as CheckOf<"logs">;
      return looking(check.query, gate, context, async ({ signal, hide }) => {
        const query = withSides(check.query, context);
        const { workspace } = context.facts;
        if (workspace === undefined)
          return nothing(query, "the stack's output release names no workspace; npx switchyard up");
        const token = hide(await bearer(surroundings, "logs"));
        const minutes = Math.max(1, Math.ceil(check.lookBackMinutes / context.clock.speed));
        const timespan = timespanOf(check, minutes, context);
        const rowsOf = async (asked: string) => {
          const request = {
            method: "POST",
            url: new URL(`https://api.loganalytics.io/v1/workspaces/${workspace.customerId}/query`),
            headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
            body: JSON.stringify({ query: asked, timespan }),
            signal,
          } as const;
          return countOf(await askJson(surroundings, request, { who: "Log Analytics", right }));
        };
        const [rows, proof] = await Promise.all([
          rowsOf(query),
          rowsOf(withSides(check.proofOfLogs, context)),
        ]);
        const holds = rows <= check.atMostRows;
        if (holds && proof === 0)
          return nothing(query, `no logs have come: in ${minutes} min nothing, which says nothing of errors`);
        return answer(query, holds, `${rows} rows, at most ${check.atMostRows}`);
      });
    },
  };
}

function timespanOf(
  { sinceTraffic }: CheckOf<"logs">,
  minutes: number,
  { clock, measuredSince }: GateContext,
): string {
  const now = clock.now();
  const from = new Date(now.getTime() - minutes * 60_000);
  if (!sinceTraffic || measuredSince === undefined || measuredSince <= from) return `PT${minutes}M`;
  return `${measuredSince.toISOString()}/${now.toISOString()}`;
}

/** @throws UserError for a part of an answer, and what is no answer */
function countOf(body: unknown): number {
  if (body === undefined) throw new UserError("Log Analytics knows no such workspace");
  if (isJson(body) && body.error !== undefined) {
    const { code } = mapAt(body, "error");
    throw new UserError(`Log Analytics gave a part of the answer only: ${String(code)}`, { retriable: true });
  }
  const [table] = listAt(body, "tables");
  if (!isJson(table) || !Array.isArray(table.rows)) throw new UserError("Log Analytics gave no table");
  return table.rows.length;
}
