import type { TaskName } from "../../../runbooks/tesoro-xp/tasks";
import { shell } from "../../kubernetes/scripts/shell";

/** The connection string with another database, and with the identity that a program is to sign in by. */
const connection = [
  `: "\${DATABASE_NAME:=}"`,
  `connection="$SQL_CONNECTION_STRING;User Id=$AZURE_CLIENT_ID"`,
  'if [ -n "$DATABASE_NAME" ]; then connection="$(printf %s "$connection" | sed "s/Database=[^;]*/Database=$DATABASE_NAME/")"; fi',
];

/** `Server=tcp:HOST,1433` and `Database=NAME` of the connection string, for programs that take none. */
const parts = [
  `server="$(printf %s "$connection" | sed -n 's/.*Server=\\([^;]*\\).*/\\1/p')"`,
  `database="$(printf %s "$connection" | sed -n 's/.*Database=\\([^;]*\\).*/\\1/p')"`,
];

/**
 * What runs in the images of tools and migrations; each ends with one line of JSON, which goes to the log. A runner of
 * migrations is the owner's: its image starts it, with DIRECTION and MIGRATIONS (docs/data.md).
 */
export const taskCommands: Readonly<Record<TaskName, readonly string[] | undefined>> = {
  "export-database": shell(
    `: "\${DATABASE_NAME:?the release names the copy to export}"`,
    `: "\${BLOB_NAME:?the release names the export}"`,
    ...connection,
    'sqlpackage /Action:Export /SourceConnectionString:"$connection" /TargetFile:/tmp/export.bacpac',
    // By the identity of the task; something of that name that is there already is not written over.
    'AZCOPY_AUTO_LOGIN_TYPE=MSI AZCOPY_MSI_CLIENT_ID="$AZURE_CLIENT_ID" azcopy copy /tmp/export.bacpac "$BACKUPS_URL/$BLOB_NAME" --from-to=LocalBlob --put-md5 --overwrite=false',
    `printf '{"bytes":%s}\\n' "$(wc -c < /tmp/export.bacpac | tr -d ' ')"`,
  ),
  "migration-runner": undefined,
  "ask-database": shell(
    `: "\${QUESTION:?the release asks it}"`,
    ...connection,
    ...parts,
    'ask() { sqlcmd --server "$server" --database-name "$database" --authentication-method ActiveDirectoryManagedIdentity --user-name "$AZURE_CLIENT_ID" --exit-on-error --variable-type-width 0 "$@"; }',
    "answer() {",
    '  case "$QUESTION" in',
    // The answer is a list of rows, each an object; a script says the same by itself.
    '    ./*.sql) ask --input-file "$QUESTION" ;;',
    '    *) ask --query "SET NOCOUNT ON; $QUESTION FOR JSON PATH, INCLUDE_NULL_VALUES" ;;',
    "  esac",
    "}",
    // Whoever waits for the log must see a line of no row too.
    'rows="$(answer)"',
    `printf '%s\\n' "\${rows:-[]}"`,
  ),
};
