import { looking, nothing } from "./asking";
import type { GateContext, GateProvider, Sample } from "./gate-provider";
import { hostUrl } from "./host-url";
import { measureLimit, realMilliseconds } from "./measuring";
import type { Prober, Seen } from "./prober";
import type { MetricGateOf } from "./provider-gate";

type ProbeGate = MetricGateOf<"probes">;
type Measure = ProbeGate["measurement"]["measure"];

/** What the release's own repeated requests see within the window. */
export function probesProvider(prober: Prober): GateProvider<ProbeGate> {
  return {
    look(gate, context) {
      const { host, path, measure } = gate.measurement;
      const question = `${measure} of GET ${host} ${path}`;
      return looking(question, measureLimit, context, async () =>
        sampleOf(question, measure, seenOf(prober, gate, hostUrl(host, path, context), context)),
      );
    },
  };
}

/** Results of the requests to one address, at the pace and over the window of a gate. */
export function seenOf(
  prober: Prober,
  gate: Pick<ProbeGate, "intervalSeconds" | "windowSeconds">,
  url: URL,
  context: Pick<GateContext, "clock" | "signal">,
): readonly Seen[] {
  return prober.seen(
    url,
    realMilliseconds(gate.intervalSeconds, context),
    realMilliseconds(gate.windowSeconds, context),
    context,
  );
}

/** Why nothing may be concluded from results: there are none, or most of them say nothing about the host. */
export function blindness(seen: readonly Seen[]): string | undefined {
  if (seen.length === 0) return "no request has been answered yet";
  const unseen = seen.filter(({ result }) => result === "unseen");
  if (unseen.length * 2 <= seen.length) return undefined;
  return `${unseen.length} of ${seen.length} requests did not get out: ${unseen.at(-1)?.why ?? "unknown"}`;
}

/** Whether somebody who asked got no good answer. */
export function isFailed({ result, status }: Seen): boolean {
  return result === "failed" || (status !== undefined && status >= 400);
}

function sampleOf(question: string, measure: Measure, all: readonly Seen[]): Sample {
  const why = blindness(all);
  if (why !== undefined) return nothing(question, why);
  const seen = all.filter(({ result }) => result !== "unseen");
  return {
    kind: "value",
    value: measures[measure](seen),
    at: seen.at(-1)!.at,
    count: seen.length,
    question,
  };
}

const measures: Readonly<Record<Measure, (seen: readonly Seen[]) => number>> = {
  failedPercent: (seen) => (100 * seen.filter(isFailed).length) / seen.length,
  p50Milliseconds: (seen) => percentile(seen, 0.5),
  p95Milliseconds: (seen) => percentile(seen, 0.95),
  p99Milliseconds: (seen) => percentile(seen, 0.99),
};

/** Nearest rank. A request that failed took as long as it took: a time limit is a long time. */
function percentile(seen: readonly Seen[], share: number): number {
  const sorted = seen.map(({ milliseconds }) => milliseconds).sort((a, b) => a - b);
  return sorted[Math.max(0, Math.ceil(share * sorted.length) - 1)]!;
}
