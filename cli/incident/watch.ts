import { systemClock } from "../../release/engine/system-clock";
import { eventsOfWait, waitingOf } from "../../release/incident/held-release";
import { UserError } from "../../release/user-error";
import type { CommandContext } from "../context";
import { systemsNamed } from "../release/contract-named";
import { earlierReleases } from "../release/earlier-releases";
import { type LoadedSystem, loadSystem } from "../release/load-release";
import { carryOut, type IncidentSession, openSession, planOf } from "./incident-session";

export interface WatchOptions {
  readonly stack: string;
  /** Looks once and ends, as a scheduled run does. */
  readonly once: boolean;
}

/** A hold or an incident of another process is seen this much later at most. */
const lookMilliseconds = 15_000;

/** What one look at the ladders of some systems came to. */
export interface Climbed {
  /** Incidents that are open, and releases that wait. */
  readonly open: number;
  /** When the next of them is due. */
  readonly next?: Date;
}

/**
 * Climbs the ladders of every incident that is open and of every release that waits, until it is stopped; with `once`,
 * whatever is due by now.
 *
 * @throws with `once`, what the ladders of a system failed with, after all others were climbed
 */
export async function watchLadders(
  context: CommandContext,
  system: string | undefined,
  { stack, once }: WatchOptions,
): Promise<void> {
  const sessions = systemsNamed(system).map((name) => openSession(context, { system: name, stack }));
  const clock = systemClock();
  const climb = climber(context, stack);
  for (;;) {
    const { open, next } = await climbEach(sessions, climb, context.say).catch((error: unknown) => {
      // Somebody stays to look again.
      if (once || !(error instanceof UserError && error.retriable)) throw error;
      return { open: 0, next: undefined };
    });
    if (once) {
      const due = next === undefined ? "nothing more is due" : `the next is due at ${next.toISOString()}`;
      context.out(open === 0 ? `nothing is open on ${stack}\n` : `${open} open on ${stack}, ${due}\n`);
      return;
    }
    const pause = Math.max(0, (next?.getTime() ?? Number.POSITIVE_INFINITY) - clock.now().getTime());
    await clock.sleep(Math.min(lookMilliseconds, pause), context.signal);
  }
}

/**
 * Lets each system have its turn: what is wrong with one keeps nobody of another from being told.
 * @throws the first fault, once all had theirs
 */
export async function climbEach<Session extends { readonly contract: { readonly system: string } }>(
  sessions: readonly Session[],
  climb: (session: Session) => Promise<Climbed>,
  say: (line: string) => void,
): Promise<Climbed> {
  const faults: unknown[] = [];
  const climbed: Climbed[] = [];
  for (const session of sessions) {
    try {
      climbed.push(await climb(session));
    } catch (error) {
      faults.push(error);
      say(`${session.contract.system}: ${error instanceof Error ? error.message : error}`);
    }
  }
  if (faults.length > 0) throw faults[0];
  return together(climbed);
}

function together(climbed: readonly Climbed[]): Climbed {
  const open = climbed.reduce((sum, one) => sum + one.open, 0);
  const [next] = climbed
    .flatMap((one) => one.next ?? [])
    .sort((one, other) => one.getTime() - other.getTime());
  return { open, ...(next !== undefined && { next }) };
}

function climber(context: CommandContext, stack: string): (session: IncidentSession) => Promise<Climbed> {
  const loaded = new Map<string, LoadedSystem>();
  const loadedOf = async (system: string) => {
    const known = loaded.get(system) ?? (await loadSystem(context, { system, stack }));
    loaded.set(system, known);
    return known;
  };
  return async (session) => {
    await noticeWaiting(session);
    const climbed: Climbed[] = [];
    for (const state of await session.book.open()) {
      const opened = { id: state.opened.incident, plan: planOf(session, state) };
      const { next } = await carryOut(session, await loadedOf(session.contract.system), opened);
      climbed.push({ open: 1, ...(next !== undefined && { next }) });
    }
    return together(climbed);
  };
}

/** Opens the journal of a release that began to wait, and closes those whose release waits no longer. */
export async function noticeWaiting({ book, store, contract, actor }: IncidentSession): Promise<void> {
  const [newest] = await earlierReleases(store, contract.system);
  const waiting = newest && waitingOf(newest);
  if (newest !== undefined && waiting !== undefined)
    await book.write(waiting.id, (known) => eventsOfWait(waiting, newest, known));
  for (const { opened } of await book.open()) {
    if (opened.about === "incident" || opened.incident === waiting?.id) continue;
    await book.write(opened.incident, (known) =>
      known?.closed === undefined
        ? [
            {
              event: "closed",
              by: actor,
              rootCause: opened.summary,
              resolution: "the release waits for nobody any more",
            },
          ]
        : [],
    );
  }
}
