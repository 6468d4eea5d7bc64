import { hasChanged, type ReleaseState } from "../engine/state";
import type { EventOf } from "./events";
import type { ScheduleState } from "./state";

/** What the journal of a release says of the schedule that it has in its plan. */
export type SaidByRelease = (EventOf<"started"> | EventOf<"givenBack">) & { readonly at: string };

/**
 * What releases say of a schedule and its own journal does not yet, in its order: that one of them began, as its process may
 * have ended before it wrote that down; and that the one which began ended with nothing changed. That one gives back what
 * was announced: the release is to come again, at its time or another one.
 *
 * @param releases of the system, the newest first
 * @param isNewest whether no later release was scheduled, which takes the place of one that is given back
 */
export function saidByReleases(
  state: ScheduleState,
  releases: readonly ReleaseState[],
  isNewest: boolean,
): readonly SaidByRelease[] {
  if (state.cancelled !== undefined) return [];
  const own = releases.filter(({ plan }) => plan.scheduled?.schedule === state.schedule);
  const written = own.find(({ release }) => release === state.started?.release);
  if (state.started !== undefined && (!isNewest || written === undefined || !givesBack(written))) return [];
  const given: readonly SaidByRelease[] =
    written === undefined ? [] : [{ event: "givenBack", release: written.release, at: written.ended!.at }];
  const begun = own.find((one) => !givesBack(one));
  if (begun === undefined) return given;
  const { release, startedBy, startedAt } = begun;
  return [...given, { event: "started", by: startedBy, release, at: startedAt }];
}

/** The state once that is written down. */
export function withSaid(state: ScheduleState, said: readonly SaidByRelease[]): ScheduleState {
  return said.reduce(({ started: _, ...rest }: ScheduleState, one): ScheduleState => {
    return one.event === "started" ? { ...rest, started: one } : rest;
  }, state);
}

function givesBack(state: ReleaseState): boolean {
  const outcome = state.ended?.outcome;
  return (outcome === "refused" || outcome === "aborted") && !hasChanged(state);
}
