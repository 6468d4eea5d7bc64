import { z } from "zod";
import { base, lineSchema, nameSchema, nonEmpty, positive, roleSchema } from "./base";

export const storeSchema = z.enum(["cosmos", "sql", "postgres", "mongo", "blob", "redis", "elasticsearch"]);

/** What a step may do: a closed set, each with what it needs. */
export const actionSchema = z.discriminatedUnion("action", [
  /** The candidate's components onto the side that is not live, in the contract's order. */
  z.strictObject({
    action: z.literal("deploy"),
    components: nonEmpty(nameSchema),
    to: z.enum(["idle", "inPlace"]),
    /** `previous`: the kept artefacts of the release before, in a rollback. @default candidate */
    version: z.enum(["candidate", "previous"]).optional(),
  }),
  /**
   * Percent of traffic on the candidate's side. `ramp`: one weight after the other, each held; `switch`: all at once;
   * `back`: all to the old side; `warmUp`: none, the idle side answers its warm-up; `stop`: nobody is served, as while a
   * database is restored; `start`: the live side serves again.
   */
  z.strictObject({
    action: z.literal("traffic"),
    move: z.enum(["ramp", "switch", "back", "warmUp", "stop", "start"]),
    weights: z
      .array(z.strictObject({ percent: z.number().min(0).max(100), holdSeconds: z.number().min(0) }))
      .optional(),
    /** Requests of a warm-up; each must be answered with `status`. */
    requests: z
      .strictObject({
        path: z.string().startsWith("/"),
        times: z.number().int().positive(),
        secondsApart: z.number().min(0),
        status: z.number().int(),
      })
      .optional(),
  }),
  z.strictObject({
    action: z.literal("backup"),
    store: storeSchema,
    /** Name of the backup with fields in braces (`{timestamp}`), recorded and read back by a restore. */
    recordedAs: z.string(),
    verifiedBy: z.enum(["restoreToScratch", "listedAndSized", "pointInTime"]),
    task: nameSchema.optional(),
  }),
  z.strictObject({
    action: z.literal("migrate"),
    store: storeSchema,
    /** Suspended CronJob, or the runner that the owner names. */
    task: nameSchema,
    /** `maintain`: neither the schema nor its rows change, such as when statistics are taken anew. */
    direction: z.enum(["up", "down", "verify", "maintain"]),
  }),
  z.strictObject({
    action: z.literal("restore"),
    store: storeSchema,
    from: z.enum(["recordedBackup", "pointInTime"]),
    confirmedBy: nonEmpty(roleSchema),
    /** For `pointInTime`: how long before the release moved anything the point lies. */
    minutesBeforeRelease: positive.optional(),
  }),
  z.strictObject({
    action: z.literal("scale"),
    components: nonEmpty(nameSchema),
    side: z.enum(["idle", "live", "old"]),
    /** Pods; `declared`: the autoscaler's minimum, or what the other side has grown to where this one has fewer. */
    to: z.union([z.number().int().min(0), z.literal("declared")]),
    afterMinutes: positive.optional(),
  }),
  z.strictObject({ action: z.literal("restart"), components: nonEmpty(nameSchema) }),
  z.strictObject({
    action: z.literal("purge"),
    cache: z.enum(["cdn", "redis", "frontDoor"]),
    paths: nonEmpty(z.string()),
  }),
  z.strictObject({
    action: z.literal("tag"),
    format: z.string(),
    pushed: z.boolean(),
    /** Message of an annotated tag, with fields in braces. @default a tag without one */
    message: z.string().optional(),
  }),
  /** Starts a workflow of GitHub Actions and waits until its run has succeeded; how the stack is updated. */
  z.strictObject({
    action: z.literal("workflow"),
    file: z.string(),
    inputs: z.record(z.string(), z.string()),
  }),
  z.strictObject({ action: z.literal("write-record"), record: nameSchema }),
]);
export type Action = z.infer<typeof actionSchema>;

/** One thing that the release does, journalled before and read back after. */
export const stepSchema = z.strictObject({
  ...base,
  word: z.literal("step"),
  does: actionSchema,
  timeoutSeconds: positive,
  /** How it is undone; `nothing`: it cannot be, and the plan says so. */
  undo: z.enum([
    "nothing",
    "notNeeded",
    "trafficBack",
    "redeployPrevious",
    "scaleBack",
    "restoreBackup",
    "deleteWritten",
    "migrateDown",
    /** The stack of the commit before is brought up by a person, who has read its preview. */
    "previousStack",
  ]),
});

