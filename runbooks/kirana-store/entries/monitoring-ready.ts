import type { Entry } from "../../vocabulary";
import { kiranaStore } from "..";
import { dashboards } from "../dashboards";
import { exporters } from "../exporters";
import * as expressions from "../expressions";
import { everywhere, production, scrapeDelaySeconds, secondsPerMinute, stagingAndProduction } from "./shared";

/** Jobs of the store's own namespace; the cluster's collectors are the platform's. */
const ownJobs = exporters.filter(({ kind }) => kind !== "addon").length;

/** The release does not begin blind or mute. */
export const monitoringReady: readonly Entry[] = [
  {
    word: "metricGate",
    name: "all-metrics-scraped",
    title: "Prometheus scrapes all metrics: every job of the store is there and all its targets are up",
    ids: ["STO-026"],
    on: everywhere,
    during: ["prepare", "watch", "always"],
    measurement: { provider: "prometheus", query: expressions.jobsUp },
    unit: "count",
    windowSeconds: 5 * secondsPerMinute,
    intervalSeconds: secondsPerMinute,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "dataPoints", atLeast: 3 },
    zones: { pass: { operator: ">=", limit: ownJobs }, rollback: [] },
    alerts: ["ScrapeTargetDown"],
    advice: "A target that is not scraped makes a gate blind: see its pod and its scrape configuration.",
  },
  {
    word: "checkGate",
    name: "dashboards-display",
    title: "Grafana dashboards System Health, Business Metrics and Infrastructure display correctly",
    ids: ["STO-027"],
    on: stagingAndProduction,
    during: ["prepare"],
    check: { provider: "dashboards", uids: dashboards.map(({ uid }) => uid) },
    expectation: "Each of the three is found by its uid, and every panel's query returns data",
    timeoutSeconds: 120,
    attempts: 2,
    everySeconds: 60,
    onBreach: "refuse",
  },
  {
    word: "checkGate",
    name: "slack-verified",
    title: "Slack integration is verified: a test message is delivered",
    ids: ["STO-029"],
    conflicts: [13],
    on: stagingAndProduction,
    during: ["prepare"],
    check: {
      provider: "channel",
      channel: "slack",
      secret: "slack-webhook",
      message: "kirana-store: test of the release channel, nothing to do",
    },
    expectation: "The webhook answers 200",
    timeoutSeconds: 30,
    attempts: 3,
    onBreach: "refuse",
    note: "The runbook names no channel; the webhook decides.",
  },
  {
    word: "checkGate",
    name: "mail-verified",
    title: "Email alerts are functional: a test mail is taken for delivery to the team's addresses",
    ids: ["STO-030"],
    on: stagingAndProduction,
    during: ["prepare"],
    check: {
      provider: "channel",
      channel: "mail",
      message: "kirana-store: test of the alert mail, nothing to do",
    },
    expectation: "The mail action of the alerts' action group takes the test notification",
    timeoutSeconds: 120,
    attempts: 3,
    onBreach: "refuse",
    note: "The runbook names no recipients; they are settings of the stack.",
  },
  {
    word: "checkGate",
    name: "grafana-answers",
    title:
      "Each step of the ramp is monitored for 10 minutes, and GET /api/health of Grafana answers within it",
    ids: ["STO-108"],
    conflicts: [59],
    on: stagingAndProduction,
    during: ["prepare", "ramp"],
    check: {
      provider: "http",
      host: "grafana",
      method: "GET",
      path: "/api/health",
      signedInTo: "grafana",
      status: [200],
      json: [{ path: "database", operator: "equals", value: "ok" }],
    },
    expectation: "Grafana answers 200 and its database is ok, once in every hold of 600 s",
    timeoutSeconds: 10,
    attempts: 3,
    everySeconds: kiranaStore.ramp.everyMinutes * secondsPerMinute,
    onBreach: "hold",
    note: "Port 3000 of host monitoring in the runbook, where nobody signs in; Azure Managed Grafana answers nobody else. The hold of 600 s itself is the ramp's.",
  },
  {
    word: "alert",
    name: "api-probed-in-ramp",
    title: "While each step is monitored, an API that does not answer for a minute pages the team",
    ids: [],
    supports: ["STO-108"],
    conflicts: [52],
    on: production,
    during: ["always"],
    alerts: ["ApiProbeFailed"],
    rules: ["prometheus-rules-complete", "prometheus-rules-told"],
  },
];
