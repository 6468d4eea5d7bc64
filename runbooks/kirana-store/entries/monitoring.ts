import type { Entry } from "../../vocabulary";
import { derived } from "../derived-alerts";
import { critical, info, warning } from "../listed-alerts";
import { everywhere } from "./shared";

/** A preview refuses a stack that lacks the alert, has it with other figures, or lets it call the wrong people. */
const alertRules = ["prometheus-rules-complete", "prometheus-rules-told"];

/** A preview refuses a stack whose published dashboards lack one of the contract, or one of its panels. */
const dashboardRules = ["dashboards-complete"];

const dashboards: readonly Entry[] = [
  {
    word: "declared",
    name: "dashboard-system-health",
    title:
      "Grafana dashboard System Health: API response times by endpoint, error rates by service, CPU and memory, network I/O, database connection pool",
    ids: ["STO-152"],
    on: everywhere,
    during: ["always"],
    rules: dashboardRules,
  },
  {
    word: "declared",
    name: "dashboard-business-metrics",
    title:
      "Grafana dashboard Business Metrics: orders per minute, payment success rate, average order value, customer conversion, gamification engagement",
    ids: ["STO-153"],
    on: everywhere,
    during: ["always"],
    rules: dashboardRules,
    note: "The runbook names no metrics for these panels: metrics.ts does, and docs/catalogue.md asks the owner.",
  },
  {
    word: "declared",
    name: "dashboard-infrastructure",
    title:
      "Grafana dashboard Infrastructure: container status, disk space, network latency, cache hit rate, database replication lag",
    ids: ["STO-154"],
    on: everywhere,
    during: ["always"],
    rules: dashboardRules,
  },
];

const alertRuleCount: Entry = {
  word: "alert",
  name: "alert-rules-27",
  title: "27 alert rules in total: the 14 that the runbook lists and 13 from limits that it states elsewhere",
  ids: ["STO-155"],
  conflicts: [47],
  on: everywhere,
  during: ["always"],
  alerts: [...critical, ...warning, ...info, ...derived].map(({ name }) => name),
  rules: ["prometheus-rules-complete"],
  note: "The probe of a minute (conflicts 52) is one more, so that the stack has 28.",
};

/** Immediate PagerDuty. */
const criticalAlerts: readonly Entry[] = [
  {
    word: "alert",
    name: "alert-api-down",
    title: "Critical, PagerDuty at once: API down, no response for 5 minutes",
    ids: ["STO-156"],
    conflicts: [52],
    on: everywhere,
    during: ["always"],
    alerts: ["ApiDown"],
    rules: alertRules,
    note: "The team hears of it at minute 2 at the latest from the probe, see page-within-two-minutes.",
  },
  {
    word: "alert",
    name: "alert-database-down",
    title: "Critical, PagerDuty at once: database down",
    ids: ["STO-157"],
    on: everywhere,
    during: ["always"],
    alerts: ["DatabaseDown"],
    rules: alertRules,
  },
  {
    word: "alert",
    name: "alert-authentication-failures",
    title: "Critical, PagerDuty at once: more than 10% of the log-ins fail",
    ids: ["STO-158"],
    on: everywhere,
    during: ["always"],
    alerts: ["AuthenticationFailures"],
    rules: alertRules,
  },
  {
    word: "alert",
    name: "alert-payment-failures",
    title: "Critical, PagerDuty at once: more than 5% of the payments fail",
    ids: ["STO-159"],
    on: everywhere,
    during: ["always"],
    alerts: ["PaymentFailures"],
    rules: alertRules,
    note: "Between 2% and 5% PaymentSuccessLow warns: the target is a success rate above 98%.",
  },
  {
    word: "alert",
    name: "alert-memory-usage",
    title: "Critical, PagerDuty at once: memory usage above 90%",
    ids: ["STO-160"],
    on: everywhere,
    during: ["always"],
    alerts: ["MemoryUsageHigh"],
    rules: alertRules,
  },
];

/** Slack and mail. */
const warningAlerts: readonly Entry[] = [
  {
    word: "alert",
    name: "alert-api-latency",
    title: "Warning, Slack and mail: API p95 above 2 s",
    ids: ["STO-161"],
    conflicts: [51],
    on: everywhere,
    during: ["always"],
    alerts: ["ApiLatencyHigh"],
    rules: alertRules,
  },
  {
    word: "alert",
    name: "alert-error-rate",
    title: "Warning, Slack and mail: error rate above 1%",
    ids: ["STO-162"],
    conflicts: [50],
    on: everywhere,
    during: ["always"],
    alerts: ["ErrorRateHigh"],
    rules: alertRules,
  },
  {
    word: "alert",
    name: "alert-cache-hit-rate",
    title: "Warning, Slack and mail: cache hit rate below 70%",
    ids: ["STO-163"],
    on: everywhere,
    during: ["always"],
    alerts: ["CacheHitRateLow"],
    rules: alertRules,
  },
  {
    word: "alert",
    name: "alert-disk-space",
    title: "Warning, Slack and mail: less than 20% of a disk is free",
    ids: ["STO-164"],
    on: everywhere,
    during: ["always"],
    alerts: ["DiskSpaceLow"],
    rules: alertRules,
  },
  {
    word: "alert",
    name: "alert-slow-queries",
    title: "Warning, Slack and mail: slow database queries",
    ids: ["STO-165"],
    on: everywhere,
    during: ["always"],
    alerts: ["DatabaseSlowQueries"],
    rules: alertRules,
    note: "The runbook gives no limit here; 200 ms is the one of its performance baselines.",
  },
];

/** One mail a day. */
const infoAlerts: readonly Entry[] = [
  {
    word: "alert",
    name: "alert-backup-status",
    title: "Info, daily mail: status of the backups",
    ids: ["STO-166"],
    conflicts: [53],
    on: everywhere,
    during: ["always"],
    alerts: ["BackupStatus"],
    rules: alertRules,
  },
  {
    word: "alert",
    name: "alert-licence-expiry",
    title: "Info, daily mail: a licence expires",
    ids: ["STO-167"],
    on: everywhere,
    during: ["always"],
    alerts: ["LicenceExpiry"],
    rules: alertRules,
  },
  {
    word: "alert",
    name: "alert-security-updates",
    title: "Info, daily mail: security updates are available",
    ids: ["STO-168"],
    on: everywhere,
    during: ["always"],
    alerts: ["SecurityUpdatesAvailable"],
    rules: alertRules,
  },
  {
    word: "alert",
    name: "alert-performance-trend",
    title: "Info, daily mail: performance trends",
    ids: ["STO-169"],
    on: everywhere,
    during: ["always"],
    alerts: ["PerformanceTrend"],
    rules: alertRules,
    note: "More than 100 ms slower than a week ago: the runbook's measure of a slight degradation (P3).",
  },
];

const alertRoutes: Entry = {
  word: "declared",
  name: "alert-routes",
  title: "Critical alerts go to PagerDuty at once, warnings to Slack and mail, info to one mail a day",
  ids: ["STO-170"],
  conflicts: [12, 13],
  on: everywhere,
  during: ["always"],
  rules: alertRules,
  note: "That a mail is the day's is a condition of the rule itself (its Digest), which prometheus-rules-complete compares.",
};

/** Dashboards, alert rules and who hears of them: chapter 7 of the runbook. */
export const monitoring: readonly Entry[] = [
  ...dashboards,
  alertRuleCount,
  ...criticalAlerts,
  ...warningAlerts,
  ...infoAlerts,
  alertRoutes,
];
