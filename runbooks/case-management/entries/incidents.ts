import type { Entry } from "../../vocabulary";
import { caseManagement } from "..";
import { databaseUp, errorPercent, everythingAvailable } from "../expressions";
import { durations } from "../limits";
import { backend, components, everywhere, hosts, production, roles, secondsPerMinute, task } from "./shared";

const { namespace } = caseManagement;

/** Production down: minute by minute. Who is told: messages.ts, people.ts. */
export const productionDown: readonly Entry[] = [
  {
    word: "playbook",
    name: "production-down",
    title: "Production down, minute 0 to 2: check the site, pods and services",
    ids: ["CAS-097"],
    supports: ["CAS-100"],
    on: everywhere,
    during: ["incident"],
    symptom: "production-down",
    condition: "The site does not answer, or HealthCheckFailing or CriticalServiceUnavailable fires",
    diagnostics: [
      { title: "Headers of the site's first page", source: "http", query: `HEAD / of ${hosts.web}` },
      {
        title: "Pods, their states and restarts",
        source: "kubernetes",
        query: `pods of namespace ${namespace.name}`,
      },
      {
        title: "Services, the colour that each selects, and their endpoints",
        source: "kubernetes",
        query: `services of namespace ${namespace.name}`,
      },
      { title: "Backend, frontend and database at all", source: "prometheus", query: everythingAvailable },
      { title: "Share of failed requests", source: "prometheus", query: errorPercent(durations.alert) },
      { title: "Which version serves, since when, which one is kept", source: "release", query: "status" },
    ],
    offers: [
      {
        title: "Rollback: all traffic back to the previous version",
        does: { action: "traffic", move: "back" },
        confirmedBy: roles.onCall,
      },
      {
        title: "Restart both components of the live side",
        does: { action: "restart", components },
        confirmedBy: roles.onCall,
      },
      {
        title: "Forward fix, if safe and quick: a mended version on the emergency path",
        change:
          "A new manifest, released with --emergency and a reason; backup and smoke tests are not skipped",
        confirmedBy: roles.devOpsLead,
      },
    ],
  },
  {
    word: "manual",
    name: "incident-root-cause",
    title:
      "Production down, minute 2 to 5: root cause, impact and the decision between rollback and forward fix",
    ids: ["CAS-099"],
    on: production,
    during: ["incident"],
    role: roles.onCall,
    question: "What is the root cause: application, database or infrastructure?",
    answer: "text",
    offsetMinutes: 2,
    blocking: false,
  },
  {
    word: "manual",
    name: "incident-impact",
    title: "Production down, minute 2 to 5: scope of the impact",
    ids: [],
    supports: ["CAS-099"],
    on: production,
    during: ["incident"],
    role: roles.onCall,
    question: "Is the outage partial or complete, and whom does it concern?",
    answer: "text",
    offsetMinutes: 2,
    blocking: false,
    note: "With critical impact on the business the Product Manager and the CTO are called.",
  },
  {
    word: "manual",
    name: "incident-decision",
    title: "Production down, minute 2 to 5: rollback or forward fix",
    ids: [],
    supports: ["CAS-099"],
    on: production,
    during: ["incident"],
    role: roles.onCall,
    question: "Rollback or forward fix?",
    answer: "text",
    offsetMinutes: 5,
    blocking: true,
    note: "A rollback trigger does not wait for the answer.",
  },
  {
    word: "manual",
    name: "incident-resolution",
    title:
      "Production down, minute 5 to 15: execute the rollback if needed, a forward fix only if safe and quick",
    ids: ["CAS-100"],
    on: production,
    during: ["incident"],
    role: roles.onCall,
    question:
      "What was executed, rollback or forward fix; if the fix, why is it safe and quick; and is production up again?",
    answer: "text",
    offsetMinutes: 15,
    blocking: true,
    note: "Both are offers of the playbook production-down.",
  },
  {
    word: "target",
    name: "mean-time-to-recovery",
    title: "Target MTTR: less than 15 minutes for critical issues",
    ids: ["CAS-002"],
    conflicts: [17],
    on: production,
    during: ["always"],
    span: { from: "production-down-told", to: "incident-resolution" },
    figure: { of: "meanTimeToRecoverySeconds", operator: "<", limit: 15 * secondsPerMinute },
    blocking: false,
    note: "From the journal's incidents; an automatic rollback waits for nobody.",
  },
];

