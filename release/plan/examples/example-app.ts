import type { CheckGate } from "../../../runbooks/entry-basics";
import type { Contract } from "../../../runbooks/vocabulary";
import { isJson } from "../../targets/json";

type HttpCheck = Extract<CheckGate["check"], { provider: "http" }>;

interface ExampleAnswer {
  readonly status: number;
  readonly body: unknown;
  readonly contentType?: string;
  readonly onlyWith?: string;
}

/** What the embedded cloud finds in a package, `switchyard-app.json` (docs/local-traffic.md). */
export interface ExampleApp {
  readonly version: string;
  readonly paths: Readonly<Record<string, ExampleAnswer>>;
  readonly trackedMetrics: Readonly<Record<string, number>>;
  readonly latencyMilliseconds: number;
}

/** Long beside what this machine takes by itself, which would otherwise be all that gates compare. */
const latencyMilliseconds = 20;

/**
 * An app that satisfies its contract: every path that a gate of dev asks is answered as the gate wants it, with the version
 * wherever one must be proven, and every metric of its own that a gate counts is tracked.
 */
export function exampleApp({ entries }: Contract, component: string, version: string): ExampleApp {
  const checks = entries.flatMap((entry) =>
    entry.word === "checkGate" && entry.check.provider === "http" && entry.on.includes("dev")
      ? [entry.check]
      : [],
  );
  const paths: Record<string, ExampleAnswer> = {
    "/": {
      status: 200,
      body: `<!DOCTYPE html><title>${component}</title>\n`,
      contentType: "text/html; charset=utf-8",
    },
    "/version.json": { status: 200, body: { version } },
  };
  // Of two checks of one path the one with a key of its own says what is behind it.
  const [withKey, open] = [checks.filter(hasKey), checks.filter((check) => !hasKey(check))];
  for (const check of [...open, ...withKey]) {
    if (check.path === "/" || check.path === "/version.json") continue;
    paths[check.path] = answerTo(check, version, paths[check.path]);
  }
  return { version, paths, trackedMetrics: trackedMetrics({ entries }), latencyMilliseconds };
}

function hasKey({ secretHeaders }: HttpCheck): boolean {
  return secretHeaders !== undefined;
}

function answerTo(check: HttpCheck, version: string, known: ExampleAnswer | undefined): ExampleAnswer {
  const body = { ...(isJson(known?.body) ? known.body : {}) };
  for (const { path, operator, value } of check.json ?? []) {
    if (path !== "$" && operator !== "absent") put(body, path, value ?? "example");
  }
  if (check.version !== undefined) put(body, check.version.path, version);
  const [header] = Object.keys(check.secretHeaders ?? {});
  return {
    status: check.status[0]!,
    body,
    ...(header !== undefined && { onlyWith: header.toLowerCase() }),
  };
}

/** @param path with dots, as conditions of gates have it */
function put(body: Record<string, unknown>, path: string, value: unknown): void {
  const keys = path.split(".");
  const last = keys.pop()!;
  let at = body;
  for (const key of keys) {
    const inner = isJson(at[key]) ? at[key] : {};
    at[key] = inner;
    at = inner;
  }
  at[last] = value;
}

/** What a request adds to a metric of which a gate wants some, such as orders; and to one that may not grow, such as costs. */
const added = { wanted: 1, bounded: 0.001 };

/** Names of the app's own metrics that the contract's queries read, and what a request adds to each. */
function trackedMetrics({ entries }: Pick<Contract, "entries">): Record<string, number> {
  const metrics = entries.flatMap((entry) => {
    if (entry.word !== "metricGate" || entry.measurement.provider !== "logAnalytics") return [];
    const { measurement, zones } = entry;
    const value = zones.pass.operator.startsWith(">") ? added.wanted : added.bounded;
    return [...measurement.query.matchAll(/AppMetrics\s*\|\s*where Name == "([^"]+)"/g)].map(
      ([, name]) => [name!, value] as const,
    );
  });
  return Object.fromEntries(metrics);
}
