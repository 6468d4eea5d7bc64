import type { Plan } from "../../../../release/plan/plan";
import type { PlanQuestion } from "../../../../release/plan/planner";
import { releaseTypes } from "../../../../release/plan/selection";
import type { StackChanges } from "../../../../release/plan/stack-changes";
import type { SystemName } from "../../../../runbooks/model";
import { liveVersion, planOf, questionOf } from "./questions";

export const changeOf = (name: string, op: string, own = true) => ({
  urn: `urn:pulumi:production::switchyard::switchyard:systems:TesoroXp$azure-native:sql:Database::${name}`,
  op,
  own,
});

export const stackChanges: StackChanges = {
  digest: `sha256:${"c".repeat(64)}`,
  changes: [changeOf("database", "update"), changeOf("subnet", "create")],
};

/** What a release of infrastructure alone is planned from, on a Tuesday in every window. */
export function infrastructureQuestion(
  change: Partial<PlanQuestion> = {},
  system: SystemName = "tesoro-xp",
): PlanQuestion {
  const manifest = { system, version: liveVersion, commit: "d".repeat(40), components: {} };
  return questionOf(system, {
    manifest,
    types: releaseTypes({}, { alone: true }),
    stack: stackChanges,
    ...change,
  });
}

export function infrastructurePlan(change: Partial<PlanQuestion> = {}): Plan {
  return planOf(infrastructureQuestion(change));
}
