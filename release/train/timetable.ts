import type { PlanStep } from "../plan/plan";
import { planSeconds } from "../plan/plan-seconds";
import { neededBy } from "./order";
import type { PlannedMember } from "./train";

/** When a release of a train is where, in seconds from its start, without the time that people take. */
export interface Stop {
  readonly system: string;
  readonly beginsSeconds: number;
  /** All traffic is on the new side and what needs it may begin. */
  readonly servesSeconds: number;
  readonly finishedSeconds: number;
}

export interface Timetable {
  readonly stops: readonly Stop[];
  readonly totalSeconds: number;
}

/** Steps after which a release serves: it is only watched from then on. */
function isWatching({ phase }: PlanStep): boolean {
  return phase === "watch" || phase === "finish";
}

/** How long a release is planned to take until it serves. */
export function secondsToServe(steps: readonly PlanStep[]): number {
  return planSeconds(steps.filter((step) => !isWatching(step))).planned;
}

/**
 * One release after the other until all serve; then each finishes once its watch is over and those it needs have finished.
 * @param members in the order in which they begin
 */
export function timetableOf(members: readonly PlannedMember[]): Timetable {
  let at = 0;
  const served = members.map(({ after, plan }) => {
    const beginsSeconds = at;
    at += secondsToServe(plan.steps);
    return { system: plan.system as string, after, plan, beginsSeconds, servesSeconds: at };
  });
  const stops: Stop[] = [];
  for (const { system, plan, beginsSeconds, servesSeconds } of served) {
    const needed = neededBy(served, system);
    const before = stops
      .filter((stop) => needed.has(stop.system))
      .map(({ finishedSeconds }) => finishedSeconds);
    const watched = servesSeconds + planSeconds(plan.steps.filter(({ phase }) => phase === "watch")).planned;
    const finish = planSeconds(plan.steps.filter(({ phase }) => phase === "finish")).planned;
    stops.push({
      system,
      beginsSeconds,
      servesSeconds,
      finishedSeconds: Math.max(watched, at, ...before) + finish,
    });
  }
  return { stops, totalSeconds: Math.max(...stops.map(({ finishedSeconds }) => finishedSeconds)) };
}

/** Roles with the releases and phases in which they are needed, and the planned second at which each phase begins. */
export function neededAt(members: readonly PlannedMember[]): ReadonlyMap<string, readonly Need[]> {
  const { stops } = timetableOf(members);
  const roles = new Map<string, Need[]>();
  members.forEach(({ plan }, index) => {
    let at = stops[index]!.beginsSeconds;
    for (const step of plan.steps) {
      for (const role of step.people) {
        const needs = roles.get(role) ?? [];
        roles.set(role, needs);
        const { system } = plan;
        const { phase } = step;
        if (!needs.some((need) => need.system === system && need.phase === phase))
          needs.push({ system, phase, atSeconds: at });
      }
      at += planSeconds([step]).planned;
    }
  });
  return roles;
}

export interface Need {
  readonly system: string;
  readonly phase: PlanStep["phase"];
  readonly atSeconds: number;
}
