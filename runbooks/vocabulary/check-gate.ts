import { z } from "zod";
import { base, minutesSchema, nameSchema, nonEmpty, onBreachSchema, positive } from "./base";

const comparison = z.strictObject({
  /** JSON path with dots (`status`, `checks.0.name`; `$`: the whole answer), a header's name, or a column. */
  path: z.string().min(1),
  operator: z.enum(["equals", "notEquals", "contains", "matches", "atLeast", "atMost", "exists", "absent"]),
  value: z.union([z.string(), z.number(), z.boolean()]).optional(),
});

const request = {
  /** Host by its name in the system's outputs: `api`, `slot`, `preview`. */
  host: nameSchema,
  method: z.enum(["GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"]),
  path: z.string().startsWith("/"),
  headers: z.record(z.string(), z.string()).optional(),
  body: z.string().optional(),
  /** Secret of the vault that holds the bearer token. */
  tokenSecret: z.string().optional(),
  /** The bearer token is one of Entra for this service, of whoever runs the release. */
  signedInTo: z.enum(["grafana"]).optional(),
  /** Headers whose values are secrets of the vault, by the secrets' names. */
  secretHeaders: z.record(z.string(), z.string()).optional(),
  /** Fields of a JSON body whose values are secrets of the vault, by the secrets' names. */
  secretFields: z.record(z.string(), z.string()).optional(),
  /** Bearer token from the answer to another gate of the same contract, such as a login: which, and where it stands. */
  tokenFrom: z.strictObject({ gate: nameSchema, path: z.string().min(1) }).optional(),
} as const;

/** One request and what its answer must be. `version`: which version the answer must prove. */
const http = z.strictObject({
  provider: z.literal("http"),
  ...request,
  status: nonEmpty(z.number().int().min(100).max(599)),
  json: z.array(comparison).optional(),
  responseHeaders: z.array(comparison).optional(),
  bodyContains: z.string().optional(),
  version: z.strictObject({ of: z.enum(["candidate", "live"]), path: z.string() }).optional(),
  atMostMilliseconds: positive.optional(),
  protocol: z.enum(["h2", "http/1.1", "websocket"]).optional(),
  /** A WebSocket that is accepted must stay open for so long. @default it is closed at once */
  staysOpenSeconds: positive.optional(),
  /** What removes what the request wrote; its failure is reported. `{id}` is taken from the answer. */
  cleanUp: z
    .strictObject({ method: z.enum(["DELETE", "POST"]), path: z.string(), idPath: z.string() })
    .optional(),
});

const dns = z.strictObject({
  provider: z.literal("dns"),
  host: nameSchema,
  record: z.enum(["A", "AAAA", "CNAME", "TXT"]),
  /** Output of the stack that the record must equal. */
  equalsOutput: z.string(),
});

const certificate = z.strictObject({
  provider: z.literal("certificate"),
  hosts: nonEmpty(nameSchema),
  minimumDays: positive,
  /** Lowest TLS version that the host may accept. */
  minimumTls: z.enum(["1.2", "1.3"]).optional(),
});

/** State of objects on the cluster. `available`: available = expected > 0, generation observed, digest as declared. */
const kubernetes = z.strictObject({
  provider: z.literal("kubernetes"),
  components: z.array(nameSchema),
  side: z.enum(["idle", "live", "both"]),
  expects: z.enum([
    "available",
    "rolledOut",
    "noRestarts",
    "scaledToZero",
    "selectedByService",
    "objectExists",
    "accessAllowed",
    "nodesReady",
    "certificatesValid",
  ]),
  /** Objects as `kind/name`, for `objectExists`; verbs as `verb resource`, for `accessAllowed`. */
  objects: z.array(z.string()).optional(),
  /** Ready pods per component, where the runbook states a number. */
  pods: positive.optional(),
  /** Ready pods of all components together, where the runbook counts a whole side. */
  podsInAll: positive.optional(),
  /** Where cert-manager's Certificates are, for `certificatesValid`, and for how long each must be valid yet. */
  certificates: z.strictObject({ namespace: nameSchema, minimumDays: positive }).optional(),
});

