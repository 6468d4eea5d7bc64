import { environments } from "../../runbooks/model";
import type { Contract, Entry } from "../../runbooks/vocabulary";
import { UserError } from "../user-error";
import { type IncidentPlan, laddersFor, planIncident, playbooksOf } from "./plan";

/**
 * Names of a contract's entries that an incident of the system carries out, or a release that waits for somebody: what
 * the planner places of each playbook on each stack. A playbook with a question that nothing can ask is not placed.
 */
export function incidentEntries(contract: Contract): ReadonlySet<string> {
  const placed = environments.flatMap((environment) => {
    const symptoms = playbooksOf(contract, environment).map(({ symptom }) => symptom);
    const plans = [undefined, ...symptoms].map((symptom) => planned(contract, environment, symptom));
    const waiting = (["hold", "rollback"] as const).flatMap((about) =>
      laddersFor(about, contract, environment),
    );
    return [...plans.flatMap((plan) => (plan === undefined ? [] : entriesIn(plan))), ...waiting];
  });
  return new Set(placed.map(({ name }) => name));
}

function planned(
  contract: Contract,
  environment: IncidentPlan["environment"],
  symptom: string | undefined,
): IncidentPlan | undefined {
  try {
    return planIncident(contract, environment, symptom);
  } catch (error) {
    if (error instanceof UserError) return undefined;
    throw error;
  }
}

function entriesIn(plan: IncidentPlan): readonly Pick<Entry, "name">[] {
  return [
    ...(plan.playbook === undefined ? [] : [plan.playbook]),
    ...plan.health,
    ...plan.gates,
    ...plan.offers.flatMap(({ step }) => (step === undefined ? [] : [step])),
    ...plan.questions,
    ...plan.messages,
    ...plan.ladders,
    ...plan.callable,
  ];
}
