import { azure } from "../../azure/types";
import { isKnown, optionalText, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { systemRule } from "../../system-rule";
import { kirana } from "../../systems";
import { judged, notApplicable, violation } from "../../verdict";

export const stagingDatabaseShared = systemRule({
  name: "staging-database-shared",
  topic: "data",
  system: kirana,
  displayName: "Developers and staging work on one database",
  description:
    "In staging somebody beside site and slot has a role on the data of Cosmos DB: the developers, who share it.",
  severity: "medium",
  ids: ["KIR-007"],
  conflicts: [22, 23],
  remediationSteps:
    "Give `kirana-inventory:developersGroupId` of the staging stack; the program declares the group's role on the data.",
  evaluate(system) {
    if (system.environment !== "staging") return notApplicable("only staging's database is shared");
    const [account] = system.ofType(azure.cosmosAccount);
    if (!account) return judged([violation(system.urn, "no Cosmos DB account is declared")]);
    const name = requiredText(account, "accountName");
    const holders = holdersOf(
      system.ofType(azure.cosmosRoleAssignment).filter((role) => requiredText(role, "accountName") === name),
    );
    const programs = holdersOf(system.ofType(azure.roleAssignment).filter(isProgram));
    if (holders.some((holder) => !programs.includes(holder))) return judged([]);
    return judged([
      violation(account.urn, "no role on its data is anybody's but the programs': none for developers"),
    ]);
  },
});

/**
 * Whom roles are given to. An identity of a program is made with it, so that preview does not know it; the developers'
 * group is a setting, so that it is always known.
 */
function holdersOf(assignments: readonly DeclaredResource[]): readonly string[] {
  return assignments
    .filter((assignment) => isKnown(assignment, "principalId"))
    .map((assignment) => requiredText(assignment, "principalId").toLowerCase());
}

/** Each program of the system has roles on other things too; developers have this one alone. */
function isProgram(assignment: DeclaredResource): boolean {
  return optionalText(assignment, "principalType") !== "Group";
}
