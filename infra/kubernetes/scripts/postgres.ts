import { countsEnd } from "../../../runbooks/task-purpose";
import { reportFile } from "../task-report";
import { backupGiven, download, jobName, reportStored, shell, upload } from "./shell";

export interface PostgresScripts {
  /** Address of the container of backups, in which variables of the shell are filled. */
  readonly backups: string;
  /** Gives `table_name` and `row_count` of every table. */
  readonly rowCounts: string;
}

const psql = "psql --no-psqlrc --set=ON_ERROR_STOP=1 --no-align --tuples-only --quiet";

/** Really counted: the statistics of the server are estimates. */
export function rowCountsOf(schema: string): string {
  return [
    "SELECT table_name, (xpath('/row/count/text()', query_to_xml(",
    "format('SELECT count(*) FROM %I.%I', table_schema, table_name), false, true, '')))[1]::text::bigint AS row_count",
    `FROM information_schema.tables WHERE table_schema = '${schema}' AND table_type = 'BASE TABLE'`,
  ].join(" ");
}

/** Rows by table as one JSON object, its keys in order. */
function countsOf(rowCounts: string): string {
  return `SELECT coalesce(jsonb_object_agg(table_name, row_count), '{}') FROM (${rowCounts}) counted`;
}

/**
 * Dump and counts are of the same snapshot, so that a restore must show the same rows whoever writes meanwhile. Written
 * to a file first: in a pipe the upload of half a dump would succeed.
 */
export function postgresBackup({ backups, rowCounts }: PostgresScripts): readonly string[] {
  return shell(
    jobName,
    "export name",
    "rm -f /scratch/dumped",
    "cat > /scratch/backup.sql <<'END'",
    "BEGIN ISOLATION LEVEL REPEATABLE READ READ ONLY;",
    "SELECT pg_export_snapshot() AS snapshot \\gset",
    "\\setenv SNAPSHOT :snapshot",
    // psql goes on after a command of the shell that failed; the file that is missing then tells.
    '\\! pg_dump --snapshot="$SNAPSHOT" --format=custom --no-owner --file="/scratch/$name.dump" && touch /scratch/dumped',
    "\\o /scratch/counts.json",
    `${countsOf(rowCounts)};`,
    "\\o",
    "COMMIT;",
    "END",
    `${psql} --file=/scratch/backup.sql`,
    "test -e /scratch/dumped",
    'pg_restore --list "/scratch/$name.dump" > /scratch/list',
    upload("/scratch/counts.json", `${backups}/$name${countsEnd}`),
    upload("/scratch/$name.dump", `${backups}/$name.dump`),
    ...reportStored(`${backups}/$name.dump`, "/scratch/$name.dump"),
  );
}

const fetched = (backups: string) => [
  download(`${backups}/$BACKUP_NAME.dump`, "/scratch/restore.dump"),
  download(`${backups}/$BACKUP_NAME${countsEnd}`, "/scratch/counts.json"),
];

/** `$target` is the Job's name as a database can have it, also to the release. */
const targetOfJob = 'target="$(printf %s "$name" | tr - _)"';
const drop = 'dropdb --if-exists --force --maintenance-db="$PGDATABASE" "$target"';

function restored(rowCounts: string): readonly string[] {
  return [
    'createdb --maintenance-db="$PGDATABASE" "$target"',
    // Whatever was restored in part is nobody's; a target that was there before was refused by the line above.
    `trap '${drop}' EXIT`,
    'pg_restore --exit-on-error --no-owner --dbname="$target" /scratch/restore.dump',
    `${psql} --dbname="$target" --command="${countsOf(rowCounts)}" > /scratch/restored.json`,
  ];
}

/** Of more tables than a report can hold those that differ stand alone, beside the sum of all. */
function report(dropped: boolean): readonly string[] {
  return [
    "cat > /scratch/report.sql <<'END'",
    "\\set source `cat /scratch/counts.json`",
    "\\set restored `cat /scratch/restored.json`",
    "WITH source AS (SELECT key, value::bigint FROM jsonb_each_text(:'source'::jsonb)),",
    "restored AS (SELECT key, value::bigint FROM jsonb_each_text(:'restored'::jsonb)),",
    // A table that one of both lacks is left out there: 0 would be that of an empty one.
    "differing AS (SELECT key, source.value AS source, restored.value AS restored",
    "  FROM source FULL JOIN restored USING (key) WHERE source.value IS DISTINCT FROM restored.value ORDER BY key LIMIT 20),",
    "short AS (SELECT",
    "  jsonb_build_object('all ' || (SELECT count(*) FROM source) || ' tables', (SELECT coalesce(sum(value), 0) FROM source))",
    "    || coalesce((SELECT jsonb_object_agg(key, source) FILTER (WHERE source IS NOT NULL) FROM differing), '{}') AS source,",
    "  jsonb_build_object('all ' || (SELECT count(*) FROM source) || ' tables', (SELECT coalesce(sum(value), 0) FROM restored))",
    "    || coalesce((SELECT jsonb_object_agg(key, restored) FILTER (WHERE restored IS NOT NULL) FROM differing), '{}') AS restored)",
    "SELECT CASE WHEN length(:'source') + length(:'restored') < 3800",
    `  THEN jsonb_build_object('target', :'target', 'dropped', ${dropped}, 'source', :'source'::jsonb, 'restored', :'restored'::jsonb)`,
    `  ELSE (SELECT jsonb_build_object('target', :'target', 'dropped', ${dropped}, 'source', source, 'restored', restored) FROM short) END;`,
    "END",
    `${psql} --set=target="$target" --file=/scratch/report.sql > /scratch/report.json`,
  ];
}

/** Into a database of its own, which is dropped whatever happens; one that a killed drill left goes first. */
export function postgresProof({ backups, rowCounts }: PostgresScripts): readonly string[] {
  return shell(
    backupGiven,
    jobName,
    targetOfJob,
    `for left in $(${psql} --command="SELECT datname FROM pg_database WHERE datname LIKE 'prove\\_%'"); do`,
    '  dropdb --if-exists --force --maintenance-db="$PGDATABASE" "$left"',
    "done",
    ...fetched(backups),
    ...restored(rowCounts),
    ...report(true),
    drop,
    "trap - EXIT",
    `cat /scratch/report.json > ${reportFile}`,
  );
}

/** Into a new database, which stays; what applications read is switched by the release. */
export function postgresRestore({ backups, rowCounts }: PostgresScripts): readonly string[] {
  return shell(
    backupGiven,
    jobName,
    targetOfJob,
    ...fetched(backups),
    ...restored(rowCounts),
    ...report(false),
    "trap - EXIT",
    `cat /scratch/report.json > ${reportFile}`,
  );
}

/** The answer is a list of rows, each an object; the server refuses to write. */
export const postgresQuestion: readonly string[] = shell(
  `: "\${QUESTION:?the release asks it}"`,
  "export PGOPTIONS='-c default_transaction_read_only=on -c statement_timeout=60s'",
  `${psql} --command="SELECT coalesce(json_agg(answer), '[]') FROM ($QUESTION) answer" > ${reportFile}`,
);
