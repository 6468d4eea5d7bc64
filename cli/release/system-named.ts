import { UserError } from "../../local/user-error";
import { type SystemName, systemNames } from "../../runbooks/model";

/** @throws UserError that names the systems there are; without loading their contracts, which a rollback need not wait for */
export function requireSystem(system: string): asserts system is SystemName {
  if ((systemNames as readonly string[]).includes(system)) return;
  throw new UserError(`There is no system "${system}".`, {
    mend: `Systems with a runbook: ${systemNames.join(", ")}.`,
  });
}
