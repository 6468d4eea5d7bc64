import { type LoadReport, sendLoad } from "../../local/traffic/load/open-loop";
import { UserError } from "../../local/user-error";
import { localFront } from "../../release/clients/local-front";
import type { Gate } from "../../release/engine/parts";
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
  const loads = addresses.map(async ({ url, path }) => {
    const report = await sendLoad({
      url: front.url,
      headers: { host: url.host, "x-switchyard-front": front.token },
      path,
      requestsPerSecond: requestsPerSecond / addresses.length,
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

/** What users ask, each once: addresses that gates ask of public hosts, these hosts' first pages, paths measured apart. */
export function userAddresses(
  { entries }: Pick<Contract, "entries">,
  facts: ReleaseFacts,
): readonly { readonly url: URL; readonly path: string }[] {
  const gates = entries.filter(
    (entry): entry is Gate => entry.word === "metricGate" || entry.word === "checkGate",
  );
  const hosts = publicHosts(facts);
  const open = openAddresses(gates).filter(({ host }) => hosts.has(host));
  const [entrance] = open;
  const measured = entrance === undefined ? [] : measuredPaths(gates).map((path) => ({ ...entrance, path }));
  // Programs count no requests to what their own probes ask, which is most of what gates ask.
  const entrances = [...new Set(open.map(({ host }) => host))].map((host) => ({ host, path: "/" }));
  const asked = new Map([...open, ...entrances, ...measured].map((one) => [`${one.host} ${one.path}`, one]));
  return [...asked.values()].map(({ host, path }) => ({ url: hosts.get(host)!, path }));
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

/** Paths whose requests a query of a gate counts apart, such as `/api/search` of `route=~"/api/search.*"`. */
function measuredPaths(gates: readonly Gate[]): readonly string[] {
  const queries = gates.flatMap((gate) =>
    gate.word === "metricGate" && gate.measurement.provider === "prometheus" ? [gate.measurement.query] : [],
  );
  const paths = queries.flatMap((query) =>
    [...query.matchAll(/\b(?:route|path|uri)=~?"(\/[\w/-]+)/g)].map(([, path]) => path!),
  );
  return [...new Set(paths)];
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
