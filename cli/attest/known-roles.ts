import { UserError } from "../../local/user-error";
import { approverRole } from "../../policies/exemptions/exemption";

/**
 * A role that nobody asks for would let nobody do anything.
 *
 * @param whose who is to have them, for the message
 * @throws UserError for one that neither a contract nor an exemption asks for
 */
export async function requireKnownRoles(roles: readonly string[], whose: string): Promise<void> {
  const [{ contracts }, { rolesOf }] = await Promise.all([
    import("../../runbooks/contracts.js"),
    import("../../runbooks/roles.js"),
  ]);
  const known = [...rolesOf(contracts), approverRole].sort();
  const unknown = roles.find((role) => !known.includes(role));
  if (unknown === undefined) return;
  throw new UserError(`There is no role ${unknown}, which ${whose} is to have.`, {
    mend: `Roles: ${known.join(", ")}.`,
  });
}
