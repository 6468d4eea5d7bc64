import { azure } from "../../azure/types";
import { benchmark } from "../../frameworks";
import { listAt, objectsAt, required } from "../../read";
import { resourceRule } from "../../rule";
import { judged, violation } from "../../verdict";

/** What an application does with data. The first two are asked for by every client before anything else. */
const allowed: readonly RegExp[] = [
  /^Microsoft\.DocumentDB\/databaseAccounts\/readMetadata$/i,
  /^Microsoft\.DocumentDB\/databaseAccounts\/sqlDatabases\/containers\/(?:executeQuery|readChangeFeed|executeStoredProcedure|manageConflicts)$/i,
  /^Microsoft\.DocumentDB\/databaseAccounts\/sqlDatabases\/containers\/items\/(?:\*|create|read|replace|upsert|delete)$/i,
];

export const cosmosRoleActions = resourceRule({
  name: "cosmos-role-actions",
  topic: "access",
  displayName: "A data role of one's own names what it allows",
  description: "A Cosmos DB role of the stack allows reading and writing items, and no wildcard above them.",
  severity: "high",
  ids: ["KIR-016", "KIR-028"],
  framework: benchmark("PA-7"),
  remediationSteps: "List the data actions on items in permissions.dataActions.",
  types: [azure.cosmosRoleDefinition],
  evaluate(role) {
    required(role, "permissions.0");
    return judged(
      objectsAt(role, "permissions").flatMap((_permission, index) => {
        const path = `permissions.${index}.dataActions`;
        required(role, path);
        return listAt(role, path).flatMap((action, at) =>
          allowed.some((pattern) => pattern.test(String(action)))
            ? []
            : [violation(role.urn, `${path}.${at} must be an action on items`)],
        );
      }),
    );
  },
});
