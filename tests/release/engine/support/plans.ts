import type { Plan } from "../../../../release/plan/plan";
import type { PlanQuestion } from "../../../../release/plan/planner";
import { releaseTypes } from "../../../../release/plan/selection";
import { type Environment, type SystemName, systemNames } from "../../../../runbooks/model";
import { manifestOf, planOf, questionOf } from "../../plan/support/questions";

/** Tuesdays inside every window: what moves in kirana-store is planned two hours after its start. */
const starts: Readonly<Partial<Record<SystemName, string>>> = { "kirana-store": "2026-10-13T15:10:00Z" };
const usualStart = "2026-10-13T17:05:00Z";

/** What a plan of one of the five contracts is made from. */
export function contractQuestion(
  system: SystemName,
  environment: Environment,
  { migration = false } = {},
): PlanQuestion {
  const names = ["add-column"];
  const manifest = manifestOf(system, migration ? { migration: { names, kind: "additive" } } : {});
  const startsAt = new Date(starts[system] ?? usualStart);
  return questionOf(system, {
    environment,
    manifest,
    types: releaseTypes(manifest),
    now: new Date(startsAt.getTime() - 3_600_000),
    options: { startsAt },
  });
}

export function contractPlan(
  system: SystemName,
  environment: Environment,
  options: { readonly migration?: boolean } = {},
): Plan {
  return planOf(contractQuestion(system, environment, options));
}

let planned: readonly Plan[] | undefined;

/** Plans of all five contracts on dev and in production, with a migration and without; planned once. */
export function contractPlans(): readonly Plan[] {
  planned ??= (["dev", "production"] as const).flatMap((environment) =>
    systemNames.flatMap((system) =>
      [false, true].map((migration) => contractPlan(system, environment, { migration })),
    ),
  );
  return planned;
}
