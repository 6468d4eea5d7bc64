import type { Entry } from "../../vocabulary";
import { caseManagement } from "..";
import { secrets } from "../secrets";
import {
  type CheckGate,
  channels,
  components,
  everywhere,
  hosts,
  production,
  secondsPerMinute,
  secret,
  stagingAndProduction,
} from "./shared";

const { components: parts, database, externalServices, dashboards, watchMinutes } = caseManagement;

const message = "case-management: test of this channel for a release, nothing to do";

/** Nothing was moved yet: asked when the release is prepared and again when, after the approval, it begins. */
const asked: Pick<
  CheckGate,
  "word" | "on" | "during" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach"
> = {
  word: "checkGate",
  on: everywhere,
  during: ["prepare", "backup"],
  timeoutSeconds: 10,
  attempts: 3,
  everySeconds: 5,
  onBreach: "refuse",
};

/** Phase 1.1 of the runbook: production as it is before the deployment. */
export const environmentValidation: readonly Entry[] = [
  {
    ...asked,
    name: "live-side-available",
    title: "Production is healthy: the pods that have the traffic are all there, of backend and frontend",
    ids: ["CAS-010"],
    check: { provider: "kubernetes", components, side: "live", expects: "available" },
    expectation:
      "available pods equal the autoscaler's wish, of which there is at least one, with the declared digest",
    timeoutSeconds: 30,
  },
  {
    ...asked,
    name: "api-health-before",
    title: "Before the deployment GET /health of the API (api. below the domain) succeeds",
    ids: ["CAS-021"],
    conflicts: [15, 21],
    check: {
      provider: "http",
      host: hosts.api,
      method: "GET",
      path: parts.backend.healthPath,
      status: [200],
    },
    expectation: "status 200",
  },
  {
    ...asked,
    name: "web-health-before",
    title: "Before the deployment GET /api/health of the frontend (the domain itself) succeeds",
    ids: ["CAS-022"],
    conflicts: [15, 21],
    check: {
      provider: "http",
      host: hosts.web,
      method: "GET",
      path: parts.frontend.healthPath,
      status: [200],
    },
    expectation: "status 200",
  },
  {
    ...asked,
    name: "database-answers",
    title: "PostgreSQL answers SELECT version(), current_timestamp at PRODUCTION_DATABASE_URL",
    ids: ["CAS-024"],
    on: stagingAndProduction,
    check: {
      provider: "inNetwork",
      target: "postgres",
      question: "SELECT version(), current_timestamp",
      expects: [
        { path: "version", operator: "contains", value: `PostgreSQL ${database.majorVersion}` },
        { path: "current_timestamp", operator: "exists" },
      ],
    },
    expectation: "one row with the server's version and its time",
    timeoutSeconds: secondsPerMinute,
    note: "Asked in the cluster: the server has no public address.",
  },
  {
    ...asked,
    name: "cache-answers",
    title: "Redis answers PING with PONG at PRODUCTION_REDIS_URL, over TLS",
    ids: ["CAS-027"],
    on: stagingAndProduction,
    check: {
      provider: "inNetwork",
      target: "redis",
      question: "PING",
      expects: [{ path: "$", operator: "equals", value: "PONG" }],
    },
    expectation: "PONG",
    timeoutSeconds: secondsPerMinute,
  },
  {
    ...asked,
    name: "mail-service-answers",
    title: `SendGrid (${externalServices.sendGrid.host}) accepts SENDGRID_API_KEY`,
    ids: ["CAS-028"],
    on: stagingAndProduction,
    check: {
      provider: "http",
      host: "send-grid",
      method: "GET",
      path: externalServices.sendGrid.path,
      tokenSecret: secret("sendgrid-api-key"),
      status: [200],
      json: [{ path: "scopes", operator: "contains", value: "mail.send" }],
    },
    expectation: "status 200, and mail.send among the key's scopes",
    note: "In place of /v3/user/profile, which a key that may only send mail is refused on.",
  },
];

