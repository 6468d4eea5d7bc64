import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";
import { looking, nothing } from "./asking";
import type { EngineView } from "./engine-view";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import { hostUrl } from "./host-url";
import { measureLimit, realMilliseconds } from "./measuring";
import type { Prober } from "./prober";
import { blindness, seenOf } from "./probes";
import type { MetricGateOf } from "./provider-gate";

type FigureGate = MetricGateOf<"release">;

/** A public address that the contract itself asks while traffic moves. */
export interface PublicAddress {
  readonly host: string;
  readonly path: string;
}

/** Phases in which the systems' public hosts are asked. */
const movingPhases = new Set(["ramp", "switch", "watch"]);

/**
 * Addresses whose users would lose a request while traffic moves: of each public host the first that the contract's
 * own gates ask without a login and expect to answer.
 */
export function publicAddresses(gates: Iterable<MetricGate | CheckGate>): readonly PublicAddress[] {
  const moving = [...gates].filter(({ during }) => during.some((moment) => movingPhases.has(moment)));
  const found = new Map<string, PublicAddress>();
  for (const address of openAddresses(moving)) {
    if (!found.has(address.host)) found.set(address.host, address);
  }
  return [...found.values()];
}

/** Every address that gates ask without a login and expect to answer, each once. */
export function openAddresses(gates: Iterable<MetricGate | CheckGate>): readonly PublicAddress[] {
  const found = new Map<string, PublicAddress>();
  for (const gate of gates) {
    const address = gate.word === "metricGate" ? probed(gate) : asked(gate);
    if (address !== undefined) found.set(`${address.host} ${address.path}`, address);
  }
  return [...found.values()];
}

function probed({ measurement }: MetricGate): PublicAddress | undefined {
  return measurement.provider === "probes" ? { host: measurement.host, path: measurement.path } : undefined;
}

function asked({ check }: CheckGate): PublicAddress | undefined {
  if (check.provider !== "http" || check.method !== "GET" || check.protocol !== undefined) return undefined;
  const { tokenSecret, tokenFrom, signedInTo, secretHeaders, status, host, path } = check;
  const open = [tokenSecret, tokenFrom, signedInTo, secretHeaders].every((login) => login === undefined);
  return open && status.includes(200) ? { host, path } : undefined;
}

/**
 * What the release counts of itself. Lost requests are counted here, by requests of its own to the public hosts that are
 * sent while a gate asks for them; durations are the engine's.
 */
export function releaseFiguresProvider(
  view: Pick<EngineView, "figures">,
  prober: Prober,
  addresses: readonly PublicAddress[],
): GateProvider<FigureGate> {
  return {
    look(gate, context) {
      const { measure } = gate.measurement;
      if (measure === "lostRequests") return lostRequests(gate, context, prober, addresses);
      return looking(measure, measureLimit, context, async () => {
        const windowSeconds = realMilliseconds(gate.windowSeconds, context) / 1000;
        const figure = view.figures.figure(measure, windowSeconds);
        if (figure === undefined) return nothing(measure, "the release has not come to what is measured");
        return { kind: "value", ...figure, question: measure };
      });
    },
  };
}

function lostRequests(
  gate: FigureGate,
  context: GateContext,
  prober: Prober,
  candidates: readonly PublicAddress[],
): Promise<Sample> {
  const addresses = candidates.filter(({ host }) => isPublic(host, context.facts));
  const question = `lost requests of the release's own: ${addresses
    .map(({ host, path }) => `GET ${host} ${path}`)
    .join(", ")}`;
  return looking(question, measureLimit, context, async () => {
    if (addresses.length === 0)
      return nothing(question, "the contract asks no public host while traffic moves");
    const all = addresses.flatMap(({ host, path }) =>
      seenOf(prober, gate, hostUrl(host, path, context), context),
    );
    const why = blindness(all);
    if (why !== undefined) return nothing(question, why);
    const seen = all.filter(({ result }) => result !== "unseen");
    // A 4xx is an answer of the application; lost is what no application answered.
    const unanswered = seen.filter(
      ({ result, status }) => result === "failed" || (status !== undefined && status >= 500),
    );
    const lost = unanswered.filter(({ endedBySwap }) => endedBySwap === undefined);
    const bySwap = unanswered.length - lost.length;
    return {
      kind: "value",
      value: lost.length,
      at: new Date(Math.max(...seen.map(({ at }) => at.getTime()))),
      count: seen.length,
      question,
      ...(bySwap > 0 && { beside: `${bySwap} ended by the platform's swap` }),
    };
  });
}

/** A host of the system itself, with one address for everybody. */
function isPublic(name: string, { hosts, grafanaUrl }: GateContext["facts"]): boolean {
  const host = hosts[name];
  if (host === undefined || !("url" in host)) return false;
  return grafanaUrl === undefined || new URL(host.url).origin !== new URL(grafanaUrl).origin;
}
