import { type LoadReport, sendLoad } from "../../local/traffic/load/open-loop";
import { UserError } from "../../local/user-error";
import { localFront } from "../../release/clients/local-front";
import type { Gate } from "../../release/engine/parts";
import { publicAddresses } from "../../release/gates/release-figures";
import type { ReleaseFacts } from "../../runbooks/release-facts";
import type { Contract } from "../../runbooks/vocabulary";

export interface Users {
  /** Ends them and says what they saw, by host. */
  stop(): Promise<Readonly<Record<string, LoadReport>>>;
}

/**
 * Plays the users of a system on dev, which has none: so many requests a second to each of its public hosts, sent on time
 * whatever the answers take.
 *
 * @throws UserError when the contract names no public host, or the front does not run
 */
export function playUsers(
  { entries, system }: Contract,
  facts: ReleaseFacts,
  stateDir: string,
  requestsPerSecond: number,
): Users {
  const gates = entries.filter(
    (entry): entry is Gate => entry.word === "metricGate" || entry.word === "checkGate",
  );
  const addresses = publicAddresses(gates).flatMap(({ host, path }) => {
    const known = facts.hosts[host];
    return known !== undefined && "url" in known ? [{ url: new URL(known.url), path }] : [];
  });
  if (addresses.length === 0)
    throw new UserError(
      `The contract of ${system} asks no public host, so that nobody knows where its users go.`,
    );
  const front = localFront(stateDir);
  const stop = new AbortController();
  const loads = addresses.map(
    async ({ url, path }) =>
      [
        url.host,
        await sendLoad({
          url: front.url,
          headers: { host: url.host, "x-switchyard-front": front.token },
          path,
          requestsPerSecond: requestsPerSecond / addresses.length,
          signal: stop.signal,
        }),
      ] as const,
  );
  return {
    async stop() {
      stop.abort();
      return Object.fromEntries(await Promise.all(loads));
    },
  };
}

/** In words, for people. */
export function usersWords(reports: Readonly<Record<string, LoadReport>>): string {
  return Object.entries(reports)
    .map(([host, { sent, lost, bySwap, byFault, p95Milliseconds }]) => {
      const others = [
        ...(bySwap > 0 ? [`${bySwap} ended by a swap of the platform`] : []),
        ...(byFault > 0 ? [`${byFault} failed by faults on demand`] : []),
      ];
      const beside = others.length === 0 ? "" : ` (beside them ${others.join(", ")})`;
      return `users of ${host}: ${sent} requests, ${lost} lost${beside}, p95 ${Math.round(p95Milliseconds)} ms`;
    })
    .join("\n");
}
