import { ruleFailed } from "../decide";
import type { RuleConfig } from "../rule";
import { type Judgement, judged, notApplicable } from "../verdict";
import type { PolicyRun } from "./policy-run";
import type { RunPlace, RunRule } from "./run-rule";

/** A rule that cannot read what it needs has not been passed either. */
export async function decideRun(
  rule: RunRule,
  place: RunPlace,
  run: PolicyRun,
  config: RuleConfig,
): Promise<Judgement> {
  if (rule.at && !rule.at.includes(place.type)) return notApplicable("looks at other types only");
  try {
    return await rule.evaluate(place, run, config);
  } catch (error) {
    return judged([ruleFailed(rule.name, place.urn, error)]);
  }
}
