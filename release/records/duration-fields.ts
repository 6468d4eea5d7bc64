import type { ReleaseState } from "../engine/state";

const millisecondsPerSecond = 1000;

const lastPhases = ["finish", "follow-up", "rolled-back", "aborted"];

/**
 * `totalSeconds`, `rollbackSeconds`, and for each component that was deployed `COMPONENTSeconds`; once it has ended also
 * `duration`, which until then is what was planned.
 */
export function durationFields(state: ReleaseState, now: Date): Readonly<Record<string, string>> {
  const { rollback, phase = "prepare" } = state;
  const worked = workedFrom(state);
  return {
    ...componentSeconds(state),
    totalSeconds: secondsBetween(worked, now),
    ...(lastPhases.includes(phase) && { duration: inWords(worked, now) }),
    ...(rollback !== undefined && { rollbackSeconds: secondsBetween(rollback.at, now) }),
  };
}

/** Its start, later by as long as a release that is taken back after its end had been over. */
function workedFrom({ startedAt, reopened }: ReleaseState): string {
  if (reopened === undefined) return startedAt;
  const over = Date.parse(reopened.at) - Date.parse(reopened.finishedAt);
  return new Date(Date.parse(startedAt) + over).toISOString();
}

function componentSeconds({ plan, done }: ReleaseState): Record<string, string> {
  const seconds: Record<string, number> = {};
  for (const step of [...plan.steps, ...plan.rollback]) {
    const entry = plan.entries[step.entry];
    const finished = done.get(step.id);
    if (entry?.word !== "step" || entry.does.action !== "deploy" || finished === undefined) continue;
    for (const component of entry.does.components) {
      seconds[component] = (seconds[component] ?? 0) + finished.milliseconds / millisecondsPerSecond;
    }
  }
  return Object.fromEntries(
    Object.entries(seconds).map(([component, value]) => [`${component}Seconds`, value.toFixed(1)]),
  );
}

function secondsBetween(from: string, to: Date): string {
  return ((to.getTime() - Date.parse(from)) / millisecondsPerSecond).toFixed(1);
}

function inWords(from: string, to: Date): string {
  const seconds = Math.round((to.getTime() - Date.parse(from)) / millisecondsPerSecond);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
