import type { Source } from "../model";
import type { TaskPurpose } from "../task-purpose";

/**
 * Work on the system's data. Without a schedule it is a CronJob with `suspend: true` from which a release or a person
 * makes a Job; the Job's name is the recorded name of what it makes.
 */
export interface MaintenanceTask extends Source {
  /** Name of the CronJob. */
  readonly name: string;
  /** `backend`: the image of a colour's backend, one CronJob per colour; the others: images of the owner's. */
  readonly image: "backend" | "mongoTools" | "postgresTools" | "searchTools";
  readonly deadlineMinutes: number;
  /** By which a release finds a task that no step names. */
  readonly purpose?: TaskPurpose;
  /** @default - suspended */
  readonly schedule?: { readonly cron: string; readonly timeZone: string };
  readonly description: string;
}

/** CronJob that an alert watches. */
export const snapshotTask = "retail-search-snapshot";

/** Names of the jobs that a release makes, and how long each may take. */
export const maintenance = {
  migration: "retail-migration",
  migrationCheck: "retail-migration-check",
  databaseRollback: "retail-database-rollback",
  dataIntegrity: "retail-data-integrity",
  mongoBackup: "retail-mongo-backup",
  mongoRestoreDrill: "retail-mongo-restore-drill",
  postgresBackup: "retail-postgres-backup",
  askDocuments: "retail-ask-documents",
  askCache: "retail-ask-cache",
  migrationMinutes: 15,
  backupMinutes: 60,
  questionMinutes: 5,
} as const;

const { migrationMinutes, backupMinutes, questionMinutes } = maintenance;

export const tasks = [
  {
    name: maintenance.migration,
    image: "backend",
    ids: ["RET-116", "RET-115"],
    conflicts: [11, 70],
    deadlineMinutes: migrationMinutes,
    description: "./scripts/run-migration.sh ENVIRONMENT, of the version that the colour holds.",
  },
  {
    name: maintenance.migrationCheck,
    image: "backend",
    ids: ["RET-116", "RET-115"],
    deadlineMinutes: migrationMinutes,
    description: "./scripts/verify-migration.sh ENVIRONMENT.",
  },
  {
    name: maintenance.databaseRollback,
    image: "backend",
    ids: ["RET-086"],
    conflicts: [70],
    deadlineMinutes: migrationMinutes,
    description: "./scripts/db-rollback.sh VERSION; the release names the version.",
  },
  {
    name: maintenance.dataIntegrity,
    image: "backend",
    ids: ["RET-087"],
    deadlineMinutes: migrationMinutes,
    description: "./scripts/data-integrity-check.sh.",
  },
  {
    name: maintenance.mongoBackup,
    image: "mongoTools",
    ids: ["RET-117"],
    conflicts: [11, 18],
    deadlineMinutes: backupMinutes,
    description: "mongodump to the storage account, under the Job's name.",
  },
  {
    name: maintenance.mongoRestoreDrill,
    image: "mongoTools",
    purpose: { store: "mongo", work: "prove" },
    ids: ["RET-117", "RET-121"],
    conflicts: [11],
    deadlineMinutes: backupMinutes,
    description: "Restores a named dump under another database name, counts its documents and drops it.",
  },
  {
    name: maintenance.postgresBackup,
    image: "postgresTools",
    ids: ["RET-117"],
    conflicts: [11, 18, 66],
    deadlineMinutes: backupMinutes,
    description: "pg_dump in custom format to the storage account, under the Job's name.",
  },
  {
    name: maintenance.askDocuments,
    image: "mongoTools",
    purpose: { store: "mongo", work: "ask" },
    ids: ["RET-104", "RET-105"],
    conflicts: [67],
    deadlineMinutes: questionMinutes,
    description:
      "A read-only question to MongoDB out of a closed list: its statistics, operations that run long.",
  },
  {
    name: maintenance.askCache,
    image: "mongoTools",
    purpose: { store: "redis", work: "ask" },
    ids: ["RET-104", "RET-105"],
    deadlineMinutes: questionMinutes,
    description: "A read-only question to Redis out of a closed list: PING, DBSIZE, INFO of a section.",
  },
  {
    name: snapshotTask,
    image: "searchTools",
    ids: ["RET-117"],
    conflicts: [18, 19],
    deadlineMinutes: backupMinutes,
    schedule: { cron: "30 3 * * *", timeZone: "America/Los_Angeles" },
    description: "A snapshot of Elasticsearch into the storage account; those beyond their retention go.",
  },
] as const satisfies readonly MaintenanceTask[];
