import type { CheckGate } from "../../runbooks/entry-basics";
import { type Asking, answer, type CheckOf, looking, nothing, withSides } from "./asking";
import type { GateContext, GateProvider } from "./gate-provider";
import { logQueries } from "./log-query";

/**
 * How many rows a log query gives. Few enough are good news only where another query shows that logs arrive.
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
        const minutes = Math.max(1, Math.ceil(check.lookBackMinutes / context.clock.speed));
        const timespan = timespanOf(check, minutes, context);
        const ask = await logQueries(surroundings, workspace.customerId, timespan, { signal, hide });
        const rowsOf = async (asked: string) => (await ask(asked)).rows.length;
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
