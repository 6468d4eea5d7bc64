import { forOneTry } from "../strategies/strategy";
import { attempt } from "./attempts";
import { heldClientsEntry, type ReleaseState } from "./state";
import type { Walk } from "./walk";

/** How long App Service keeps a client on the side that it drew (Microsoft Learn, "Set up staging environments"). */
const cookieMilliseconds = 60 * 60_000;
const deploySeconds = 600;

/**
 * Until when clients whom a ramp has drawn to a slot may be held there by their cookie, whatever has become of the rule: an
 * hour after the rule was gone, which the swap, or the way back, took away (docs/adr/0130).
 *
 * @returns undefined while the rule may still be there, and where there was none
 */
export function clientsHeldUntil({ plan, begun, done }: ReleaseState): Date | undefined {
  const slots = plan.facts.tracks.some(({ target }) => target.kind === "slots");
  const drew = plan.steps.some(
    ({ id, does }) => does.as === "weight" && does.percent > 0 && begun.includes(id),
  );
  if (!slots || !drew) return undefined;
  const moved = (move: "switch" | "back") =>
    [...plan.steps, ...plan.rollback].flatMap(({ id, entry: name }) => {
      const entry = plan.entries[name];
      const moves = entry?.word === "step" && entry.does.action === "traffic" && entry.does.move === move;
      return moves ? (done.get(id)?.at ?? []) : [];
    })[0];
  const gone = moved("switch") ?? moved("back");
  return gone === undefined ? undefined : new Date(Date.parse(gone) + cookieMilliseconds);
}

/**
 * Once all traffic is back, a slot to which a ramp has drawn clients gets the version before as well: those whom their
 * cookie holds there have it too. Where that cannot be done the way back goes on all the same, and journal and status say
 * until when they are held.
 *
 * @throws LeaseLost, or what turns the release
 */
export async function freeHeldClients({ diary, parts, plan, signal }: Walk): Promise<void> {
  const { state } = diary;
  const until = clientsHeldUntil(state);
  if (until === undefined || until <= parts.clock.now() || state.heldClients !== undefined) return;
  const to = plan.from.version ?? "the version before";
  for (const { name, target } of plan.facts.tracks) {
    const strategy = parts.strategies.get(name);
    if (target.kind !== "slots" || strategy?.deployPrevious === undefined) continue;
    const what = `${to} on ${target.slot} of ${name}`;
    const outcome = await attempt(
      { id: what, timeoutSeconds: deploySeconds },
      async (limit) => forOneTry(strategy, limit).deployPrevious?.(parts.progress),
      { clock: parts.clock, diary, signal },
    );
    const why = "seen" in outcome ? outcome.seen : outcome.why;
    const words =
      why === undefined
        ? `${what}: whom the ramp's cookie holds there has it too`
        : `whom the ramp's cookie holds on ${target.slot} of ${name} stays on ${plan.manifest.version} there until ${until.toISOString()}: ${why}`;
    parts.progress(words);
    await diary.write({
      kind: "recorded",
      entry: heldClientsEntry,
      fields: { until: until.toISOString(), free: why === undefined, words },
    });
  }
}
