import type { Entry } from "../../vocabulary";
import { everywhere, production, stagingAndProduction } from "./shared";

const ownership = "architecture: who owns what";

/** What is not done as the runbook writes it, and what stands in its place. */
export const superseded: readonly Entry[] = [
  {
    word: "superseded",
    name: "bucket-copy",
    title: "Uploaded files are copied with aws s3 sync into the bucket S3_BUCKET_NAME-backup-YYYYMMDD",
    ids: ["CAS-032"],
    conflicts: [19],
    on: everywhere,
    during: ["backup"],
    by: ["uploads-backed-up"],
    reason: "The storage is Azure's: the same copy, into a dated container that the job makes first.",
    owner: "conflicts.md item 19",
  },
  {
    word: "superseded",
    name: "merge-by-release",
    title: "Develop is merged into main with --no-ff when a release begins",
    ids: ["CAS-034"],
    conflicts: [71],
    on: production,
    during: ["backup"],
    by: ["backend-image", "frontend-image", "code-review"],
    reason:
      "What is released must have been built, tested and reviewed before: a commit that already is on main; the runbook never pushes its merge.",
    owner: "conflicts.md item 71",
  },
  {
    word: "superseded",
    name: "pipelines-triggered",
    title: 'The workflows "Backend CI/CD Pipeline" and "Frontend CI/CD Pipeline" are triggered on main',
    ids: ["CAS-036"],
    conflicts: [71],
    on: production,
    during: ["backup"],
    by: ["backend-image", "frontend-image", "candidate-deployed"],
    reason:
      "Triggered by hand they would deploy before migration and approval; they run when main changes, and sign what they built.",
    owner: "conflicts.md item 71",
  },
  {
    word: "superseded",
    name: "images-built-by-release",
    title: "The deployment's workflow builds and tags new Docker images",
    ids: ["CAS-044"],
    conflicts: [14, 71],
    on: stagingAndProduction,
    during: ["deploy-idle"],
    by: ["backend-image", "frontend-image", "rule:image-by-digest"],
    reason:
      "An image is built once, from main, and the digest that staging tried is the one that production gets; a tag could move.",
    owner: ownership,
  },
  {
    word: "superseded",
    name: "approval-after-migration",
    title: "The workflow waits for manual approval in the middle of phase 3, after the migration",
    ids: ["CAS-047"],
    conflicts: [11, 71],
    on: production,
    during: ["approve"],
    by: ["production-approval"],
    reason:
      "The approval comes before the backup and the migration: nothing of production changes without it.",
    owner: "conflicts.md item 11",
  },
  {
    word: "superseded",
    name: "rolling-restart",
    title: "Application instances are restarted in rolling fashion",
    ids: ["CAS-052"],
    conflicts: [72],
    on: everywhere,
    during: ["deploy-idle", "switch"],
    by: ["candidate-deployed", "health-before-switch", "traffic-switched", "rule:side-whole"],
    reason:
      "A rolling restart moves traffic while it goes on; each component has two colours and a switch instead.",
    owner: "conflicts.md item 72",
  },
  {
    word: "superseded",
    name: "rollout-undo",
    title: "Roll back with kubectl rollout undo of case-management-backend and case-management-frontend",
    ids: ["CAS-090"],
    conflicts: [72],
    on: everywhere,
    during: ["rollback"],
    by: ["old-side-scaled-up", "traffic-back", "rule:track-for-each-switch"],
    reason:
      "The previous version still runs on the other colour: traffic goes back at once, and what the stack declares stays true.",
    owner: ownership,
  },
  {
    word: "superseded",
    name: "migration-reset",
    title: "Rollback migrations, if available: npx prisma migrate reset --force --skip-seed",
    ids: ["CAS-093"],
    conflicts: [74],
    on: everywhere,
    during: ["rollback", "restore"],
    by: ["traffic-back", "database-restored", "rule:migration-never-resets"],
    reason:
      "The command drops the database with all data and Prisma has no down migrations: migrations only add, and what must be undone is restored.",
    owner: "conflicts.md item 74",
  },
];
