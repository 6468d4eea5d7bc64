import { z } from "zod";
import { storeSchema } from "./actions";
import { base, lineSchema, nameSchema, nonEmpty, onBreachSchema, positive, roleSchema } from "./base";

/** Kinds of signed statements, and the fields that each has beside subject, producer and time. */
export const predicates = {
  "test-run": [
    "suite",
    "passed",
    "failed",
    "coveragePercent",
    "p95Milliseconds",
    "errorPercent",
    "users",
    "expectedUsers",
    "timesExpectedTraffic",
  ],
  build: ["branch", "commit", "clean", "errors", "warnings", "reproducible", "variables", "sbom"],
  scan: ["tool", "critical", "high", "medium", "secretsFound", "scoreMinimum"],
  review: ["approvers", "openComments", "author"],
  acceptance: ["statement", "openCritical", "openBugs", "acceptedBy", "measure", "value"],
  "migration-rehearsal": ["environment", "rows", "bytes", "additive", "rolledBack", "seconds"],
  "restore-drill": ["store", "rows", "seconds"],
  "staging-release": ["manifest", "finished", "environment"],
  readiness: ["person", "role", "statement"],
  document: ["path", "digest", "section"],
} as const satisfies Record<string, readonly string[]>;
export type PredicateName = keyof typeof predicates;

const predicateNames = Object.keys(predicates) as [PredicateName, ...PredicateName[]];