/** A property of a resource as Azure reports it. */
const azureResource = z.strictObject({
  provider: z.literal("azureResource"),
  /** Name under which the system's outputs give the resource id. */
  resource: z.string(),
  expects: nonEmpty(comparison),
});

/**
 * A test suite: an image by digest run as a Job, or an argv, in which `$NAME` is one of `hostVariables`; it writes JUnit,
 * unless it says what else it is judged by.
 */
const suite = z.strictObject({
  provider: z.literal("suite"),
  suite: nameSchema,
  run: z.discriminatedUnion("as", [
    z.strictObject({
      as: z.literal("command"),
      argv: nonEmpty(z.string()),
      /** A script that counts nothing: that it ends with 0 is its one test. @default the report */
      judgedBy: z.literal("exitCode").optional(),
    }),
    z.strictObject({ as: z.literal("task"), task: nameSchema }),
  ]),
  atMostFailed: z.number().int().min(0),
  /** 0 is never a pass: a suite that ran nothing proves nothing. */
  atLeastPassed: z.number().int().min(1),
  tokenSecret: z.string().optional(),
  /** Environment of the suite: host name to variable. */
  hostVariables: z.record(z.string(), z.string()).optional(),
  /** JSON that a tool writes where it has no JUnit, and what must stand in it; each of these is a test. */
  jsonReport: z.strictObject({ file: z.string().min(1), expects: nonEmpty(comparison) }).optional(),
});

/** A read-only question inside the network, asked by a Job. */
const inNetwork = z.strictObject({
  provider: z.literal("inNetwork"),
  target: z.enum(["postgres", "mongo", "redis", "sql", "elasticsearch", "cosmos", "http", "pod"]),
  /** SQL, a MongoDB or Redis command, or a path. Never writes. */
  question: z.string().min(1),
  expects: nonEmpty(comparison),
  /**
   * Asked before the migration as well: each row is compared with the one that had the same first column then, a
   * number of `expects` is a factor of what it was, and a row that is gone is a failure. @default absolute values
   */
  comparedWith: z.literal("beforeMigration").optional(),
});

/** A point to which a store can be restored, read live. */
const restorePoint = z.strictObject({
  provider: z.literal("restorePoint"),
  store: z.enum(["cosmos", "sql", "postgres", "mongo", "blob", "redis", "elasticsearch"]),
  atMostAgeMinutes: positive,
  /** Whether a restore to a scratch target must have succeeded. */
  restored: z.boolean(),
  /**
   * Whether what can be restored must enclose the moment that the release's own backup of the store recorded, where its
   * plan makes one. @default false
   */
  enclosesBackup: z.boolean().optional(),
});

const vault = z.strictObject({
  provider: z.literal("vault"),
  /** Secrets that must exist, be enabled and not expire within `minimumDays`. */
  secrets: nonEmpty(z.string()),
  minimumDays: positive.optional(),
});

/** Rows of a log query: how many there may be. */
const logs = z.strictObject({
  provider: z.literal("logs"),
  query: z.string().min(1),
  lookBackMinutes: positive,
  atMostRows: z.number().int().min(0),
  /** A query that has rows whenever logs arrive, within the same time: without any, no row of `query` says anything. */
  proofOfLogs: z.string().min(1),
  /** In a ramp or watch rows of before its traffic do not count: they are of the other version, which a release may mend. */
  sinceTraffic: z.literal(true).optional(),
});

const pagerDuty = z.strictObject({
  provider: z.literal("pagerDuty"),
  expects: z.enum(["onCallReachable", "noOpenIncident", "scheduleFilled"]),
});

const serviceHealth = z.strictObject({
  provider: z.literal("serviceHealth"),
  /** Azure services by the names of Service Health. */
  services: nonEmpty(z.string()),
});

const firedAlerts = z.strictObject({
  provider: z.literal("firedAlerts"),
  severities: nonEmpty(z.enum(["critical", "warning", "info"])),
  /** @default every alert of the system */
  alerts: z.array(z.string()).optional(),
});

