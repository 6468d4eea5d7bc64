import type { Entry } from "../../vocabulary";
import { limits } from "../limits";
import { everywhere, hoursPerDay, millisecondsPerSecond, production } from "./shared";
import { stagingAgeHours } from "./staging";

type Evidence = Extract<Entry, { word: "evidence" }>;

/** The runbook's checklist of 48 hours before. */
const dueHoursBefore = 48;

/** The runbook gives no age to what people say of themselves: a month, in which a team is still the same. */
const statementAgeHours = 30 * hoursPerDay;

/** Somebody says so and signs, 48 hours before the start at the latest. */
function signed(
  { name, title, ids }: Pick<Entry, "name" | "title" | "ids">,
  signedBy: string,
  statement: string,
  note?: string,
): Evidence {
  return {
    word: "evidence",
    name,
    title,
    ids,
    on: production,
    during: ["scheduled", "prepare"],
    predicate: "readiness",
    subject: "manifest",
    producer: "person",
    signedBy: [signedBy],
    requires: [
      { field: "statement", operator: "equals", value: statement },
      { field: "role", operator: "equals", value: signedBy },
      { field: "person", operator: "exists" },
    ],
    dueHoursBefore,
    maximumAgeHours: statementAgeHours,
    ...(note && { note }),
  };
}

/** A document with this chapter, read and signed 48 hours before the start at the latest. */
function documented(
  { name, title, ids }: Pick<Entry, "name" | "title" | "ids">,
  signedBy: string,
  section: string,
  subject: Evidence["subject"],
): Evidence {
  return {
    word: "evidence",
    name,
    title,
    ids,
    on: production,
    during: ["scheduled", "prepare"],
    predicate: "document",
    subject,
    producer: "person",
    signedBy: [signedBy],
    requires: [
      { field: "section", operator: "contains", value: section },
      { field: "path", operator: "exists" },
      { field: "digest", operator: "exists" },
    ],
    dueHoursBefore,
    maximumAgeHours: statementAgeHours,
  };
}

/** What of the runbook's success can only be had before the release. */
const completeness: readonly Entry[] = [
  signed(
    {
      name: "documentation-complete",
      title: "Operational success: documentation is 100% complete",
      ids: ["STO-211"],
    },
    "technical-lead",
    "Documentation of this version: 100% complete",
  ),
  signed(
    {
      name: "training-complete",
      title: "Operational success: training completion is 100%",
      ids: ["STO-212"],
    },
    "engineering-lead",
    "Training for this version: 100% of the team has completed it",
  ),
];

const twoDaysBefore: readonly Entry[] = [
  {
    word: "evidence",
    name: "staging-validated-two-days-before",
    title: "48 hours before: staging validation complete",
    ids: ["STO-213"],
    on: production,
    during: ["scheduled", "prepare"],
    predicate: "staging-release",
    subject: "manifest",
    producer: "release",
    requires: [
      { field: "environment", operator: "equals", value: "staging" },
      { field: "finished", operator: "equals", value: true },
    ],
    dueHoursBefore,
    maximumAgeHours: stagingAgeHours,
    note: "The release of staging-release-finished, due 48 hours before: within the 2 to 3 days after its approval.",
  },
  {
    word: "evidence",
    name: "security-scan-two-days-before",
    title: "48 hours before: security scan passed, nothing critical or high",
    ids: ["STO-214"],
    conflicts: [10],
    on: production,
    during: ["scheduled", "prepare"],
    predicate: "scan",
    subject: "manifest",
    producer: "ci",
    requires: [
      { field: "tool", operator: "equals", value: "make security-scan" },
      { field: "critical", operator: "equals", value: 0 },
      { field: "high", operator: "equals", value: 0 },
    ],
    dueHoursBefore,
    maximumAgeHours: stagingAgeHours,
    note: "The runbook's own limit is none; the scan is that of its security chapter, due 48 hours before.",
  },
  {
    word: "evidence",
    name: "performance-targets-met",
    title: "48 hours before: performance targets met",
    ids: ["STO-215"],
    conflicts: [51],
    on: production,
    during: ["scheduled", "prepare"],
    predicate: "test-run",
    subject: "manifest",
    producer: "ci",
    requires: [
      { field: "suite", operator: "equals", value: "performance" },
      {
        field: "p95Milliseconds",
        operator: "lessThan",
        value: limits.latencySla.value * millisecondsPerSecond,
      },
      { field: "passed", operator: "atLeast", value: 1 },
      { field: "failed", operator: "equals", value: 0 },
    ],
    dueHoursBefore,
    maximumAgeHours: stagingAgeHours,
    note: "The run whose parts are the baselines: permission check, search, order, payment, queries. Said one by one in staging.",
  },
  {
    word: "evidence",
    name: "backup-strategy-verified-two-days-before",
    title: "48 hours before: backup strategy verified, a dump was restored",
    ids: ["STO-216"],
    conflicts: [18, 53],
    on: production,
    during: ["scheduled", "prepare"],
    predicate: "restore-drill",
    subject: "system",
    producer: "release",
    requires: [
      { field: "store", operator: "equals", value: "mongo" },
      { field: "rows", operator: "atLeast", value: 1 },
    ],
    dueHoursBefore,
    maximumAgeHours: statementAgeHours,
    note: "The drill of restore-drill-passed, due 48 hours before; as long as a dump is kept.",
  },
  signed(
    { name: "team-trained", title: "48 hours before: team trained on the procedures", ids: ["STO-217"] },
    "deployment-lead",
    "The team is trained on the procedures of this release: ramp, rollback, incident response",
  ),
  documented(
    {
      name: "rollback-plan-documented",
      title: "48 hours before: rollback plan documented",
      ids: ["STO-218"],
    },
    "devops-lead",
    "Rollback Procedure",
    "contract",
  ),
  signed(
    { name: "incident-response-ready", title: "48 hours before: incident response ready", ids: ["STO-219"] },
    "engineering-lead",
    "Incident response is ready: severities, on-call, war room and times are known to those who act",
  ),
  documented(
    {
      name: "customer-communication-drafted",
      title: "48 hours before: customer communication drafted",
      ids: ["STO-220"],
    },
    "product-manager",
    "Customer Communication",
    "manifest",
  ),
  signed(
    { name: "support-briefed", title: "48 hours before: support team briefed", ids: ["STO-221"] },
    "support-lead",
    "The support team is briefed on this version and on the times of its release",
  ),
  {
    word: "policy",
    name: "monitoring-configured",
    title: "48 hours before: monitoring configured",
    ids: ["STO-222"],
    conflicts: [47],
    on: everywhere,
    during: ["always"],
    rules: ["prometheus-rules-complete", "prometheus-rules-told", "dashboards-complete"],
    note: "A stack without it is refused at any time, so also 48 hours before.",
  },
];

/** What is ready 48 hours before the start: chapter 12 of the runbook, first list. */
export const readiness: readonly Entry[] = [...completeness, ...twoDaysBefore];
