import { baselineOf } from "../gates/verdict";
import type { Gate } from "./parts";
import { hasChanged } from "./state";
import type { Walk } from "./walk";

/**
 * Numbers that later ones are compared with, as they were before anything moved. What has data is recorded once; what has
 * none yet is asked again when the next phase begins, as long as nothing was changed.
 */
export async function recordBaselines(walk: Walk): Promise<void> {
  const { diary, parts, plan } = walk;
  if (hasChanged({ ...diary.state, plan })) return;
  for (const gate of Object.values(plan.entries)) {
    if (!isCompared(gate) || diary.state.baselines[gate.name] !== undefined) continue;
    const before = { ...gate, windowSeconds: gate.baselineSeconds ?? gate.windowSeconds };
    const sample = await parts.look(before, walk.context());
    const baseline = baselineOf(before, sample, { now: parts.clock.now(), speed: parts.clock.speed });
    if ("why" in baseline) sayOnce(walk, `${gate.name}: no baseline yet – ${baseline.why}`);
    else {
      await diary.write({ kind: "baseline", gate: gate.name, ...baseline });
      parts.progress(`${gate.name}: the baseline is ${baseline.value}`);
    }
  }
}

function sayOnce(walk: Walk, line: string): void {
  const { remembered } = walk.context();
  if (remembered.has(line)) return;
  remembered.set(line, true);
  walk.parts.progress(line);
}

function isCompared(entry: { readonly word: string }): entry is Extract<Gate, { word: "metricGate" }> {
  return (
    entry.word === "metricGate" && (entry as Gate & { comparedWith?: string }).comparedWith === "baseline"
  );
}
