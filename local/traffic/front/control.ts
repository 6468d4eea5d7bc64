import { z } from "zod";
import { asJson } from "../azure/json";
import type { Metrics } from "../counts/metrics";
import type { Telemetry } from "../counts/telemetry";
import { KqlError } from "../kql/kql-error";
import { type Answer, errorAnswer, jsonAnswer } from "./answer";
import type { HostFaults } from "./host-faults";
import type { World } from "./world";

const gauge = z.strictObject({
  resourceId: z.string().startsWith("/subscriptions/"),
  metric: z.string().min(1),
  /** `null`: no data points. */
  value: z.number().nullable(),
});

const settings = z.strictObject({ telemetryDelaySeconds: z.number().nonnegative() });

interface ControlOptions {
  readonly world: World;
  readonly telemetry: Telemetry;
  readonly metrics: Metrics;
  readonly faults: HostFaults;
  readonly identity: Readonly<Record<string, unknown>>;
  readonly onStop: () => void;
}

/** The front's own handling, `/_switchyard/…`: what tests, the CLI and the cloud ask of it. */
export function controlOf(options: ControlOptions) {
  const { world, telemetry, metrics, faults, identity, onStop } = options;
  const routes: Readonly<Record<string, (body: unknown) => unknown>> = {
    "GET /_switchyard/health": () => ({ status: "ok", ...identity }),
    "GET /_switchyard/status": () => ({
      ...identity,
      sites: [...world.sites.byId.values()].map(({ role, hosts, content, rampRules }) => ({
        role,
        hosts,
        digest: content?.digest ?? null,
        rampRules,
      })),
      routes: world.objects.routes.size,
      edgeHosts: [...world.edge.keys()],
      served: Object.fromEntries(telemetry.totals),
      faults: faults.all,
      settings: telemetry.settings,
      residentBytes: process.memoryUsage.rss(),
    }),
    "POST /_switchyard/stop": () => {
      setImmediate(onStop);
      return { status: "stopping" };
    },
    "GET /_switchyard/faults": () => ({ value: faults.all }),
    "POST /_switchyard/faults": (body) => faults.add(body),
    "DELETE /_switchyard/faults": () => {
      metrics.clear();
      return { cleared: faults.clear() };
    },
    "POST /_switchyard/gauges": (body) => {
      metrics.set(gauge.parse(body));
      return body;
    },
    "POST /_switchyard/settings": (body) => Object.assign(telemetry.settings, settings.parse(body)),
    // Asked by the cloud, which answers for them by ARM id: the status belongs to its answer.
    "POST /_switchyard/query": (body) => passed(telemetry.query(asJson(body))),
    "POST /_switchyard/metrics": (body) => passed(metrics.answer(asJson(body))),
  };
  return async (method: string, path: string, body: unknown): Promise<Answer> => {
    const route = routes[`${method} ${path}`];
    if (route === undefined) return errorAnswer(404, "NotFound", `the front has no ${method} ${path}`);
    try {
      return jsonAnswer(200, route(body));
    } catch (error) {
      if (error instanceof z.ZodError) return errorAnswer(400, "BadRequest", z.prettifyError(error));
      if (error instanceof KqlError) return errorAnswer(400, "BadRequest", error.message);
      throw error;
    }
  };
}

function passed({ status, body }: Answer): { status: number; body: unknown } {
  return { status, body: JSON.parse(String(body)) };
}
