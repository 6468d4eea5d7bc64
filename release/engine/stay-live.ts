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
  const { parts } = walk;
  let isLive = true;
  await untilDone(walk, "seeing that no traffic has gone back", async (limit) => {
    const tracks = [...parts.strategies.values()].map((strategy) => forOneTry(strategy, limit));
    const positions = await Promise.all(tracks.map((strategy) => strategy.observe()));
    isLive = positions.every(({ candidatePercent }) => candidatePercent === 100);
  });
  if (!isLive) {
    parts.progress("it goes back: some of its traffic is on the former side already");
    return false;
  }
  await untilDone(walk, "taking the pods of the former side away again", (limit) => scaleDown(walk, limit));
  return true;
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
