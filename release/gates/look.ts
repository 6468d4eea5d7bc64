import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";
import type { Surroundings } from "../clients/surroundings";
import { vaultSecret } from "../clients/vault-secret";
import type { Asking } from "./asking";
import { azureMonitorProvider } from "./azure-monitor";
import { checkProviders } from "./check-providers";
import type { EngineView } from "./engine-view";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import { beside } from "./live-side";
import { logAnalyticsProvider } from "./log-analytics";
import { Prober } from "./prober";
import { probesProvider } from "./probes";
import { prometheusProvider } from "./prometheus";
import type { MetricGateOf, MetricProviderName } from "./provider-gate";
import { publicAddresses, releaseFiguresProvider } from "./release-figures";

type Gate = MetricGate | CheckGate;

/** Looks at any gate of a contract. */
export interface Looker {
  /**
   * Looks once. What the world does wrong is a `nothing` with the reason.
   * @throws the context's signal's reason when the release stopped it
   */
  look(gate: Gate, context: GateContext): Promise<Sample>;
  /** Ends the requests that probes send on their own. */
  close(): Promise<void>;
}

type MetricProviders = {
  readonly [Name in MetricProviderName]: GateProvider<MetricGateOf<Name>>;
};
/**
 * @param gates of the contract: their public hosts are asked to count lost requests
 * @param repository folder of the checkout, in which suites run
 * @param plannedEnd of the release that is under way
 */
export function looker(
  surroundings: Surroundings,
  view: EngineView,
  gates: Iterable<Gate>,
  repository: string,
  plannedEnd?: Asking["plannedEnd"],
): Looker {
  const prober = new Prober(surroundings);
  const asking: Asking = {
    surroundings,
    view,
    ...(plannedEnd !== undefined && { plannedEnd }),
    secret: (name, { facts }, signal) => vaultSecret(surroundings, facts.vault, name, signal),
  };
  const metrics: MetricProviders = {
    prometheus: prometheusProvider(surroundings),
    azureMonitor: azureMonitorProvider(surroundings),
    logAnalytics: logAnalyticsProvider(surroundings),
    probes: probesProvider(prober),
    release: releaseFiguresProvider(view, prober, publicAddresses(gates)),
  };
  const checks = checkProviders(asking, view, repository);
  const named = new Map([...gates].map((gate) => [gate.name, gate]));
  const look = async (gate: Gate, context: GateContext): Promise<Sample> => {
    if (gate.word === "checkGate") {
      const source = named.get(unknownSource(gate, context) ?? "");
      if (source !== undefined) await look(source, context);
      const check = checks[gate.check.provider] as GateProvider<CheckGate>;
      const sample = await check.look(gate, context);
      // It may have run out, and the gate that answers it need not be looked at any more: it is asked for again.
      if (sample.kind === "answer" && !sample.holds) context.remembered.delete(sourceOf(gate) ?? "");
      return sample;
    }
    const provider = metrics[gate.measurement.provider] as GateProvider<MetricGate>;
    return gate.comparedWith === "liveSide" ? beside(provider, gate, context) : provider.look(gate, context);
  };
  return { look, close: () => prober.close() };
}

/** A token stands in no journal: a process that takes a release up asks for it again. @returns the gate that answers it */
function unknownSource(gate: CheckGate, { remembered }: GateContext): string | undefined {
  const from = sourceOf(gate);
  return from === undefined || remembered.has(from) ? undefined : from;
}

function sourceOf({ check }: CheckGate): string | undefined {
  return check.provider === "http" ? check.tokenFrom?.gate : undefined;
}
