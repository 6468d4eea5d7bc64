import { fewest } from "../comparison";
import * as expressions from "../expressions";
import { limits } from "../limits";

interface Share {
  readonly target: string;
  readonly p95: string;
  readonly requests: string;
  readonly limit: { readonly value: number };
}

const queryDuration = "kirana_store_database_query_duration_seconds";

function sharesOf(matchers: readonly string[]): readonly Share[] {
  const route = (target: "permission" | "search" | "order" | "payment", limit: Share["limit"]) => ({
    target,
    p95: expressions.routeP95(target, ...matchers),
    requests: expressions.routeRequests(target, ...matchers),
    limit,
  });
  return [
    {
      target: "api",
      p95: expressions.apiP95("5m", ...matchers),
      requests: expressions.apiRequests("5m", ...matchers),
      limit: limits.latencySla,
    },
    route("permission", limits.permissionCheck),
    route("search", limits.search),
    route("order", limits.orderPlacement),
    route("payment", limits.payment),
    {
      target: "database",
      p95: expressions.p95(queryDuration, "5m", matchers),
      requests: `sum(increase(${expressions.of(`${queryDuration}_count`, ...matchers)}[5m]))`,
      limit: limits.databaseQuery,
    },
  ];
}

/**
 * The worst p95 as a share of its own target, below 1 when all are within theirs: API, permission check, search, order,
 * payment (conflicts 51: not in the API's aggregate), database. One with too few requests says nothing.
 */
export function worstOfTargets(...matchers: readonly string[]): string {
  const shares = sharesOf(matchers).map(
    ({ target, p95, requests, limit }) =>
      `label_replace(${p95} / ${limit.value} and ${requests} >= ${fewest}, "target", "${target}", "", "")`,
  );
  return `max(${shares.join(" or ")})`;
}
