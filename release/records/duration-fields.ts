import { deploymentSeconds, rollbackSeconds } from "../engine/durations";
import type { ReleaseState } from "../engine/state";

const millisecondsPerSecond = 1000;

const lastPhases = ["finish", "follow-up", "rolled-back", "aborted"];

/**
 * `COMPONENTSeconds` for each component that was deployed, `totalSeconds` for all of them, and `rollbackSeconds` once
 * everybody is back; once it has ended also `duration` of the whole release, which until then is what was planned.
 */
export function durationFields(state: ReleaseState, now: Date): Readonly<Record<string, string>> {
  const { phase = "prepare" } = state;
  const { components, total } = deploymentSeconds(state);
  const back = rollbackSeconds(state);
  return {
    ...Object.fromEntries(
      Object.entries(components).map(([component, seconds]) => [`${component}Seconds`, seconds.toFixed(1)]),
    ),
    ...(total !== undefined && { totalSeconds: total.toFixed(1) }),
    ...(lastPhases.includes(phase) && { duration: inWords(workedFrom(state), now) }),
    ...(back !== undefined && { rollbackSeconds: back.toFixed(1) }),
  };
}

/** Its start, later by as long as a release that is taken back after its end had been over. */
function workedFrom({ startedAt, reopened }: ReleaseState): string {
  if (reopened === undefined) return startedAt;
  const over = Date.parse(reopened.at) - Date.parse(reopened.finishedAt);
  return new Date(Date.parse(startedAt) + over).toISOString();
}

function inWords(from: string, to: Date): string {
  const seconds = Math.round((to.getTime() - Date.parse(from)) / millisecondsPerSecond);
  return seconds < 120 ? `${seconds} s` : `${Math.round(seconds / 60)} min`;
}
