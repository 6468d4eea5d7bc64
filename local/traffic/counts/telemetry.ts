import { type Answer, errorAnswer, jsonAnswer } from "../front/answer";
import { runQuery } from "../kql/evaluate";
import { KqlError } from "../kql/kql-error";
import { RequestCounts } from "./request-counts";
import { type Row, tableColumns, tableRows } from "./tables";
import { parseTimespan } from "./timespan";
import type { Workspaces } from "./workspaces";

/** A request that an emulated app has answered. */
export interface ServedRequest {
  readonly siteId: string;
  readonly role: string;
  /** `GET /path` */
  readonly name: string;
  readonly status: number;
  readonly milliseconds: number;
  readonly failed: boolean;
  /** What Application Insights calls a success of this kind of site. */
  readonly success: boolean;
  readonly trackedMetrics: Readonly<Record<string, number>>;
}

/** A request that was sent on to a pod. */
export interface ForwardedRequest {
  readonly host: string;
  readonly namespace: string;
  readonly service: string;
  readonly pod?: string | undefined;
  readonly status: number;
}

export interface TelemetrySettings {
  /** Age from which a request is seen by queries and metrics. */
  telemetryDelaySeconds: number;
}

/** What the front has served, as Log Analytics and Azure Monitor tell it. */
export class Telemetry {
  readonly counts: RequestCounts;
  readonly settings: TelemetrySettings = { telemetryDelaySeconds: 1 };
  readonly totals = new Map<string, number>();

  constructor(
    readonly workspaces: Workspaces,
    readonly now: () => number = Date.now,
  ) {
    this.counts = new RequestCounts(now);
  }

  served(request: ServedRequest): void {
    this.counts.add(request);
    this.#total(`${request.role} ${request.status}`);
  }

  forwarded({ host, namespace, service, pod, status }: ForwardedRequest): void {
    this.#total(`${host} ${namespace}/${service} ${status}`);
    if (status >= 500) this.counts.addPodError({ host, namespace, pod: pod ?? "", status });
  }

  /** `POST /v1/workspaces/ID/query`: `{workspace, query, timespan}`. */
  query(asked: Readonly<Record<string, unknown>>): Answer {
    const { workspace, query, timespan } = asked;
    const roles = this.workspaces.find(String(workspace));
    if (roles === undefined) {
      return errorAnswer(404, "WorkspaceNotFoundError", `The workspace ${String(workspace)} was not found.`);
    }
    if (typeof query !== "string")
      return errorAnswer(400, "BadArgumentError", "'query' is required and missing.");
    try {
      const now = this.now();
      const newest = now - this.settings.telemetryDelaySeconds * 1000;
      const span = parseTimespan(timespan, now);
      const seen = { from: span.from, to: Math.min(span.to, newest) };
      const rows = (table: string): readonly Row[] | undefined => tableRows(table, this.counts, roles, seen);
      const result = runQuery(query, { rows, columns: tableColumns, now: new Date(now) });
      return jsonAnswer(200, { tables: [{ name: "PrimaryResult", ...result }] });
    } catch (error) {
      if (!(error instanceof KqlError)) throw error;
      const { line, position, token, message } = error;
      return jsonAnswer(400, {
        error: {
          message: "The request had some invalid properties",
          code: "BadArgumentError",
          innererror: {
            code: "SyntaxError",
            message,
            innererror: { code: "SYN0002", message, line, pos: position, token },
          },
        },
      });
    }
  }

  #total(key: string): void {
    this.totals.set(key, (this.totals.get(key) ?? 0) + 1);
  }
}