const requirement = z.strictObject({
  field: z.string(),
  operator: z.enum([
    "equals",
    "notEquals",
    "atLeast",
    "atMost",
    "lessThan",
    "greaterThan",
    "contains",
    "exists",
  ]),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

/** A signed in-toto statement that must be there, bound to `subject`, no older than its limit. */
export const evidenceSchema = z
  .strictObject({
    ...base,
    word: z.literal("evidence"),
    predicate: z.enum(predicateNames),
    /** What its digest is that of. */
    subject: z.enum(["manifest", "component", "commit", "migration", "contract", "system"]),
    component: nameSchema.optional(),
    producer: z.enum(["ci", "person", "release"]),
    /** Roles that may sign it, for a person's statement. */
    signedBy: z.array(roleSchema).optional(),
    requires: nonEmpty(requirement),
    maximumAgeHours: positive,
    /** What it states must have stood for so long, e.g. the days between staging and production. @default 0 */
    minimumAgeHours: positive.optional(),
    /** Hours before a release on the normal path at which it must be there. @default when the release starts */
    dueHoursBefore: positive.optional(),
    /** Whether an approver may waive it, which is recorded. @default false */
    waivable: z.boolean().optional(),
  })
  .refine(
    ({ predicate, requires }) =>
      requires.every(({ field }) => (predicates[predicate] as readonly string[]).includes(field)),
    {
      error: "requires a field that its predicate does not have",
    },
  );
export type Evidence = z.infer<typeof evidenceSchema>;

/** People who must agree, each another person, none of them the starter. */
export const approvalSchema = z.strictObject({
  ...base,
  word: z.literal("approval"),
  roles: nonEmpty(roleSchema),
  /** How many people; with one per role named when it equals the number of roles. */
  atLeast: z.number().int().positive(),
  onePerRole: z.boolean(),
  from: z.enum(["switchyard", "githubActions"]),
  /** Hours after which it must be given again. */
  validHours: positive,
});

/** Something only a person can do or judge: asked of a role, the answer recorded with name and time. */
export const manualSchema = z.strictObject({
  ...base,
  word: z.literal("manual"),
  role: roleSchema,
  question: lineSchema,
  answer: z.enum(["done", "yesNo", "text", "number"]),
  /** Whether the release waits for it. */
  blocking: z.boolean(),
  /** Minutes before (negative) or after the phase begins at which it is asked. @default when the phase begins */
  offsetMinutes: z.number().optional(),
  /** Number that the answer must reach, for `number`. */
  expects: requirement.omit({ field: true }).optional(),
  /**
   * Store of which the answer, a text, names a backup with its first word: recorded and proven, and the one that is
   * restored. @default no store
   */
  namesBackupOf: storeSchema.optional(),
  /** What the answer no, or a number that misses `expects`, leads to. @default hold where `blocking`, else report */
  onBreach: onBreachSchema.optional(),
});

/** A message that the release sends. Its failure after the start never blocks. */
export const notifySchema = z
  .strictObject({
    ...base,
    word: z.literal("notify"),
    /** What happens just before it is sent. */
    at: z.enum([
      "scheduled",
      "phaseStart",
      "phaseEnd",
      "step",
      "hold",
      "rollback",
      "finished",
      "failed",
      "breach",
      "incident",
    ]),
    /**
     * Minutes before (negative) or after `at`. What is told before the release begins is sent by `release schedule`, and
     * what is told before one of its phases by the release, while it does what comes before that phase.
     */
    offsetMinutes: z.number().optional(),
    /** Whether a release on the normal path begins only when it was told so long before. @default false: it warns */
    binding: z.boolean().optional(),
    repeatEveryMinutes: positive.optional(),
    audience: lineSchema,
    channels: nonEmpty(
      z.strictObject({
        channel: z.enum(["slack", "pagerDuty", "mail", "webhook", "statusPage", "githubIssue"]),
        /** Secret of the vault with its address, or the setting that holds it. */
        secret: z.string().optional(),
        setting: z.string().optional(),
      }),
    ),
    /** Text with fields in braces. */
    template: z.string().min(1),
    /** Colour that a chat shows beside it. */
    colour: z.enum(["good", "warning", "danger"]).optional(),
    fields: z.array(
      z.enum([
        "system",
        "environment",
        "version",
        "previousVersion",
        "starter",
        "phase",
        "weight",
        "reason",
        "startsAt",
        "startsIn",
        "endsAt",
        "duration",
        "commit",
        "gate",
        "value",
        "link",
        "next",
        "changes",
        "contacts",
        "errorRate",
        "latency",
        "affectedUsers",
        "releaseType",
        "onCall",
        "news",
        "maintenanceStart",
        "maintenanceEnd",
        "maintenanceDuration",
      ]),
    ),
  })
  .refine(
    ({ template, fields }) =>
      [...template.matchAll(/\{(\w+)\}/g)]
        .map(([, field]) => field)
        .sort()
        .join() === [...fields].sort().join(),
    {
      error: "fields and the braces of the template differ",
    },
  );

/** How bad an incident is, the worst first. */
export const severities = ["P1", "P2", "P3", "P4"] as const;

/** Who hears of an incident, and who next when nobody answers. */
export const escalationSchema = z.strictObject({
  ...base,
  word: z.literal("escalation"),
  severity: z.enum(severities).optional(),
  condition: lineSchema,
  /** Who says that the condition holds, where nothing but a person can. @default it begins by itself with what it is for */
  calledBy: roleSchema.optional(),
  /** What ends its climbing. @default acknowledged */
  until: z.enum(["acknowledged", "resolved"]).optional(),
  respondWithinMinutes: positive.optional(),
  resolveWithinMinutes: positive.optional(),
  ladder: nonEmpty(
    z.strictObject({
      afterMinutes: z.number().min(0),
      role: roleSchema,
      channel: z.enum(["pagerDuty", "slack", "mail", "phone", "sms", "webhook"]),
      /**
       * Secret of the vault with the channel's address, the setting that holds it, or an address that the runbook gives.
       * @default none: they are told by hand
       */
      secret: z.string().optional(),
      setting: z.string().optional(),
      address: z.email().optional(),
      does: lineSchema.optional(),
    }),
  ),
});

/** Opened by a finished release, due later, owned by a role. */
export const followUpSchema = z.strictObject({
  ...base,
  word: z.literal("followUp"),
  /** Hours after the release finished; `untilHours` where it goes on until then, `everyMinutes` apart. */
  dueHours: z.number().min(0),
  untilHours: positive.optional(),
  everyMinutes: positive.optional(),
  owner: roleSchema,
  task: z.discriminatedUnion("as", [
    z.strictObject({
      as: z.literal("question"),
      question: lineSchema,
      answer: z.enum(["done", "yesNo", "text", "number"]),
    }),
    /** Gates of the same contract by name, looked at again. */
    z.strictObject({ as: z.literal("gates"), gates: nonEmpty(nameSchema) }),
  ]),
  expects: requirement.omit({ field: true }).optional(),
  unit: z.string().optional(),
  blocksNextRelease: z.boolean(),
});
