import type { ReleaseState } from "../engine/state";

const millisecondsPerSecond = 1000;

/** `totalSeconds`, `rollbackSeconds`, and for each component that was deployed `COMPONENTSeconds`. */
export function durationFields(state: ReleaseState, now: Date): Readonly<Record<string, string>> {
  const { startedAt, rollback } = state;
  return {
    ...componentSeconds(state),
    totalSeconds: secondsBetween(startedAt, now),
    ...(rollback !== undefined && { rollbackSeconds: secondsBetween(rollback.at, now) }),
  };
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
