import { requiredText } from "../read";
import type { DeclaredResource } from "../resource";
import type { StackView } from "../stack-view";

/** Resources of a type that belong to the same SQL server. */
export function besideServer(
  stack: StackView,
  server: DeclaredResource,
  type: string,
): readonly DeclaredResource[] {
  const wanted = requiredText(server, "serverName").toLowerCase();
  return stack
    .ofType(type)
    .filter((resource) => requiredText(resource, "serverName").toLowerCase() === wanted);
}

/** Resources of a type that belong to the same SQL database. */
export function besideDatabase(
  stack: StackView,
  database: DeclaredResource,
  type: string,
): readonly DeclaredResource[] {
  const wanted = requiredText(database, "databaseName").toLowerCase();
  return besideServer(stack, database, type).filter(
    (resource) => requiredText(resource, "databaseName").toLowerCase() === wanted,
  );
}
