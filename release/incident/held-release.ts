import type { ReleaseState } from "../engine/state";
import type { IncidentEvent } from "./events";
import type { IncidentState } from "./state";

/** A release that waits for somebody: what its ladders climb for. */
export interface WaitingRelease {
  /** Of the journal that keeps who was told: the same for the same wait. */
  readonly id: string;
  readonly about: "hold" | "rollback";
  readonly since: string;
  readonly why: string;
}

/**
 * Whether a release waits for a person, from when on and why. A rollback waits for nobody, but somebody has to take it up
 * until it is over.
 */
export function waitingOf(state: ReleaseState): WaitingRelease | undefined {
  const { release, held, ended } = state;
  if (ended !== undefined) return undefined;
  const back = state.reopened ?? state.rollback;
  if (back !== undefined)
    return { id: idOf("rollback", release, back.at), about: "rollback", since: back.at, why: back.why };
  if (held?.needsPerson !== true) return undefined;
  return { id: idOf("hold", release, held.at), about: "hold", since: held.at, why: held.why };
}

function idOf(about: WaitingRelease["about"], release: string, at: string): string {
  const stamp = at.replace(/[-:.]/g, "");
  const room = 98 - about.length - stamp.length;
  return `${about}-${stamp}-${release.slice(0, room)}`.replace(/[^A-Za-z0-9]+$/, "");
}

/** What is to be written of a wait that is there now, given what is known of it. */
export function eventsOfWait(
  waiting: WaitingRelease,
  state: ReleaseState,
  known: IncidentState | undefined,
): readonly IncidentEvent[] {
  const opened: readonly IncidentEvent[] =
    known === undefined
      ? [
          {
            event: "opened",
            incident: waiting.id,
            about: waiting.about,
            by: state.runner,
            environment: state.plan.environment,
            since: waiting.since,
            summary: `release ${state.release} ${waiting.about === "hold" ? "waits" : "goes back"}: ${waiting.why}`,
            release: state.release,
            ...(state.speed !== 1 && { speed: state.speed }),
          },
        ]
      : [];
  // Whoever holds it, or takes it back, by a word of his own has it.
  const answered: { readonly by: string; readonly role?: string | undefined } | undefined =
    state.commands.find(
      ({ at, command, reason }) =>
        at > waiting.since || (["hold", "rollback"].includes(command) && reason === waiting.why),
    ) ?? state.reopened;
  const taken: readonly IncidentEvent[] =
    answered === undefined || known?.acknowledged !== undefined
      ? []
      : [
          {
            event: "acknowledged",
            by: answered.by,
            ...(answered.role !== undefined && { role: answered.role }),
          },
        ];
  return [...opened, ...taken];
}
