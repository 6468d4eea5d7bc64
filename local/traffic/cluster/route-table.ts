import type { ClusterObjects } from "./cluster-objects";
import { type HttpRoute, keyOfObject, type RouteMatch, type RouteRule } from "./objects";
import { routeParentsOf } from "./route-parents";

/** A rule that a request has met. */
export interface MatchedRule {
  readonly route: HttpRoute;
  readonly rule: RouteRule;
}

export interface AskedRequest {
  readonly host: string;
  readonly path: string;
  readonly method: string;
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
}

/**
 * The rule for a request, by the precedence of the Gateway API (HTTPRouteRule): the most exact host, then exact path,
 * the longest prefix, a method, the most headers, the oldest route, its name.
 *
 * @returns undefined when the host has routes and none matches; `no-host` when no route has it
 */
export function matchRule(
  objects: ClusterObjects,
  request: AskedRequest,
): MatchedRule | undefined | "no-host" {
  let knowsHost = false;
  let best: { rank: readonly number[]; matched: MatchedRule } | undefined;
  for (const route of objects.routes.values()) {
    const hostRank = hostRankOf(route, request.host);
    if (hostRank < 0 || !routeParentsOf(objects, route).some(({ accepted }) => accepted)) continue;
    knowsHost = true;
    for (const rule of route.spec.rules ?? []) {
      for (const match of rule.matches ?? [{}]) {
        const matchRank = matchRankOf(match, request);
        if (matchRank === undefined) continue;
        const rank = [hostRank, ...matchRank];
        const comparison = best === undefined ? 1 : compare(rank, best.rank);
        if (comparison > 0 || (comparison === 0 && older(route, best!.matched.route))) {
          best = { rank, matched: { route, rule } };
        }
      }
    }
  }
  return best?.matched ?? (knowsHost ? undefined : "no-host");
}

function hostRankOf({ spec }: HttpRoute, host: string): number {
  const hostnames = spec.hostnames ?? [];
  if (hostnames.length === 0) return 0;
  let best = -1;
  for (const name of hostnames) {
    if (name === host) return Number.MAX_SAFE_INTEGER;
    if (name.startsWith("*.") && host.endsWith(name.slice(1)) && host.length > name.length - 1) {
      best = Math.max(best, name.length);
    }
  }
  return best;
}

/** Larger is more exact; undefined when the request is not met. */
function matchRankOf(match: RouteMatch, request: AskedRequest): number[] | undefined {
  const { type = "PathPrefix", value = "/" } = match.path ?? {};
  const path = pathRankOf(type, value, request.path);
  if (path === undefined) return undefined;
  if (match.method !== undefined && match.method !== request.method) return undefined;
  const headers = match.headers ?? [];
  const met = headers.every(({ name, value: wanted, type: kind }) => {
    const given = request.headers[name.toLowerCase()];
    if (typeof given !== "string") return false;
    return kind === "RegularExpression" ? new RegExp(wanted).test(given) : given === wanted;
  });
  return met ? [...path, match.method === undefined ? 0 : 1, headers.length] : undefined;
}

function pathRankOf(type: string, value: string, path: string): [number, number] | undefined {
  if (type === "Exact") return path === value ? [2, value.length] : undefined;
  if (type === "RegularExpression")
    return new RegExp(`^(?:${value})$`).test(path) ? [0, value.length] : undefined;
  const prefix = value.replace(/\/+$/, "");
  return path === prefix || path.startsWith(`${prefix}/`) ? [1, prefix.length] : undefined;
}

function compare(left: readonly number[], right: readonly number[]): number {
  for (const [index, value] of left.entries()) {
    if (value !== right[index]) return value - right[index]!;
  }
  return 0;
}

function older(left: HttpRoute, right: HttpRoute): boolean {
  const at = ({ metadata }: HttpRoute) => metadata.creationTimestamp ?? "";
  if (at(left) !== at(right)) return at(left) < at(right);
  return keyOfObject(left) < keyOfObject(right);
}
