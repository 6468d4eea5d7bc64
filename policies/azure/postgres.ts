import { requiredText } from "../read";
import type { DeclaredResource } from "../resource";
import type { SystemView } from "../stack-view";
import { cases } from "../systems";
import { azure } from "./types";

/** Databases into which backups are restored to prove them; what they hold is thrown away. */
const scratchDatabases: ReadonlySet<string> = new Set([cases.contract.restoreTest.database]);

/** PostgreSQL servers of a system that hold data: all but those with scratch databases alone. */
export function postgresServersWithData(view: Pick<SystemView, "ofType">): readonly DeclaredResource[] {
  return view.ofType(azure.postgresServer).filter((server) => {
    const serverName = requiredText(server, "serverName");
    const databases = view
      .ofType(azure.postgresDatabase)
      .filter((database) => requiredText(database, "serverName") === serverName)
      .map((database) => requiredText(database, "databaseName"));
    return databases.length === 0 || databases.some((database) => !scratchDatabases.has(database));
  });
}
