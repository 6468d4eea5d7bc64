import { bearer } from "../clients/bearer";
import { isJson, type Json, listAt, mapAt } from "../targets/json";
import { UserError } from "../user-error";
import { type Asking, answer, askJson, type Look, looking, nothing } from "./asking";
import type { GateContext, GateProvider } from "./gate-provider";
import type { CheckGateOf } from "./provider-gate";

type DashboardsGate = CheckGateOf<"dashboards">;
type Ask = (method: "GET" | "POST", path: string, body?: Json) => Promise<unknown>;

const who = {
  who: "Grafana",
  right: "whoever runs the release needs Grafana Viewer on the Managed Grafana",
} as const;

/** Whether each dashboard is there and every panel shows data: Grafana itself runs the panels' queries. */
export function dashboardsProvider({ surroundings }: Asking): GateProvider<DashboardsGate> {
  return {
    look(gate, context) {
      const { uids } = gate.check;
      const question = `dashboards ${uids.join(", ")}`;
      return looking(question, gate, context, async (look) => {
        const { grafanaUrl, system } = context.facts;
        if (grafanaUrl === undefined) {
          return nothing(
            question,
            surroundings.environment === "dev"
              ? "on dev there is no Grafana"
              : `the stack's output release of ${system} names no Grafana; the dashboards are in the platform's: switchyard:platform`,
          );
        }
        const ask = await grafana({ surroundings }, grafanaUrl, look);
        const faults: string[] = [];
        let panels = 0;
        for (const uid of uids) {
          const found = await ask("GET", `/api/dashboards/uid/${encodeURIComponent(uid)}`);
          if (found === undefined) {
            faults.push(`${uid} is not there`);
            continue;
          }
          const all = listAt(found, "dashboard", "panels").map((panel) => mapAt(panel));
          if (all.length === 0) faults.push(`${uid} has no panels`);
          panels += all.length;
          for (const panel of all) {
            const fault = await faultOf(panel, ask, context);
            if (fault !== undefined) faults.push(`${uid}, ${String(panel.title)}: ${fault}`);
          }
        }
        return faults.length === 0
          ? answer(question, true, `${uids.length} dashboards are there, ${panels} panels show data`)
          : answer(question, false, faults.slice(0, 8).join("; "));
      });
    },
  };
}

/** How a Grafana is asked: with a token of Entra. */
export async function grafana(
  { surroundings }: Pick<Asking, "surroundings">,
  grafanaUrl: string,
  { signal, hide }: Look,
): Promise<Ask> {
  const token = hide(await bearer(surroundings, "grafana"));
  return (method, path, body) =>
    askJson(
      surroundings,
      {
        method,
        url: new URL(path, grafanaUrl),
        headers: {
          authorization: `Bearer ${token}`,
          ...(body !== undefined && { "content-type": "application/json" }),
        },
        ...(body !== undefined && { body: JSON.stringify(body) }),
        signal,
      },
      who,
    );
}

/** What a panel lacks; undefined when one of its queries at least gives data and none fails. */
async function faultOf(panel: Json, ask: Ask, context: GateContext): Promise<string | undefined> {
  const targets = listAt(panel, "targets").map((target) => mapAt(target));
  if (targets.length === 0)
    return panel.type === "text" || panel.type === "row" ? undefined : "it asks nothing";
  const queries = [];
  for (const target of targets) queries.push(await placed(target, ask, context));
  const said = await ask("POST", "/api/ds/query", { queries, from: "now-6h", to: "now" });
  const results = Object.values(mapAt(said, "results"));
  if (results.length === 0) throw new UserError("Grafana answered a panel's queries without results");
  const error = results.map((result) => mapAt(result).error).find((text) => text !== undefined);
  if (error !== undefined) return String(error).slice(0, 200);
  return results.some(hasData) ? undefined : "no data";
}

function hasData(result: unknown): boolean {
  return listAt(result, "frames").some((frame) =>
    listAt(frame, "data", "values").some((column) => Array.isArray(column) && column.length > 0),
  );
}

/** The query with what the dashboard's variables stand for: the workspace's own data source of that kind. */
async function placed(target: Json, ask: Ask, { facts }: GateContext): Promise<Json> {
  const { type } = mapAt(target, "datasource");
  const sources = await ask("GET", "/api/datasources");
  const source = (Array.isArray(sources) ? sources : [])
    .map((one) => mapAt(one))
    .find((one) => one.type === type);
  if (source === undefined)
    throw new UserError(`Grafana shows no data source of the kind ${String(type)}`, { mend: who.right });
  const logs = target.azureLogAnalytics;
  return {
    ...target,
    datasource: { type, uid: source.uid },
    intervalMs: 60_000,
    maxDataPoints: 100,
    ...(isJson(logs) && {
      azureLogAnalytics: {
        ...logs,
        resources: facts.workspace === undefined ? logs.resources : [facts.workspace.id],
      },
    }),
  };
}
