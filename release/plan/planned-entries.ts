import { environments } from "../../runbooks/model";
import type { Contract, Entry } from "../../runbooks/vocabulary";
import { arrange } from "./arrange";
import { weightsOf } from "./phase-steps";
import type { ReleaseType } from "./plan";
import {
  demandedSeconds,
  entriesFor,
  forwardPhases,
  hasPhase,
  isPostMortem,
  releaseTypes,
  rollbackPhases,
  updatesStack,
  withoutCandidate,
} from "./selection";
import { watchedGates } from "./watched-gates";

/** Every kind of release that there is, by what it brings and on which path. */
const kinds: readonly (readonly ReleaseType[])[] = [
  ["application", "normal"],
  ["application", "migration", "normal"],
  ["infrastructure", "application", "migration", "normal"],
  ["infrastructure", "application", "migration", "emergency"],
];

/** The same of releases that deploy nothing. */
const kindsAlone = [false, true].map((emergency) => releaseTypes({}, { alone: true, emergency }));

/** Messages that go out with what happens, in whatever phase. */
const told: readonly string[] = ["hold", "breach", "rollback", "failed"];

/**
 * Names of a contract's entries that some release carries out: as a step of its plan, as a gate that is looked at all
 * through a phase, as a message of a hold or a rollback, as a window that must be open, as a target that its history is
 * held against, as a follow-up that becomes due, as a gate that a follow-up looks at
 * again. Computed by what the planner itself is made of.
 */
export function plannedEntries(contract: Contract): ReadonlySet<string> {
  const names = new Set<string>();
  for (const environment of environments) {
    for (const types of kinds) {
      const entries = entriesFor(contract, environment, types);
      for (const name of namesIn(entries)) names.add(name);
    }
    for (const types of kindsAlone) {
      const entries = entriesFor(contract, environment, types);
      if (!entries.some(updatesStack)) continue;
      for (const name of namesIn(withoutCandidate(entries))) names.add(name);
    }
  }
  return names;
}

function namesIn(entries: readonly Entry[]): readonly string[] {
  const watchesRollback = demandedSeconds(entries, "rollback-watch") > 0;
  const phases = [...forwardPhases, ...rollbackPhases].filter((phase) => hasPhase(phase, entries));
  const arranged = [...phases, "restore" as const, "aborted" as const].flatMap((phase) =>
    arrange(phase, entries, watchesRollback).map(({ name }) => name),
  );
  const weights = entries.flatMap(weightsOf).map(({ percent }) => percent);
  const watched = watchedGates(entries, phases, watchesRollback, weights).map(({ entry }) => entry);
  const beside = entries.flatMap((entry) => {
    if (entry.word === "notify" && told.includes(entry.at)) return [entry.name];
    if (entry.word === "followUp" && entry.task.as === "gates") return [entry.name, ...entry.task.gates];
    if (isPostMortem(entry)) return [entry.name];
    return ["window", "target", "followUp"].includes(entry.word) ? [entry.name] : [];
  });
  return [...arranged, ...watched, ...beside];
}