/** What else must be so when a release is prepared. */
export const monitoringReady: readonly Entry[] = [
  {
    ...asked,
    name: "monitoring-operational",
    title: "Monitoring systems are operational: the dashboard is there and every panel shows data",
    ids: ["CAS-012"],
    on: stagingAndProduction,
    during: ["prepare"],
    check: { provider: "dashboards", uids: dashboards.map(({ uid }) => uid) },
    expectation: "the uid is found and no query of a panel is empty",
    timeoutSeconds: secondsPerMinute,
  },
  {
    ...asked,
    name: "no-critical-alert",
    title: "Production is healthy: no critical alert of the system fires",
    ids: [],
    supports: ["CAS-010"],
    conflicts: [7],
    on: stagingAndProduction,
    during: ["prepare", "backup"],
    releases: ["normal"],
    check: { provider: "firedAlerts", severities: ["critical"] },
    expectation: "none",
    timeoutSeconds: 30,
    note: "Nothing is released into an incident, unless as its mend on the emergency path.",
  },
  {
    ...asked,
    name: "secrets-present",
    title: "Every secret that the release and the pods read is in the vault, enabled and not about to expire",
    ids: [],
    supports: ["CAS-029"],
    conflicts: [13, 77],
    during: ["prepare"],
    check: { provider: "vault", secrets: secrets.map(({ name }) => name), minimumDays: 1 },
    expectation: "all are there",
    timeoutSeconds: 30,
  },
  {
    ...asked,
    name: "on-call-reachable",
    title: "Somebody is on call and can be reached",
    ids: [],
    supports: ["CAS-015", "CAS-106"],
    conflicts: [12],
    on: production,
    during: ["prepare"],
    check: { provider: "pagerDuty", expects: "onCallReachable" },
    expectation: "PagerDuty's schedule has a person for the whole release, with a way to reach him",
    timeoutSeconds: 30,
  },
];

interface Way {
  readonly name: string;
  readonly what: string;
  readonly check: CheckGate["check"];
  readonly expectation: string;
  readonly supports: NonNullable<Entry["supports"]>;
  readonly conflicts?: NonNullable<Entry["conflicts"]>;
}

/** Every way in which somebody hears of something. */
const ways: readonly Way[] = [
  {
    name: "n8n",
    what: "a test message to n8n is accepted",
    check: { provider: "channel", channel: "webhook", secret: channels.n8n, message },
    expectation: "n8n's webhook accepts it",
    supports: ["CAS-098", "CAS-106"],
    conflicts: [12],
  },
  {
    name: "pager",
    what: "a test event reaches PagerDuty",
    check: { provider: "channel", channel: "pagerDuty", secret: channels.pagerDuty, message },
    expectation: "PagerDuty accepts the event, which is resolved at once and wakes nobody",
    supports: ["CAS-106", "CAS-109"],
    conflicts: [12],
  },
  {
    name: "slack",
    what: "a test message is posted to #critical-alerts",
    check: { provider: "channel", channel: "slack", secret: channels.slack, message },
    expectation: "Slack's webhook accepts it",
    supports: ["CAS-098", "CAS-107"],
    conflicts: [13],
  },
  {
    name: "mail",
    what: "a test mail is taken for the addresses that get information",
    check: { provider: "channel", channel: "mail", message },
    expectation: "the mail action of the alerts' action group takes the test notification",
    supports: ["CAS-084"],
  },
];

const channelTimeoutSeconds = 120;

/** A silent channel stops a release before it starts. */
export const channelsReady: readonly Entry[] = ways.map(
  ({ name, what, check, expectation, supports, conflicts }) => ({
    ...asked,
    name: `${name}-delivers-before`,
    title: `Before a release ${what}`,
    ids: [],
    supports: ["CAS-012", ...supports],
    ...(conflicts && { conflicts }),
    on: stagingAndProduction,
    during: ["prepare"],
    check,
    expectation,
    timeoutSeconds: channelTimeoutSeconds,
    attempts: 2,
  }),
);

/** Within an hour after the switch: that somebody hears of what goes wrong now. The first owns the statement. */
export const channelsVerified: readonly Entry[] = ways.map(
  ({ name, what, check, expectation, conflicts }, index) => ({
    word: "checkGate",
    name: `${name}-delivers`,
    title: `Within 1 hour: verify that all notifications and alerts work: ${what}`,
    ...(index === 0 ? { ids: ["CAS-116"] } : { ids: [], supports: ["CAS-116"] }),
    ...(conflicts && { conflicts }),
    on: stagingAndProduction,
    during: ["watch"],
    minutes: { from: 0, due: watchMinutes.value },
    check,
    expectation,
    timeoutSeconds: channelTimeoutSeconds,
    attempts: 2,
    onBreach: "hold",
    note: "That each alert rule calls its receivers is refused otherwise on every preview: prometheus-rules-told.",
  }),
);
