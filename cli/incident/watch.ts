import { systemClock } from "../../release/engine/system-clock";
import { eventsOfWait, waitingOf } from "../../release/incident/held-release";
import type { CommandContext } from "../context";
import { earlierReleases } from "../release/earlier-releases";
import { type LoadedSystem, loadSystem, systemsNamed } from "../release/load-release";
import { carryOut, type IncidentSession, openSession, planOf } from "./incident-session";

export interface WatchOptions {
  readonly stack: string;
  /** Looks once and ends, as a scheduled run does. */
  readonly once: boolean;
}

/** A hold or an incident of another process is seen this much later at most. */
const lookMilliseconds = 15_000;

/** Climbs the ladders of every incident that is open and of every release that waits, until it is stopped. */
export async function watchLadders(
  context: CommandContext,
  system: string | undefined,
  { stack, once }: WatchOptions,
): Promise<void> {
  const sessions = systemsNamed(system).map((name) => openSession(context, { system: name, stack }));
  const clock = systemClock();
  const loaded = new Map<string, LoadedSystem>();
  const loadedOf = async ({ contract }: IncidentSession) => {
    const before = loaded.get(contract.system);
    if (before !== undefined) return before;
    const now = await loadSystem(context, { system: contract.system, stack });
    loaded.set(contract.system, now);
    return now;
  };
  for (;;) {
    let next = Number.POSITIVE_INFINITY;
    for (const session of sessions) {
      await noticeWaiting(session);
      for (const state of await session.book.open()) {
        const plan = planOf(session, state);
        const due = await carryOut(session, await loadedOf(session), { id: state.opened.incident, plan });
        next = Math.min(next, due.next?.getTime() ?? next);
      }
    }
    if (once) return;
    const pause = Math.max(0, next - clock.now().getTime());
    await clock.sleep(Math.min(lookMilliseconds, pause), context.signal);
  }
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
