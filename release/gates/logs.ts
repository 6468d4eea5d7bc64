import type { CheckGate } from "../../runbooks/entry-basics";
import { isJson, listAt, mapAt } from "../targets/json";
import { type Asking, answer, askJson, bearer, type CheckOf, looking, nothing, withSides } from "./asking";
import type { GateProvider } from "./gate-provider";

/** How many rows a log query gives. Part of an answer is none: a table that could not be read may hold the rows. */
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
        const body = await askJson(
          surroundings,
          {
            method: "POST",
            url: new URL(`https://api.loganalytics.io/v1/workspaces/${workspace.customerId}/query`),
            headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
            body: JSON.stringify({ query, timespan: `PT${minutes}M` }),
            signal,
          },
          {
            who: "Log Analytics",
            right: "whoever runs the release needs Log Analytics Reader on the workspace",
          },
        );
        if (body === undefined) return nothing(query, "Log Analytics knows no such workspace");
        if (isJson(body) && body.error !== undefined)
          return nothing(
            query,
            `Log Analytics gave a part of the answer only: ${String(mapAt(body, "error").code)}`,
          );
        const [table] = listAt(body, "tables");
        if (!isJson(table) || !Array.isArray(table.rows))
          return nothing(query, "Log Analytics gave no table");
        const rows = table.rows.length;
        return answer(query, rows <= check.atMostRows, `${rows} rows, at most ${check.atMostRows}`);
      });
    },
  };
}