const dashboards = z.strictObject({ provider: z.literal("dashboards"), uids: nonEmpty(z.string()) });

/** A tool on the machine that runs the release; `replacedBy` names the library that does its work instead. */
const tool = z.strictObject({
  provider: z.literal("tool"),
  tool: z.string(),
  minimumVersion: z.string().optional(),
  replacedBy: z.string().optional(),
});

/** A right of the identity that runs the release. */
const access = z.strictObject({
  provider: z.literal("access"),
  to: z.enum([
    "subscription",
    "resourceGroup",
    "cluster",
    "registry",
    "vault",
    "repository",
    "journal",
    "dashboards",
  ]),
  permission: z.string(),
});

/** A test message that must be delivered before the release starts. */
const channel = z.strictObject({
  provider: z.literal("channel"),
  channel: z.enum(["slack", "pagerDuty", "mail", "webhook"]),
  secret: z.string().optional(),
  message: z.string().optional(),
});

/** What the release knows of itself: that a record, an approval, an earlier step or the kept side is there. */
const releaseState = z.strictObject({
  provider: z.literal("release"),
  expects: z.enum([
    "idleSideReady",
    /** Of colours: the idle one is declared whole for the candidate and has no traffic; it may be without pods. */
    "idleSideDeclared",
    "previousVersionKept",
    /** The side that was live has all its pods, and every backup that the plan takes is recorded. */
    "rollbackPrepared",
    /** What takes traffic back would send it: each side that is to have it again has the pods for that. */
    "oldSideReady",
    "backupRecorded",
    "backupVerified",
    "candidateServed",
    "noOtherRelease",
    "noOpenPostMortem",
    "noOpenFollowUp",
    "rampAtWeight",
    "trafficOnOldSide",
    "stackUnchanged",
    /** What a preview of the stack says would change is what the release was approved for. */
    "changesAsApproved",
    /** Nothing of the stack waits to be updated, and each resource of it is in the world as it was declared. */
    "resourcesAsDeclared",
    "candidateDiffersFromLive",
    /** The last update of the stack ended well; its outputs are there. */
    "updateSucceeded",
    "outputsPresent",
    /** Every migration of the candidate has run and was verified. */
    "migrationVerified",
    "minimalChange",
    "insideWindow",
    "gatesPassed",
  ]),
  /** For `gatesPassed`: gates of the same contract whose last verdict must be a pass. */
  gates: nonEmpty(nameSchema).optional(),
  weight: z.number().min(0).max(100).optional(),
});

/** The repository at the commit that was built. */
const repository = z.strictObject({
  provider: z.literal("repository"),
  expects: nonEmpty(comparison),
});

export const checkSchema = z.discriminatedUnion("provider", [
  http,
  dns,
  certificate,
  kubernetes,
  azureResource,
  suite,
  inNetwork,
  restorePoint,
  vault,
  logs,
  pagerDuty,
  serviceHealth,
  firedAlerts,
  dashboards,
  tool,
  access,
  channel,
  releaseState,
  repository,
]);
export type Check = z.infer<typeof checkSchema>;

/** A question that is answered yes or no. An unreachable provider is inconclusive, which is not yes. */
export const checkGateSchema = z.strictObject({
  ...base,
  word: z.literal("checkGate"),
  check: checkSchema,
  /** What must be seen, for people. */
  expectation: z.string().min(3),
  timeoutSeconds: positive,
  attempts: z.number().int().positive(),
  /** Time between attempts; for a gate of a watch, between two looks. */
  everySeconds: positive.optional(),
  onBreach: onBreachSchema,
  minutes: minutesSchema.optional(),
  /**
   * Percent of the new side in a ramp at which it is asked, and has to pass before the next weight: a ramp that was on hold
   * comes to its weights later than by its table. Instead of `minutes`.
   */
  atWeight: z.number().int().min(1).max(100).optional(),
  /** Several failures in a row before it counts, for as long. @default 0 */
  sustainedSeconds: positive.optional(),
});
export type CheckGate = z.infer<typeof checkGateSchema>;
