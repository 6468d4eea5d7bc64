import { forOneTry } from "../strategies/strategy";
import type { Diary } from "./diary";
import type { EngineParts } from "./parts";

/**
 * Takes back what a release that did not become live left behind on its own side: pods of the new version. What cannot
 * harm stays (a package on a slot without traffic, a backup, an additive migration), and data are never touched: that is
 * a person's decision, in the phase `restore`.
 */
export async function unwind(
  diary: Diary,
  { strategies, progress }: EngineParts,
  limit: AbortSignal,
): Promise<void> {
  const { plan, begun } = diary.state;
  for (const step of [...plan.steps].reverse()) {
    const entry = plan.entries[step.entry];
    if (!begun.includes(step.id) || entry?.word !== "step" || entry.undo !== "scaleBack") continue;
    if (entry.does.action !== "deploy") continue;
    for (const track of [...plan.facts.tracks].reverse()) {
      const components = track.components.filter((component) =>
        entryComponents(entry.does).includes(component),
      );
      const side = plan.to.sides[track.name];
      if (components.length === 0 || side === undefined) continue;
      progress(`${side}: no pods of ${components.join(", ")} any more`);
      await forOneTry(strategies.get(track.name)!, limit).scale(side, components, 0);
    }
  }
}

function entryComponents(does: { readonly components?: readonly string[] } | object): readonly string[] {
  return "components" in does ? ((does.components as readonly string[]) ?? []) : [];
}
