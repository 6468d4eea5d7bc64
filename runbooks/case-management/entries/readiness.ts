import type { Entry } from "../../vocabulary";
import { limits } from "../limits";
import { type Evidence, evidenceHours, frontend, production, roles } from "./shared";

const before: Pick<Evidence, "word" | "on" | "during"> = {
  word: "evidence",
  on: production,
  during: ["prepare"],
};

/** Code readiness: what CI has signed about the candidate. */
export const codeReadiness: readonly Entry[] = [
  {
    ...before,
    name: "tests-pass-in-staging",
    title: "All tests pass in the staging environment, with the very artefacts of the manifest",
    ids: ["CAS-004"],
    predicate: "test-run",
    subject: "manifest",
    producer: "ci",
    requires: [
      { field: "suite", operator: "equals", value: "staging" },
      { field: "failed", operator: "equals", value: 0 },
      { field: "passed", operator: "atLeast", value: 1 },
    ],
    maximumAgeHours: evidenceHours.world,
  },
  {
    ...before,
    name: "code-review",
    title: "Code review is completed, and at least 2 reviewers have approved",
    ids: ["CAS-005"],
    conflicts: [9],
    predicate: "review",
    subject: "commit",
    producer: "ci",
    requires: [
      { field: "approvers", operator: "atLeast", value: 2 },
      { field: "openComments", operator: "equals", value: 0 },
      { field: "author", operator: "exists" },
    ],
    maximumAgeHours: evidenceHours.review,
    note: "The author is none of the two.",
  },
  {
    ...before,
    name: "no-critical-or-high-vulnerability",
    title: "The security scan has passed: no critical and no high vulnerability",
    ids: ["CAS-006"],
    conflicts: [10],
    predicate: "scan",
    subject: "manifest",
    producer: "ci",
    requires: [
      { field: "critical", operator: "equals", value: 0 },
      { field: "high", operator: "equals", value: 0 },
      { field: "tool", operator: "exists" },
    ],
    maximumAgeHours: evidenceHours.world,
  },
  {
    ...before,
    name: "lighthouse-before",
    title: "Performance tests have passed with a Lighthouse score of at least 95",
    ids: ["CAS-007"],
    predicate: "scan",
    subject: "component",
    component: frontend,
    producer: "ci",
    requires: [
      { field: "tool", operator: "equals", value: "Lighthouse" },
      { field: "scoreMinimum", operator: "atLeast", value: limits.lighthouseScore },
    ],
    maximumAgeHours: evidenceHours.build,
    note: "The score of the category performance; the runbook names none of Lighthouse's categories.",
  },
  {
    ...before,
    name: "migration-rehearsed",
    title: "Database migrations are tested and validated: run against rows on another database, adding only",
    ids: ["CAS-008"],
    conflicts: [11],
    releases: ["migration"],
    predicate: "migration-rehearsal",
    subject: "migration",
    producer: "ci",
    requires: [
      { field: "environment", operator: "exists" },
      { field: "environment", operator: "notEquals", value: "production" },
      { field: "rows", operator: "greaterThan", value: 0 },
      { field: "additive", operator: "equals", value: true },
      { field: "seconds", operator: "exists" },
    ],
    maximumAgeHours: evidenceHours.review,
    note: "Prisma has no down migrations: the old version runs on the new schema until a later release removes something.",
  },
  {
    ...before,
    name: "feature-flags-configured",
    title: "Feature flags are configured, if the version has any",
    ids: ["CAS-009"],
    predicate: "readiness",
    subject: "manifest",
    producer: "person",
    signedBy: [roles.technicalLead],
    requires: [
      { field: "role", operator: "equals", value: roles.technicalLead },
      { field: "person", operator: "exists" },
      {
        field: "statement",
        operator: "equals",
        value: "the feature flags of this version are configured for production, or it has none",
      },
    ],
    maximumAgeHours: evidenceHours.world,
  },
];

/** Somebody says so and signs. */
function stated(
  { name, title, ids, note }: Pick<Entry, "name" | "title" | "ids" | "note">,
  role: string,
  statement: string,
  subject: Evidence["subject"],
  maximumAgeHours: number,
): Evidence {
  return {
    ...before,
    name,
    title,
    ids,
    predicate: "readiness",
    subject,
    producer: "person",
    signedBy: [role],
    requires: [
      { field: "role", operator: "equals", value: role },
      { field: "person", operator: "exists" },
      { field: "statement", operator: "equals", value: statement },
    ],
    maximumAgeHours,
    ...(note && { note }),
  };
}

/** Infrastructure and business readiness: what people answer for. */
export const peopleReadiness: readonly Entry[] = [
  stated(
    {
      name: "rollback-validated",
      title: "Rollback procedures are validated: carried out on staging, with this contract",
      ids: ["CAS-014"],
      note: "The runbook does not say how old a validation may be: a month, as its own review.",
    },
    roles.devOpsLead,
    "the rollback of this contract was carried out on staging and the former version served again",
    "contract",
    evidenceHours.review,
  ),
  stated(
    {
      name: "emergency-contacts-confirmed",
      title:
        "Emergency contacts are confirmed: on-call, DevOps Lead, Technical Lead, Product Manager, director, CTO",
      ids: ["CAS-015"],
    },
    roles.devOpsLead,
    "everybody of the emergency contacts can be reached at the numbers and names in the settings",
    "system",
    evidenceHours.world,
  ),
  stated(
    {
      name: "users-told",
      title: "User communications are sent if there are user-facing changes",
      ids: ["CAS-017"],
    },
    roles.productManager,
    "users have been told of the changes that they will see, or there are none",
    "manifest",
    evidenceHours.world,
  ),
  stated(
    { name: "support-briefed", title: "The support team is briefed on the changes", ids: ["CAS-018"] },
    roles.supportLead,
    "the support team has been briefed on the changes of this version",
    "manifest",
    evidenceHours.world,
  ),
  {
    ...before,
    name: "business-criteria-defined",
    title: "Business validation criteria are defined, in writing, for this version",
    ids: ["CAS-019"],
    predicate: "document",
    subject: "manifest",
    producer: "person",
    signedBy: [roles.productManager],
    requires: [
      { field: "path", operator: "exists" },
      { field: "digest", operator: "exists" },
      { field: "section", operator: "contains", value: "Business validation" },
    ],
    maximumAgeHours: evidenceHours.review,
    note: "By them the business validation after the release is answered (CAS-069 to CAS-074).",
  },
];
