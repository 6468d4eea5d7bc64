import { forOneTry } from "../strategies/strategy";
import { untilDone } from "./until-done";
import type { Walk } from "./walk";

/**
 * Leaves a release live that was to be taken back after its end, as long as none of its traffic is back: the former side
 * loses the pods that it got for that, where the release had taken them away.
 *
 * @returns false when some of the traffic is back, or nobody can tell: then the way back is gone to its end
 */
export async function stayLive(walk: Walk): Promise<boolean> {
  const { parts, plan } = walk;
  const tracks = plan.facts.tracks.filter(({ target }) => target.kind !== "staticSite");
  let isLive = !isReplaced(walk);
  await untilDone(walk, "seeing that no traffic has gone back", async (limit) => {
    const positions = await Promise.all(
      tracks.map(({ name }) => forOneTry(parts.strategies.get(name)!, limit).observe()),
    );
    isLive &&= positions.every(({ candidatePercent }) => candidatePercent === 100);
  });
  if (!isLive) {
    parts.progress("it goes back: some of its traffic is on the former side already");
    return false;
  }
  await untilDone(walk, "taking the pods of the former side away again", (limit) => scaleDown(walk, limit));
  return true;
}

/** Whether what has one side only may have been deployed in its former version again; it need not say which one it is. */
function isReplaced({ plan, diary }: Walk): boolean {
  return plan.rollback.some(({ id, entry: name }) => {
    const entry = plan.entries[name];
    const deploys = entry?.word === "step" && entry.does.action === "deploy";
    return deploys && diary.state.begun.includes(id);
  });
}

async function scaleDown({ plan, diary, parts }: Walk, limit: AbortSignal): Promise<void> {
  for (const { id, entry: name } of plan.steps) {
    const entry = plan.entries[name];
    if (!diary.state.done.has(id) || entry?.word !== "step" || entry.does.action !== "scale") continue;
    const { side, to, components } = entry.does;
    if (side !== "old" || to !== 0) continue;
    for (const track of plan.facts.tracks) {
      const own = track.components.filter((component) => components.includes(component));
      const former = plan.from.sides[track.name];
      if (own.length === 0 || former === undefined) continue;
      parts.progress(`${former}: no pods of ${own.join(", ")} any more`);
      await forOneTry(parts.strategies.get(track.name)!, limit).scale(former, own, 0);
    }
  }
}
