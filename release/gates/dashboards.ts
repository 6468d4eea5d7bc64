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

const millisecondsPerMinute = 60_000;
/** A series that has ended is shown for 5 minutes, and the last of 100 points of 6 hours is up to 4 old. */
const mostMinutesOld = 15;
/** Rows of Log Analytics are summed up by up to 15 minutes, and come minutes after what they tell of. */
const mostMinutesOldOfLogs = 30;

/**
 * Whether each dashboard is there and every query of each panel has data that are minutes old: Grafana itself runs the
 * panels' queries. A query says 0 of what happens seldom, so that no rows are a fault of whoever should send them.
 */
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

/** What a panel lacks; undefined when each of its queries gives data of these minutes, and none fails. */
async function faultOf(panel: Json, ask: Ask, context: GateContext): Promise<string | undefined> {
  const targets = listAt(panel, "targets").map((target) => mapAt(target));
  if (targets.length === 0)
    return panel.type === "text" || panel.type === "row" ? undefined : "it asks nothing";
  const queries = [];
  for (const target of targets) queries.push(await placed(target, ask, context));
  const said = await ask("POST", "/api/ds/query", { queries, from: "now-6h", to: "now" });
  const results = mapAt(said, "results");
  if (Object.keys(results).length === 0)
    throw new UserError("Grafana answered a panel's queries without results");
  const error = Object.values(results)
    .map((result) => mapAt(result).error)
    .find((text) => text !== undefined);
  if (error !== undefined) return String(error).slice(0, 200);
  const faults = targets.flatMap((target) => {
    const { refId } = target;
    const lacks = lackOf(results[String(refId)], target, context.clock.now());
    return lacks === undefined ? [] : [targets.length === 1 ? lacks : `query ${String(refId)}: ${lacks}`];
  });
  return faults.length === 0 ? undefined : faults.join(", ");
}

/** @param target the query, whose kind of source says how old its newest point may be */
function lackOf(result: unknown, target: Json, now: Date): string | undefined {
  const frames = listAt(result, "frames");
  if (!frames.some(hasRows)) return "no data";
  const times = frames.flatMap(timesOf);
  // A table without a time tells nothing of its age, and what was asked for is the moment of the look.
  if (times.length === 0) return undefined;
  const newest = times.reduce((latest, time) => Math.max(latest, time), Number.NEGATIVE_INFINITY);
  const most = "azureLogAnalytics" in target ? mostMinutesOldOfLogs : mostMinutesOld;
  const minutes = Math.floor((now.getTime() - newest) / millisecondsPerMinute);
  return minutes <= most ? undefined : `its newest data are ${minutes} min old, and ${most} are allowed`;
}

function hasRows(frame: unknown): boolean {
  return listAt(frame, "data", "values").some((column) => Array.isArray(column) && column.length > 0);
}

/** The times of a frame's rows, in milliseconds. Columns stand in the order of the fields that describe them. */
function timesOf(frame: unknown): readonly number[] {
  const columns = listAt(frame, "data", "values");
  return listAt(frame, "schema", "fields").flatMap((field, index) => {
    const column = columns[index];
    if (mapAt(field).type !== "time" || !Array.isArray(column)) return [];
    return column.filter((time): time is number => typeof time === "number");
  });
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
