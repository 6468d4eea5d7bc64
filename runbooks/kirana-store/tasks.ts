import type { Source } from "../model";
import type { TaskPurpose } from "../task-purpose";

/**
 * Work beside the two components, each a CronJob. Without a schedule it is suspended, and the release makes a Job from
 * it: the Job's name (`prod-20260128-101500`) is the one recorded name of what it makes (conflicts 53).
 */
export interface StoreTask extends Source {
  /** Name of the CronJob without the system. */
  readonly name: string;
  /** `backend`: the image of a colour's backend, one CronJob per colour; others: an image of the stack's settings. */
  readonly image: "backend" | "mongoTools" | "imageScanner";
  /** By which a release finds a task that no step names. */
  readonly purpose?: TaskPurpose;
  /** Cron expression in UTC. @default - suspended */
  readonly schedule?: string;
  readonly deadlineMinutes: number;
  readonly description: string;
}

export const tasks = [
  {
    name: "dump",
    image: "mongoTools",
    ids: ["STO-094", "STO-225"],
    conflicts: [53],
    deadlineMinutes: 120,
    description: "mongodump of production before a release, as one gzip archive under the Job's name.",
  },
  {
    name: "backup",
    image: "mongoTools",
    ids: ["STO-050", "STO-133", "STO-166"],
    conflicts: [18, 53],
    // The runbook gives no hour; 20:30 UTC is 2 in the night in India, where the customers are.
    schedule: "30 20 * * *",
    deadlineMinutes: 120,
    description: "The same dump every day, beside the service's own backups.",
  },
  {
    name: "restore-drill",
    image: "mongoTools",
    purpose: { store: "mongo", work: "prove" },
    ids: ["STO-033", "STO-034"],
    conflicts: [53],
    deadlineMinutes: 120,
    description:
      "mongorestore of a named dump into a scratch database, a count of what arrived; then it is dropped.",
  },
  {
    name: "restore-database",
    image: "mongoTools",
    purpose: { store: "mongo", work: "restore" },
    ids: ["STO-143"],
    conflicts: [53],
    deadlineMinutes: 120,
    description:
      "mongorestore of a named dump into a new database beside the old one, and a count of what arrived.",
  },
  {
    name: "ask-cache",
    image: "mongoTools",
    purpose: { store: "redis", work: "ask" },
    ids: ["STO-091"],
    deadlineMinutes: 2,
    description: "A command to the cache that only reads, answered as JSON.",
  },
  {
    name: "migrate",
    image: "backend",
    ids: ["STO-070", "STO-031"],
    conflicts: [11],
    deadlineMinutes: 30,
    description: "Additive schema migrations of the version that the colour holds.",
  },
  {
    name: "validate-database",
    image: "backend",
    ids: ["STO-106", "STO-144"],
    deadlineMinutes: 20,
    description: "python scripts/validate-db.py of the version that the colour holds.",
  },
  {
    name: "seed-test-tenant",
    image: "backend",
    ids: ["STO-072", "STO-032"],
    conflicts: [58],
    deadlineMinutes: 20,
    description: "Test data for the test tenant, in its own database.",
  },
  {
    name: "security-updates",
    image: "imageScanner",
    ids: ["STO-168", "STO-037", "STO-038"],
    conflicts: [10],
    schedule: "0 1 * * *",
    deadlineMinutes: 60,
    description:
      "Scans the images of the declared colours; fails when an update mends a high or critical fault.",
  },
] as const satisfies readonly StoreTask[];
