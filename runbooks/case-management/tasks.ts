import type { Source } from "../model";
import type { TaskPurpose } from "../task-purpose";

/**
 * Work that the release starts: each is a CronJob with `suspend: true` from which it makes a Job. The Job's name is the
 * recorded name of what it makes (`backup-20261121-055800`), so that nothing computes a time twice (conflicts 73).
 */
export interface ReleaseTask extends Source {
  /** Name of the CronJob without the system; kebab-case. */
  readonly name: string;
  /** `backend`: the image of a colour's backend, one CronJob for each colour; `tools`: psql, pg_dump, azcopy, redis-cli. */
  readonly image: "backend" | "tools";
  /** By which a release finds a task that no step names. */
  readonly purpose?: TaskPurpose;
  /** Minutes after which it is given up. */
  readonly deadlineMinutes: number;
  readonly description: string;
}

/** The runbook gives a phase ten minutes for its migration (CAS-037), fifteen for its preparation (CAS-020). */
export const migrationMinutes = 10;
export const preparationMinutes = 15;
/** The runbook's step of the restore may take an hour (CAS-092). */
const restoreMinutes = 60;
const questionMinutes = 2;

/** Rows of every table, counted: the statistics of the server, which the runbook reads, are estimates (CAS-042). */
export const rowCountsQuery = [
  "SELECT table_name, (xpath('/row/count/text()', query_to_xml(",
  "format('SELECT count(*) FROM %I.%I', table_schema, table_name), false, true, '')))[1]::text::bigint AS row_count",
  "FROM information_schema.tables WHERE table_schema = 'public' AND table_type = 'BASE TABLE'",
  "ORDER BY row_count DESC",
].join(" ");

export const tasks = [
  {
    name: "migrate",
    image: "backend",
    ids: ["CAS-038", "CAS-037"],
    conflicts: [11, 71, 74],
    deadlineMinutes: migrationMinutes,
    description: "prisma migrate deploy, of the version that the colour holds.",
  },
  {
    name: "verify-migration",
    image: "backend",
    ids: ["CAS-039"],
    deadlineMinutes: migrationMinutes,
    description: "prisma migrate status; fails while a migration is missing or failed.",
  },
  {
    name: "check-data-integrity",
    image: "backend",
    ids: ["CAS-041", "CAS-103"],
    deadlineMinutes: migrationMinutes,
    description: "npm run validate:data-integrity.",
  },
  {
    name: "analyze",
    image: "tools",
    ids: ["CAS-040"],
    deadlineMinutes: migrationMinutes,
    description: "ANALYZE: statistics of the planner after a migration.",
  },
  {
    name: "count-rows",
    image: "tools",
    ids: ["CAS-042"],
    deadlineMinutes: migrationMinutes,
    description: "Real row counts of all tables of schema public, to be compared before and after.",
  },
  {
    name: "backup-database",
    image: "tools",
    ids: ["CAS-030", "CAS-011", "CAS-104"],
    conflicts: [73],
    deadlineMinutes: preparationMinutes,
    description: "pg_dump in custom format, uploaded under the Job's name.",
  },
  {
    name: "backup-uploads",
    image: "tools",
    ids: ["CAS-032"],
    conflicts: [19],
    deadlineMinutes: preparationMinutes,
    description: "Copy of the uploads into a container with the day in its name.",
  },
  {
    name: "restore-test",
    image: "tools",
    purpose: { store: "postgres", work: "prove" },
    ids: ["CAS-033", "CAS-011"],
    conflicts: [73],
    deadlineMinutes: preparationMinutes,
    description:
      "Restores a named backup into a scratch database of the restore-test server, counts its rows, drops it.",
  },
  {
    name: "restore-database",
    image: "tools",
    purpose: { store: "postgres", work: "restore" },
    ids: ["CAS-092"],
    conflicts: [73],
    deadlineMinutes: restoreMinutes,
    description: "Restores a named backup into a new database beside the old one and counts its rows.",
  },
  {
    name: "ask-database",
    image: "tools",
    purpose: { store: "postgres", work: "ask" },
    ids: ["CAS-024", "CAS-042", "CAS-076"],
    deadlineMinutes: questionMinutes,
    description: "A read-only question to the database, answered as rows of JSON.",
  },
  {
    name: "ask-cache",
    image: "tools",
    purpose: { store: "redis", work: "ask" },
    ids: ["CAS-027"],
    deadlineMinutes: questionMinutes,
    description: "A command to the cache that only reads, answered as JSON.",
  },
] as const satisfies readonly ReleaseTask[];
