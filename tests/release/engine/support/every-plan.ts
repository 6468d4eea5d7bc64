import type { Plan } from "../../../../release/plan/plan";
import { releaseTypes } from "../../../../release/plan/selection";
import { environments, systemNames } from "../../../../runbooks/model";
import { infrastructurePlan } from "../../plan/support/infrastructure";
import { planOf } from "../../plan/support/questions";
import { contractQuestion } from "./plans";

const reason = "orders are lost";

/**
 * A plan of every kind of release that a contract has: on every stack, with a migration and without, on the normal and
 * on the emergency path; and of infrastructure alone where the contract has it.
 */
export function everyPlan(): readonly Plan[] {
  const ways = [false, true].flatMap((emergency) =>
    [false, true].map((migration) => ({ emergency, migration })),
  );
  const ofCode = systemNames.flatMap((system) =>
    environments.flatMap((environment) =>
      ways.map(({ emergency, migration }) => {
        const question = contractQuestion(system, environment, { migration });
        const types = releaseTypes(question.manifest, { emergency });
        return planOf({
          ...question,
          types,
          options: { ...question.options, ...(emergency && { reason }) },
        });
      }),
    ),
  );
  const ofInfrastructure = environments.flatMap((environment) =>
    [false, true].map((emergency) =>
      infrastructurePlan({
        environment,
        types: releaseTypes({}, { alone: true, emergency }),
        ...(emergency && { options: { reason } }),
      }),
    ),
  );
  return [...ofCode, ...ofInfrastructure];
}
