import type { Source } from "../model";
import type { TaskPurpose } from "../task-purpose";

/**
 * Work on the database beside the app. The system is on no cluster: each is a job of Azure Container Apps that runs only
 * when a release starts it.
 */
export interface DatabaseTask extends Source {
  /** Word of the contract's steps. */
  readonly name: string;
  /** `tools`: programs around a database; `migrations`: the owner's runner with the scripts of ./migrations. */
  readonly image: "tools" | "migrations";
  /** By which a release finds a task that no step names. */
  readonly purpose?: TaskPurpose;
  readonly deadlineMinutes: number;
  /** Whether it writes exports to the container of backups. */
  readonly writesBackups: boolean;
  readonly description: string;
}

export const tasks = [
  {
    name: "export-database",
    image: "tools",
    ids: ["TES-049", "TES-051"],
    conflicts: [41],
    deadlineMinutes: 120,
    writesBackups: true,
    description: "Exports a copy of the database to the container of backups, before a migration.",
  },
  {
    name: "migration-runner",
    image: "migrations",
    ids: ["TES-052"],
    conflicts: [36, 40],
    deadlineMinutes: 60,
    writesBackups: false,
    description: "Runs the migrations of a release, in the order of their version.",
  },
  {
    name: "ask-database",
    image: "migrations",
    purpose: { store: "sql", work: "ask" },
    ids: ["TES-053", "TES-054"],
    conflicts: [40],
    deadlineMinutes: 10,
    writesBackups: false,
    description: "A question that only reads: the record of migrations, ./migrations/verify.sql.",
  },
] as const satisfies readonly DatabaseTask[];

export type TaskName = (typeof tasks)[number]["name"];
