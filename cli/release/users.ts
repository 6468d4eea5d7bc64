import { type LoadReport, sendLoad } from "../../local/traffic/load/open-loop";
import { UserError } from "../../local/user-error";
import { localFront } from "../../release/clients/local-front";
import type { Gate } from "../../release/engine/parts";
import { selectorsOf } from "../../release/gates/promql";
import { openAddresses } from "../../release/gates/release-figures";
import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { Contract } from "../../runbooks/vocabulary";

export interface Users {
  /** Ends them and says what they saw. */
  stop(): Promise<readonly UsersReport[]>;
}

/** What the users of one address of a host saw. */
export type UsersReport = LoadReport & { readonly host: string };

/**
 * Plays the users of a system on dev, which has none: so many requests a second to the addresses that its gates ask and
 * to each host's first page, sent on time whatever the answers take.
 *
 * @throws UserError when the contract names no public host, or the front does not run
 */
export function playUsers(
  contract: Contract,
  facts: ReleaseFacts,
  stateDir: string,
  requestsPerSecond: number,
): Users {
  const addresses = userAddresses(contract, facts);
  if (addresses.length === 0)
    throw new UserError(
      `The contract of ${contract.system} asks no public host, so that nobody knows where its users go.`,
    );
  const front = localFront(stateDir);
  const stop = new AbortController();
  const loads = addresses.map(async ({ url, path, method, share }) => {
    const report = await sendLoad({
      url: front.url,
      headers: { host: url.host, "x-switchyard-front": front.token },
      method,
      path,
      requestsPerSecond: requestsPerSecond * share,
      signal: stop.signal,
    });
    return { host: url.host, ...report };
  });
  return {
    async stop() {
      stop.abort();
      return Promise.all(loads);
    },
  };
}

interface UserAddress {
  readonly url: URL;
  readonly path: string;
  readonly method: "GET" | "POST";
  /** Of all requests, 0 to 1; together they are 1. */
  readonly share: number;
}

/**
 * Share of the requests that goes to the hosts beside the first one, as its numbers are what gates count: a canary's
 * gates see a tenth of them, and conclude nothing of fewer than twenty.
 */
const shareBeside = 0.1;

/**
 * What users ask, each once: the folders of the addresses that gates ask of public hosts, these hosts' first pages,
 * what is measured apart. Not those addresses themselves: neither programs nor gates count what probes ask.
 */
export function userAddresses(
  { entries }: Pick<Contract, "entries">,
  facts: ReleaseFacts,
): readonly UserAddress[] {
  const gates = entries.filter(
    (entry): entry is Gate => entry.word === "metricGate" || entry.word === "checkGate",
  );
  const hosts = publicHosts(facts);
  const open = openAddresses(gates).filter(({ host }) => hosts.has(host));
  const [entrance] = open;
  const measured = entrance === undefined ? [] : measuredRequests(gates);
  const entrances = [...new Set(open.map(({ host }) => host))].map((host) => ({ host, path: "/" }));
  const around = new Map([...open, ...entrances].map((one) => [`${one.host} ${one.path}`, one]));
  const all = [
    ...[...around.values()].map(({ host, path }) => ({ host, method: "GET" as const, path: folderOf(path) })),
    ...measured.map((one) => ({ host: entrance!.host, ...one })),
  ];
  const first = all.filter(({ host }) => host === entrance?.host).length;
  const beside = all.length - first;
  const shares = { first: (beside === 0 ? 1 : 1 - shareBeside) / first, beside: shareBeside / beside };
  const asked = new Map<string, UserAddress>();
  for (const { host, method, path } of all) {
    const key = `${method} ${host} ${path}`;
    const share = (asked.get(key)?.share ?? 0) + shares[host === entrance?.host ? "first" : "beside"];
    asked.set(key, { url: hosts.get(host)!, path, method, share });
  }
  return [...asked.values()];
}

/** `/api/v1/` of `/api/v1/health`: what leads to the one leads to the other. */
function folderOf(path: string): string {
  return path.slice(0, path.lastIndexOf("/") + 1);
}

/** Addresses by the contract's names of hosts: those to which users come, whichever side they get. */
function publicHosts(facts: ReleaseFacts): ReadonlyMap<string, URL> {
  const all = Object.entries(facts.hosts).flatMap(([name, known]) =>
    "url" in known ? [[name, new URL(known.url)] as const] : [],
  );
  return new Map(all.filter(([, url]) => !isSlotHost(url.host, facts)));
}

/** Whether it is the address of a slot itself, which is for those who look at it: users come to the site. */
function isSlotHost(host: string, { tracks }: ReleaseFacts): boolean {
  return tracks.some(({ target }) => {
    if (target.kind !== "slots") return false;
    const site = target.siteId.slice(target.siteId.lastIndexOf("/") + 1);
    return host.toLowerCase().startsWith(`${site}-${target.slot}.`.toLowerCase());
  });
}

/**
 * Requests that a query of a gate counts apart, each once: `/api/search` of `route=~"/api/search.*"`, by POST where the
 * series says so. What a query leaves out (`route!~`) is none.
 */
function measuredRequests(gates: readonly Gate[]): readonly Pick<UserAddress, "method" | "path">[] {
  const series = gates.flatMap((gate) =>
    gate.word === "metricGate" && gate.measurement.provider === "prometheus"
      ? selectorsOf(gate.measurement.query)
      : [],
  );
  const found = series.flatMap((selector) => {
    const path = /[{,](?:route|path|uri)=~?"(\/[\w/-]+)/.exec(selector)?.[1];
    if (path === undefined) return [];
    return [{ path, method: selector.includes('method="POST"') ? ("POST" as const) : ("GET" as const) }];
  });
  return [...new Map(found.map((one) => [`${one.method} ${one.path}`, one])).values()];
}

/** In words, for people: a line for each host. */
export function usersWords(reports: readonly UsersReport[]): string {
  const hosts = [...new Set(reports.map(({ host }) => host))];
  return hosts
    .map((host) => {
      const own = reports.filter((report) => report.host === host);
      const sum = (of: (report: UsersReport) => number) => own.reduce((total, each) => total + of(each), 0);
      const swapped = sum(({ bySwap }) => bySwap);
      const failed = sum(({ byFault }) => byFault);
      const others = [
        ...(swapped > 0 ? [`${swapped} ended by a swap of the platform`] : []),
        ...(failed > 0 ? [`${failed} failed by faults on demand`] : []),
      ];
      const beside = others.length === 0 ? "" : ` (beside them ${others.join(", ")})`;
      const slowest = Math.round(Math.max(...own.map(({ p95Milliseconds }) => p95Milliseconds)));
      return `users of ${host}: ${sum(({ sent }) => sent)} requests, ${sum(({ lost }) => lost)} lost${beside}, p95 ${slowest} ms`;
    })
    .join("\n");
}
