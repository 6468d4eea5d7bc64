import { UserError } from "../../local/user-error";
import { contracts } from "../../runbooks/contracts";
import type { Contract } from "../../runbooks/vocabulary";

/** @throws UserError that names the systems there are */
export function contractNamed(system: string): Contract {
  const contract = contracts.find((each) => each.system === system);
  if (contract !== undefined) return contract;
  throw new UserError(`There is no system "${system}".`, {
    mend: `Systems with a runbook: ${contracts.map((each) => each.system).join(", ")}.`,
  });
}

/** @param named all systems with a runbook when it is absent */
export function systemsNamed(named: string | undefined): readonly string[] {
  return named === undefined ? contracts.map(({ system }) => system) : [contractNamed(named).system];
}
