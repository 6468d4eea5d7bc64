import assert from "node:assert/strict";
import { recordBaselines } from "../../../release/engine/baselines";
import type { Gate } from "../../../release/engine/parts";
import type { Walk } from "../../../release/engine/walk";
import { VirtualClock } from "../../../release/simulation/virtual-clock";
import { contracts } from "../../../runbooks/contracts";
import type { MetricGate } from "../../../runbooks/entry-basics";
import { entrySchema } from "../../../runbooks/vocabulary";
import { metricGate } from "../support/gates";

const logs = { provider: "logAnalytics", query: "AppRequests | count", column: "Count" } as const;

/** What is faked: everything but the recording. @returns windows in seconds that were looked through, by gate */
async function recorded(...gates: readonly MetricGate[]): Promise<Record<string, number>> {
  const clock = new VirtualClock();
  const windows: Record<string, number> = {};
  const walk = {
    plan: { entries: Object.fromEntries(gates.map((gate) => [gate.name, gate])) },
    diary: { state: { trafficMoved: false, baselines: {} }, write: async () => undefined },
    context: () => ({ remembered: new Map() }),
    parts: {
      clock,
      progress: () => undefined,
      look: async (gate: Gate) => {
        windows[gate.name] = (gate as MetricGate).windowSeconds;
        return { kind: "value", value: 1, at: clock.now(), count: 100, question: "" };
      },
    },
  };
  await recordBaselines(walk as unknown as Walk);
  return windows;
}

describe("baselines of a release", () => {
  it("are of a time of their own where the gate has one, else of as long a time as the gate looks through", async () => {
    const gates = [
      metricGate(logs, { name: "slower", comparedWith: "baseline", baselineSeconds: 3600 }),
      metricGate(logs, { name: "fewer", comparedWith: "baseline" }),
      metricGate(logs, { name: "alone" }),
    ];
    assert.deepEqual(await recorded(...gates), { slower: 3600, fewer: 300 });
  });

  it("tesoro-xp's response time is compared with the hour before", async () => {
    const gates = contracts
      .find(({ system }) => system === "tesoro-xp")!
      .entries.filter((entry) => entry.word === "metricGate");
    const { "latency-against-baseline": seconds } = await recorded(...gates);
    assert.equal(seconds, 60 * 60);
  });

  it("a window that no baseline or no provider would read is refused", () => {
    const prometheus = { provider: "prometheus", query: "sum(rate(a{}[5m]))" } as const;
    const parses = (gate: MetricGate) => entrySchema.safeParse({ ...gate, supports: ["TES-100"] }).success;
    const window = { comparedWith: "baseline", baselineSeconds: 3600 } as const;
    assert.ok(parses(metricGate(logs, window)));
    assert.ok(parses(metricGate(prometheus, { comparedWith: "baseline" })));
    assert.ok(!parses(metricGate(prometheus, window)));
    assert.ok(!parses(metricGate(logs, { baselineSeconds: 3600 })));
  });
});
