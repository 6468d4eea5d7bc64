import type { Entry } from "../../vocabulary";
import { caseManagement } from "..";
import { migrationMinutes } from "../tasks";
import { type CheckGate, everywhere, secondsPerMinute, stagingAndProduction, task } from "./shared";

/** Only where the manifest holds a migration. */
const migrating: Pick<Entry, "on" | "during" | "releases"> = {
  on: everywhere,
  during: ["migrate"],
  releases: ["migration"],
};

/** Nothing has moved; the old version serves on, on a schema that only gained something. */
const proof: Pick<CheckGate, "word" | "on" | "during" | "releases" | "attempts" | "onBreach"> = {
  ...migrating,
  word: "checkGate",
  attempts: 1,
  onBreach: "refuse",
};

/** Phase 2 of the runbook. Before it: approval and a verified backup (conflicts 11). */
export const migration: readonly Entry[] = [
  {
    ...migrating,
    word: "target",
    name: "migration-in-ten-minutes",
    title: "Phase 2, database migration, takes 10 minutes",
    ids: ["CAS-037"],
    on: stagingAndProduction,
    span: { from: "migrations-applied", to: "row-counts-kept" },
    atMostSeconds: migrationMinutes * secondsPerMinute,
    blocking: false,
    note: "Each job by itself is given up after as long.",
  },
  {
    ...migrating,
    word: "step",
    name: "migrations-applied",
    title: "Migrations are applied with npx prisma migrate deploy, from the candidate's image",
    ids: ["CAS-038"],
    conflicts: [11, 71, 74],
    does: { action: "migrate", store: "postgres", task: task("migrate").task, direction: "up" },
    timeoutSeconds: task("migrate").timeoutSeconds,
    undo: "nothing",
    note: "Additive: the version before serves on with it, so a rollback leaves it in place. What destroys comes in a later release.",
  },
  {
    ...proof,
    name: "migration-verified",
    title: "The migration is verified: prisma migrate status, then prisma/verification-queries.sql",
    ids: ["CAS-039"],
    check: {
      provider: "suite",
      suite: "verify-migration",
      run: { as: "task", task: task("verify-migration").task },
      atMostFailed: 0,
      atLeastPassed: 1,
    },
    expectation: "no migration is missing or failed, and the script raises no error",
    timeoutSeconds: task("verify-migration").timeoutSeconds,
    note: "prisma db execute returns no rows: the script must raise an error itself.",
  },
  {
    ...proof,
    name: "migration-verified-before-deploy",
    title: "The candidate is not deployed on a database whose migration was not verified",
    ids: [],
    supports: ["CAS-039"],
    conflicts: [11],
    during: ["deploy-idle"],
    check: { provider: "release", expects: "migrationVerified" },
    expectation: "the journal says that each migration of the candidate has run and was verified",
    timeoutSeconds: 10,
  },
  {
    ...migrating,
    word: "step",
    name: "statistics-updated",
    title: "Database statistics are updated with ANALYZE",
    ids: ["CAS-040"],
    does: { action: "migrate", store: "postgres", task: task("analyze").task, direction: "maintain" },
    timeoutSeconds: task("analyze").timeoutSeconds,
    undo: "notNeeded",
  },
  {
    ...proof,
    name: "data-integrity",
    title: "Data integrity checks pass: npm run validate:data-integrity",
    ids: ["CAS-041"],
    check: {
      provider: "suite",
      suite: "validate-data-integrity",
      run: { as: "task", task: task("check-data-integrity").task },
      atMostFailed: 0,
      atLeastPassed: 1,
    },
    expectation: "the job ends with 0",
    timeoutSeconds: task("check-data-integrity").timeoutSeconds,
  },
  {
    ...proof,
    name: "row-counts-kept",
    title:
      "Critical tables: the row count of every table of schema public, in descending order, is no lower than before",
    ids: ["CAS-042"],
    on: stagingAndProduction,
    check: {
      provider: "inNetwork",
      target: "postgres",
      question: caseManagement.rowCounts.query,
      expects: [{ path: "row_count", operator: "atLeast", value: 1 }],
      comparedWith: "beforeMigration",
    },
    expectation: "each table that was there still is, with at least as many rows",
    timeoutSeconds: task("count-rows").timeoutSeconds,
    onBreach: "hold",
    note: "Real counts; the runbook's query reads estimates and fails on a column that does not exist. Users may have deleted rows meanwhile, so a person looks.",
  },
];
