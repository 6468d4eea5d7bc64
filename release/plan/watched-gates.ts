import type { CheckGate, MetricGate } from "../../runbooks/entry-basics";
import type { Entry, Phase } from "../../runbooks/vocabulary";
import type { WatchedGate } from "./plan";
import { seesCandidateAlone } from "./power";

/** Phases during which numbers are looked at again and again: each has a time in which what they say is waited for. */
const watchedPhases: readonly Phase[] = ["ramp", "switch", "watch", "rollback-watch"];
/** Of these, those that last long enough for a question to be asked more than once. */
const longPhases: readonly Phase[] = ["ramp", "watch", "rollback-watch"];

/**
 * Whether a gate is looked at all through a phase, rather than once at its place. A number always is. A question is when
 * it has a time between two looks, or minutes or a weight of its own; a suite that takes longer than that time is run once. While a
 * database is migrated only what holds is.
 *
 * @param watchesRollback whether the contract says how long a rollback is watched: without it every gate after a rollback
 *   is looked at once
 */
export function isWatched(gate: CheckGate | MetricGate, phase: Phase, watchesRollback: boolean): boolean {
  if (phase === "rollback-watch" && !watchesRollback) return false;
  if (phase === "migrate") return isWatchedWhileMigrating(gate);
  if (gate.word === "metricGate") return watchedPhases.includes(phase);
  if (!longPhases.includes(phase)) return false;
  if (gate.minutes !== undefined || gate.atWeight !== undefined) return true;
  if (gate.everySeconds === undefined) return false;
  return gate.check.provider !== "suite" || gate.everySeconds >= gate.timeoutSeconds;
}

/**
 * A migration takes as long as its data are large. What refuses is a condition at its place, before it or after it; what
 * holds and has a time between two looks is how the migration is watched.
 */
function isWatchedWhileMigrating(gate: CheckGate | MetricGate): gate is CheckGate {
  return gate.word === "checkGate" && gate.onBreach === "hold" && gate.everySeconds !== undefined;
}

/**
 * Seconds after the last step of a migration until every gate that watched it has looked at what came of it; undefined
 * when none does.
 */
export function migrationWatchSeconds(entries: readonly Entry[]): number | undefined {
  const seconds = entries.flatMap((entry) =>
    entry.word === "checkGate" && entry.during.includes("migrate") && isWatchedWhileMigrating(entry)
      ? [entry.everySeconds!]
      : [],
  );
  return seconds.length === 0 ? undefined : Math.max(...seconds);
}

/**
 * Gates of a release that are looked at all through some phases.
 * @param weights of the ramp, rising
 */
export function watchedGates(
  entries: readonly Entry[],
  phases: readonly Phase[],
  watchesRollback: boolean,
  weights: readonly number[],
): readonly WatchedGate[] {
  const firstWeight = weights.find((percent) => percent > 0);
  return entries.flatMap((entry) => {
    if (entry.word !== "metricGate" && entry.word !== "checkGate") return [];
    const watched = phases.filter(
      (phase) => entry.during.includes(phase) && isWatched(entry, phase, watchesRollback),
    );
    if (watched.length === 0) return [];
    const needsTraffic =
      watched.includes("ramp") &&
      firstWeight !== undefined &&
      entry.word === "metricGate" &&
      entry.minimumSample.of === "events" &&
      seesCandidateAlone(entry);
    const atPercent = entry.word === "checkGate" && watched.includes("ramp") ? entry.atWeight : undefined;
    return [
      {
        entry: entry.name,
        phases: watched,
        ...(needsTraffic && { fromPercent: firstWeight }),
        ...(atPercent !== undefined && { atPercent }),
      },
    ];
  });
}

/**
 * Seconds after the last move of traffic until every number of a switch was looked at with what came after it; undefined
 * when there is none. Numbers that the watch looks at as well need not be waited for here.
 */
export function switchWatchSeconds(entries: readonly Entry[]): number | undefined {
  const seconds = entries.flatMap((entry) => {
    const here = entry.word === "metricGate" && entry.during.includes("switch");
    if (!here || entry.during.includes("watch")) return [];
    return [entry.windowSeconds + entry.telemetryDelaySeconds];
  });
  return seconds.length === 0 ? undefined : Math.max(...seconds);
}
