import { contracts } from "../../runbooks/contracts";
import type { Contract } from "../../runbooks/vocabulary";
import { requireSystem } from "./system-named";

/** @throws UserError that names the systems there are */
export function contractNamed(system: string): Contract {
  requireSystem(system);
  return contracts.find((each) => each.system === system)!;
}

/** @param named all systems with a runbook when it is absent */
export function systemsNamed(named: string | undefined): readonly string[] {
  return named === undefined ? contracts.map(({ system }) => system) : [contractNamed(named).system];
}