const weekday = z.enum(["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]);
const clock = z.string().regex(/^([01]\d|2[0-4]):[0-5]\d$/);

const windowRule = z.discriminatedUnion("kind", [
  /** Inside it a release may start; outside it is refused, or warned of where `preferred`. */
  z.strictObject({
    kind: z.enum(["allowed", "preferred", "avoided", "forbidden"]),
    days: nonEmpty(weekday),
    from: clock,
    to: clock,
  }),
  /** Days of the calendar on which nothing is released. */
  z.strictObject({
    kind: z.literal("freeze"),
    on: z.enum(["holidays", "endOfQuarter", "endOfMonth", "blackFriday", "cyberMonday", "yearEnd", "named"]),
    daysBefore: z.number().int().min(0),
    daysAfter: z.number().int().min(0),
    blocks: z.boolean(),
    setting: z.string().optional(),
  }),
  /** Entered through the emergency path instead. */
  z.strictObject({
    kind: z.literal("emergency"),
    roles: nonEmpty(roleSchema),
    skips: nonEmpty(z.enum(["windows", "freezes", "announcement", "approval"])),
    watchMinutes: positive,
    postMortem: z.boolean(),
  }),
]);

/** When a release may move something. */
export const windowSchema = z.strictObject({
  ...base,
  word: z.literal("window"),
  timeZone: z.string().min(1),
  rule: windowRule,
  /** Further rules of the same statement. */
  also: nonEmpty(windowRule).optional(),
});

/** How long a span of steps should take: planned, measured and reported. */
export const targetSchema = z.strictObject({
  ...base,
  word: z.literal("target"),
  span: z.strictObject({ from: nameSchema, to: nameSchema }),
  atMostSeconds: positive.optional(),
  atLeastSeconds: positive.optional(),
  /** The time for which weights of a ramp are held is not counted. @default it is */
  holdsApart: z.literal(true).optional(),
  /** Another figure than a duration, e.g. a rate over releases. */
  figure: z
    .strictObject({
      of: z.enum([
        "rollbackRatePercent",
        "meanTimeToRecoverySeconds",
        "meanTimeToAcknowledgeSeconds",
        "availabilityPercent",
        "releaseSeconds",
      ]),
      operator: z.enum(["<", "<=", ">", ">="]),
      limit: z.number(),
    })
    .optional(),
  blocking: z.boolean(),
});

/** Something that is written down by the release or because of it. */
export const recordSchema = z.strictObject({
  ...base,
  word: z.literal("record"),
  kind: z.enum([
    "changelog",
    "deploymentsLog",
    "gitTag",
    "githubRelease",
    "githubIssue",
    /** The release's issue, closed with `template` as comment. */
    "githubIssueClosed",
    "attestation",
    "history",
    "backupName",
    "snapshot",
    "postMortem",
    "report",
    "wiki",
  ]),
  fields: nonEmpty(z.string()),
  /** Text that is written, with fields in braces; of an issue the body, whose title and labels stand beside it. */
  template: z.string().optional(),
  issueTitle: z.string().optional(),
  labels: nonEmpty(z.string()).optional(),
  /** Platform metrics whose past is written down, such as the baseline before a release. */
  samples: nonEmpty(
    z.strictObject({
      resource: z.string().min(1),
      namespace: z.string().min(1),
      metric: z.string().min(1),
      aggregation: z.enum(["Average", "Total", "Maximum", "Minimum", "Count"]),
      lookBackMinutes: positive,
      intervalMinutes: positive,
    }),
  ).optional(),
  /** Written how long after the phase begins, at most. */
  withinMinutes: positive.optional(),
  by: z.enum(["release", "person"]),
  role: roleSchema.optional(),
});

/**
 * A read-only question of a playbook. What `query` holds, by source: PromQL; KQL; `RESOURCE METRIC AGGREGATION`;
 * `RESOURCE PATH` or `RESOURCE appSettings`, a resource of the facts or a component of a site; `WHAT of namespace NAME`;
 * `METHOD PATH of HOST`; `STORE: QUESTION`; `status`, `history`, `backups` or `step NAME`; a question in words.
 */
const diagnostic = z.strictObject({
  title: lineSchema,
  source: z.enum([
    "prometheus",
    "logAnalytics",
    "azureMonitor",
    "azureResource",
    "kubernetes",
    "http",
    "inNetwork",
    "release",
    "person",
  ]),
  query: z.string().min(1),
});

const offered = z.strictObject({
  title: lineSchema,
  does: actionSchema.optional(),
  /** A change that only a person or Pulumi makes; the playbook opens the follow-up. */
  change: lineSchema.optional(),
  confirmedBy: roleSchema,
  /** The action is taken back, or its follow-up due, after this time. */
  expiresMinutes: positive.optional(),
});

/** What to do about a symptom: read-only questions first, then offered actions, each confirmed and journalled. */
export const playbookSchema = z.strictObject({
  ...base,
  word: z.literal("playbook"),
  symptom: nameSchema,
  condition: lineSchema,
  diagnostics: z.array(diagnostic),
  offers: z.array(offered),
});
