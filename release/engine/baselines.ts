import { baselineOf } from "../gates/verdict";
import type { Gate } from "./parts";
import type { Walk } from "./walk";

/** Numbers that later ones are compared with, as they were before anything moved. What has data is recorded once. */
export async function recordBaselines(walk: Walk): Promise<void> {
  const { diary, parts, plan } = walk;
  if (diary.state.trafficMoved) return;
  for (const gate of Object.values(plan.entries)) {
    if (!isCompared(gate) || diary.state.baselines[gate.name] !== undefined) continue;
    const sample = await parts.look(gate, walk.context());
    const baseline = baselineOf(gate, sample, { now: parts.clock.now(), speed: parts.clock.speed });
    if ("why" in baseline) parts.progress(`${gate.name}: no baseline – ${baseline.why}`);
    else await diary.write({ kind: "baseline", gate: gate.name, ...baseline });
  }
}

function isCompared(entry: { readonly word: string }): entry is Extract<Gate, { word: "metricGate" }> {
  return (
    entry.word === "metricGate" && (entry as Gate & { comparedWith?: string }).comparedWith === "baseline"
  );
}
