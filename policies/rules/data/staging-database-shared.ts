import { azure } from "../../azure/types";
import { requiredText } from "../../read";
import { systemRule } from "../../system-rule";
import { kirana } from "../../systems";
import { judged, notApplicable, violation } from "../../verdict";

export const stagingDatabaseShared = systemRule({
  name: "staging-database-shared",
  topic: "data",
  system: kirana,
  displayName: "Developers and staging work on one database",
  description:
    "In staging the Cosmos DB account is open to somebody beside site and slot: the developers, who share it.",
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
    const roles = system
      .ofType(azure.cosmosRoleAssignment)
      .filter((role) => requiredText(role, "accountName") === name);
    // Principals of identities are outputs: how many there are is known in preview, who they are is not.
    const programs = system.ofType(azure.site, azure.slot).length;
    if (roles.length > programs) return judged([]);
    return judged([
      violation(
        account.urn,
        `has ${roles.length} role assignments for ${programs} programs: none for developers`,
      ),
    ]);
  },
});
