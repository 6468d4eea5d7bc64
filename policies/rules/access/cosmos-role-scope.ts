import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { requiredText } from "../../read";
import { resourceRule } from "../../rule";
import { judged, passed, violation } from "../../verdict";

export const cosmosRoleScope = resourceRule({
  name: "cosmos-role-scope",
  topic: "access",
  displayName: "Data access ends at the system's database",
  description: "A Cosmos DB role is given on a database or container, not on the whole account.",
  severity: "high",
  ids: ["KIR-016", "KIR-028"],
  framework: benchmark("PA-7"),
  remediationSteps: "Declare scope as the account's id followed by /dbs/ and the database.",
  types: [azure.cosmosRoleAssignment],
  evaluate(assignment) {
    if (/\/databaseaccounts\/[^/]+\/dbs\/[^/]+/i.test(requiredText(assignment, "scope"))) return passed;
    return judged([violation(assignment.urn, "scope must be a database or container of the account")]);
  },
});
