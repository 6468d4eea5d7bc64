import type { ReleaseFacts } from "../../runbooks/release-facts";
import { productionSide } from "../targets/sides";
import type { Manifest } from "./manifest";
import type { Observed } from "./observed";
import type { Plan, PlanSide } from "./plan";

/** From which version to which; of a release of infrastructure alone the one that stays, and how much changes around it. */
export function versionWords({
  from,
  to,
  manifest,
  stack,
}: Pick<Plan, "from" | "to" | "manifest" | "stack">) {
  if (stack !== undefined) {
    const count = stack.changes.length;
    return `${to.version ?? manifest.version} stays, ${count} ${count === 1 ? "change" : "changes"} of its stack`;
  }
  return `${from.version ?? "(unknown)"} -> ${to.version ?? manifest.version}`;
}

/** What is released: `kirana-store 2.0.0`, `the infrastructure of tesoro-xp`. */
export function releasedWords({
  system,
  manifest,
  stack,
}: Pick<Plan, "system" | "manifest" | "stack">): string {
  return stack === undefined ? `${system} ${manifest.version}` : `the infrastructure of ${system}`;
}

/** What is live. */
export function sideBefore({ tracks }: Pick<ReleaseFacts, "tracks">, observed: Observed): PlanSide {
  const sides = tracks.flatMap(({ name }) => {
    const live = observed[name]?.live;
    return live === undefined ? [] : [[name, live] as const];
  });
  const [version] = sides.flatMap(([name, live]) => observed[name]?.versions[live] ?? []);
  return { ...(version !== undefined && { version }), sides: Object.fromEntries(sides) };
}

/** Where the candidate goes. */
export function sideAfter(
  { tracks }: Pick<ReleaseFacts, "tracks">,
  observed: Observed,
  { version }: Manifest,
): PlanSide {
  const sides = tracks.map(({ name }) => [name, observed[name]?.idle ?? productionSide] as const);
  return { version, sides: Object.fromEntries(sides) };
}

/** The sides of all tracks. Beside a slot or a colour the one side of a static site is not worth a word. */
export function sideWords({ sides }: PlanSide): string {
  const named = [...new Set(Object.values(sides))];
  const told = named.length > 1 ? named.filter((side) => side !== productionSide) : named;
  return told.join(" and ") || "the other side";
}
