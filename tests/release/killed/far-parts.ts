import type { DataAdapter } from "../../../release/data/data-adapter";
import type { EngineParts, Finding } from "../../../release/engine/parts";
import type { Sample } from "../../../release/gates/gate-provider";
import type { HeldLease, Journal } from "../../../release/journal/journal";
import type { Plan } from "../../../release/plan/plan";
import type { Strategy } from "../../../release/strategies/strategy";
import type { Line } from "./line";

/** Parts of the engine whose world is in another process. Journal and lease are real, and of this one. */
export function farParts(
  line: Line,
  plan: Plan,
  { journal, lease }: { readonly journal: Journal; readonly lease: HeldLease },
): EngineParts {
  const finding = (what: string, name: string) => line.call<Finding>(what, [name]);
  return {
    clock: line.clock,
    journal,
    lease,
    strategies: new Map(plan.facts.tracks.map(({ name }) => [name, farStrategy(line, name)])),
    look: async (gate) => revived(await line.call<Sample>("look", [gate.name])),
    data: (store) => farStore(line, store),
    people: { mayAct: (person, role) => line.call("mayAct", [person, role]) },
    evidence: ({ name }) => finding("evidence", name),
    tell: ({ name }) => finding("tell", name),
    record: ({ name }) => line.call("record", [name]),
    other: ({ name }) => line.call("other", [name]),
    given: (known) => line.call("given", [[...known]]),
    nextCommand: (known, signal) => line.call("nextCommand", [[...known]], signal),
    progress: (said) => line.tell({ said }),
    waits: true,
  };
}

function farStrategy(line: Line, track: string): Strategy {
  const ask = <Result>(method: keyof Strategy, args: readonly unknown[], signal?: AbortSignal) =>
    line.call<Result>("strategy", [track, method, args], signal);
  return {
    observe: () => ask("observe", []),
    deployIdle: (_progress, signal) => ask("deployIdle", [], signal),
    setTraffic: (percent) => ask("setTraffic", [percent]),
    promote: () => ask("promote", []),
    revert: () => ask("revert", []),
    warmUp: (requests) => ask("warmUp", [requests]),
    scale: (side, components, to, options = {}) => ask("scale", [side, components, to, options]),
    serve: (on) => ask("serve", [on]),
    finish: () => ask("finish", []),
  };
}

function farStore(line: Line, store: string): DataAdapter {
  const ask = <Result>(method: keyof DataAdapter, ...args: readonly unknown[]) =>
    line.call<Result>("data", [store, method, args]);
  return {
    backup: (step) => ask("backup", step),
    prove: (backup, by) => ask("prove", backup, by),
    migrate: (step) => ask("migrate", step),
    restore: (from, confirmation) => ask("restore", from, confirmation),
  };
}

/** A date is a text on its way. */
function revived(sample: Sample): Sample {
  return sample.kind === "value" ? { ...sample, at: new Date(sample.at) } : sample;
}