/** Data corruption. What follows when the decision is to restore: restore.ts. */
export const dataCorruption: readonly Entry[] = [
  {
    word: "playbook",
    name: "data-corruption",
    title:
      "Data corruption: stop all writes by scaling case-management-backend to 0, assess, preserve, recover",
    ids: ["CAS-102"],
    supports: ["CAS-103", "CAS-104", "CAS-105"],
    on: everywhere,
    during: ["incident"],
    symptom: "data-corruption",
    condition: "The data integrity check fails, or somebody has seen rows that cannot be right",
    diagnostics: [
      { title: "The database answers", source: "prometheus", query: databaseUp },
      {
        title: "Rows of every table of schema public",
        source: "inNetwork",
        query: `postgres: ${caseManagement.rowCounts.query}`,
      },
      { title: "Recorded backups, the newest first", source: "release", query: "backups" },
    ],
    offers: [
      {
        title: "Stop all write operations: no pod of the backend on the live side",
        does: { action: "scale", components: [backend], side: "live", to: 0 },
        confirmedBy: roles.onCall,
      },
      {
        title: "Preserve the current state: dump it under the name emergency-backup-YYYYMMDD-HHMMSS",
        does: {
          action: "backup",
          store: "postgres",
          recordedAs: "emergency-backup-{timestamp}",
          verifiedBy: "listedAndSized",
          task: task("backup-database").task,
        },
        confirmedBy: roles.onCall,
      },
      {
        title: "Restore the latest clean backup (phase restore)",
        does: {
          action: "restore",
          store: "postgres",
          from: "recordedBackup",
          confirmedBy: [roles.devOpsLead, roles.technicalLead],
        },
        confirmedBy: roles.devOpsLead,
      },
      {
        title: "Let the backend serve again",
        does: { action: "scale", components: [backend], side: "live", to: "declared" },
        confirmedBy: roles.onCall,
      },
    ],
    note: "The autoscaler is suspended until the last offer, else it scales up again. The scale is no input of the stack, so no update undoes it.",
  },
  {
    word: "checkGate",
    name: "corruption-scope",
    title: "Data corruption: its scope is assessed with npm run validate:data-integrity",
    ids: ["CAS-103"],
    on: everywhere,
    during: ["incident"],
    check: {
      provider: "suite",
      suite: "validate-data-integrity",
      run: { as: "task", task: task("check-data-integrity").task },
      atMostFailed: 0,
      atLeastPassed: 1,
    },
    expectation: "the checks that fail, by name: they are the scope",
    timeoutSeconds: task("check-data-integrity").timeoutSeconds,
    attempts: 1,
    onBreach: "report",
    note: "Once writes have stopped; the job itself only reads.",
  },
  {
    word: "step",
    name: "emergency-backup",
    title: "Data corruption: the current state is preserved with pg_dump as emergency-backup-YYYYMMDD-HHMMSS",
    ids: ["CAS-104"],
    conflicts: [73],
    on: everywhere,
    during: ["incident"],
    does: {
      action: "backup",
      store: "postgres",
      recordedAs: "emergency-backup-{timestamp}",
      verifiedBy: "listedAndSized",
      task: task("backup-database").task,
    },
    timeoutSeconds: task("backup-database").timeoutSeconds,
    undo: "notNeeded",
    note: "Before anything is restored; never chosen as a clean backup.",
  },
];
