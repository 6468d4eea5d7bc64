import type { Plan } from "./plan";
import type { Refusal } from "./refusal";

/** Gates that are looked at only in phases in which nothing waits for what they say: they could hold nothing. */
export function idleGateRefusals({ system, watched, steps, rollback }: Plan): readonly Refusal[] {
  const waiting = new Set(
    [...steps, ...rollback].flatMap(({ phase, does }) =>
      does.as === "watch" || does.as === "weight" ? [phase] : [],
    ),
  );
  const weights = new Set(steps.flatMap(({ does }) => (does.as === "weight" ? [does.percent] : [])));
  const unmet = watched.flatMap(({ entry, atPercent }): Refusal[] => {
    if (atPercent === undefined || weights.has(atPercent)) return [];
    const message = `the contract of ${system} has ${entry} looked at with ${atPercent} % on the new side, which is no weight of its ramp: it could hold nothing`;
    const mend = `Name one of its weights as atWeight: ${[...weights].join(", ")}.`;
    return [{ kind: "idle-gate", message, mend }];
  });
  const idle = watched
    .filter(({ phases }) => !phases.some((phase) => waiting.has(phase)))
    .map(
      ({ entry, phases }): Refusal => ({
        kind: "idle-gate",
        message: `the contract of ${system} has ${entry} looked at in ${phases.join(" and ")}, where nothing waits for what it says: it could hold nothing`,
        mend: "Give the phase a ramp with weights, or have the gate looked at in switch, watch or rollback-watch.",
      }),
    );
  return [...unmet, ...idle];
}
