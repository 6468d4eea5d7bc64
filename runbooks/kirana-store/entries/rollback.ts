import type { Entry } from "../../vocabulary";
import { fewest } from "../comparison";
import * as e from "../expressions";
import { limits } from "../limits";
import { healthPath } from "../names";
import { everywhere, figures, hosts, production, scrapeDelaySeconds, secondsPerMinute } from "./shared";

const scrapeSeconds = 30;
const windowSeconds = 300;
const { sustainedSeconds } = figures.rollback;

/** What starts a rollback, as the runbook lists it. */
const triggers: readonly Entry[] = [
  {
    word: "metricGate",
    name: "rollback-error-rate",
    title: "Error rate above 5% for 5 minutes or more: all traffic goes back",
    ids: ["STO-135"],
    conflicts: [1, 3, 50],
    on: everywhere,
    during: ["ramp", "switch", "watch"],
    measurement: { provider: "prometheus", query: e.errorRateOver("5m", e.candidate) },
    unit: "ratio",
    windowSeconds,
    intervalSeconds: scrapeSeconds,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "events", atLeast: fewest, query: e.requests("5m", e.candidate) },
    zones: {
      pass: { operator: "<", limit: figures.rampErrorRate },
      rollback: [{ operator: ">", limit: figures.rollback.errorRate, sustainedSeconds }],
    },
    alerts: ["ErrorRateHigh"],
    advice:
      "Between 0.5% and 5% the ramp stays where it is: look for the failing route, then go on or roll back.",
    note: "Holds at every weight as ramp-error-rate does, and goes on through the watch.",
  },
  {
    word: "metricGate",
    name: "rollback-api-latency",
    title: "API p95 above 5 s: all traffic goes back",
    ids: ["STO-136"],
    conflicts: [2, 3, 51],
    on: everywhere,
    during: ["ramp", "switch", "watch"],
    measurement: { provider: "prometheus", query: e.apiP95("5m", e.candidate) },
    unit: "seconds",
    windowSeconds,
    intervalSeconds: scrapeSeconds,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "events", atLeast: fewest, query: e.apiRequests("5m", e.candidate) },
    zones: {
      pass: { operator: "<", limit: limits.latencySla.value },
      rollback: [{ operator: ">", limit: figures.rollback.latencySeconds, sustainedSeconds }],
    },
    alerts: ["ApiLatencyAboveSla", "ApiLatencyHigh"],
    advice:
      "Between the SLA of 1 s and 5 s the ramp stays where it is. Payments, which may take 2 s, are left out.",
    note: "The runbook gives no duration; 5 minutes is that of its error rate, since one slow sample is no reason.",
  },
  {
    word: "manual",
    name: "rollback-data-corruption",
    title: "Data corruption detected: all traffic goes back",
    ids: ["STO-137"],
    on: everywhere,
    during: ["ramp", "switch", "watch"],
    role: "deployment-lead",
    question:
      "Has data corruption been detected? If so, give it as the reason of the rollback, which begins at once.",
    answer: "yesNo",
    expects: { operator: "equals", value: false },
    blocking: false,
    note: "A reason for which a person rolls back; what a machine can see of it is rollback-database-invalid.",
  },
  {
    word: "checkGate",
    name: "rollback-database-invalid",
    title: "Data corruption detected by python scripts/validate-db.py: all traffic goes back",
    ids: [],
    supports: ["STO-137"],
    on: everywhere,
    during: ["ramp", "watch"],
    check: {
      provider: "suite",
      suite: "validate-database",
      run: { as: "task", task: "validate-database" },
      atMostFailed: 0,
      atLeastPassed: 1,
    },
    expectation:
      "the script of smoke's database-integrity still ends without a fault under the new version's writes",
    timeoutSeconds: 20 * secondsPerMinute,
    attempts: 2,
    everySeconds: 30 * secondsPerMinute,
    onBreach: "rollback",
    note: "A Job that could not run is inconclusive and holds; only a fault that it reports twice rolls back.",
  },
  {
    word: "manual",
    name: "rollback-security-vulnerability",
    title: "Security vulnerability found: all traffic goes back",
    ids: ["STO-138"],
    on: everywhere,
    during: ["ramp", "switch", "watch"],
    role: "deployment-lead",
    question:
      "Has a security vulnerability been found? If so, give it as the reason of the rollback, which begins at once.",
    answer: "yesNo",
    expects: { operator: "equals", value: false },
    blocking: false,
  },
  {
    word: "metricGate",
    name: "rollback-database-replication",
    title: "Database replication failed: all traffic goes back",
    ids: ["STO-139"],
    conflicts: [47],
    on: everywhere,
    during: ["ramp", "switch", "watch"],
    measurement: { provider: "prometheus", query: e.replicationLag },
    unit: "seconds",
    windowSeconds,
    intervalSeconds: scrapeSeconds,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "dataPoints", atLeast: windowSeconds / scrapeSeconds / 2 },
    zones: {
      pass: { operator: "<=", limit: limits.replicationLag.value },
      rollback: [{ operator: ">", limit: limits.replicationLag.value, sustainedSeconds }],
    },
    alerts: ["DatabaseReplicationLag"],
    note: "The lag grows while no new heartbeat arrives. Without any series the gate is inconclusive and the ramp holds: that may as well be the scraping. database-replication-healthy holds for the same lag; this one rolls back.",
  },
];

/** The immediate rollback: traffic first, then a look at the side that has it again. */
const immediate: readonly Entry[] = [
  {
    word: "target",
    name: "rollback-within-five-minutes",
    title: "The immediate rollback takes less than 5 minutes",
    ids: ["STO-140"],
    conflicts: [17],
    on: everywhere,
    during: ["rollback"],
    span: { from: "rollback-traffic-back", to: "rollback-old-side-health" },
    atMostSeconds: 5 * secondsPerMinute,
    blocking: false,
    note: "From the decision on, which a trigger makes by itself; a restore of the database is no part of it.",
  },
  {
    word: "step",
    name: "rollback-traffic-back",
    title: "Rollback 1: all traffic to the former side (blue 1.0, green 0.0)",
    ids: ["STO-141"],
    conflicts: [4, 5],
    on: everywhere,
    during: ["rollback"],
    does: { action: "traffic", move: "back", weights: [{ percent: 0, holdSeconds: 0 }] },
    timeoutSeconds: 60,
    undo: "notNeeded",
    note: "The former side is read from what is live, not from its colour. The route's weights stand where the runbook posts to the load balancer.",
  },
  {
    word: "checkGate",
    name: "rollback-old-side-health",
    title: "Rollback 2: GET /api/health of the side that has the traffic again succeeds",
    ids: ["STO-142"],
    conflicts: [15, 59],
    on: everywhere,
    during: ["rollback"],
    check: { provider: "http", host: hosts.store, method: "GET", path: healthPath, status: [200] },
    expectation: "200 through the edge, where the runbook asks port 5000 of its host",
    timeoutSeconds: 10,
    attempts: 12,
    everySeconds: 5,
    onBreach: "hold",
    note: "Still failing after a minute: the former side is down, and the way on is the restore.",
  },
];

/** What people owe after a rollback. The runbook gives no dates. */
const analysis: readonly Entry[] = [
  {
    word: "followUp",
    name: "rollback-root-cause",
    title: "After a rollback: root cause identified",
    ids: ["STO-147"],
    on: production,
    during: ["rolled-back"],
    dueHours: 24,
    owner: "technical-lead",
    task: { as: "question", question: "What was the root cause of the rollback?", answer: "text" },
    blocksNextRelease: true,
  },
  {
    word: "followUp",
    name: "rollback-fix",
    title: "After a rollback: fix implemented",
    ids: ["STO-148"],
    on: production,
    during: ["rolled-back"],
    dueHours: 72,
    owner: "backend-engineer",
    task: {
      as: "question",
      question: "Which commit mends what the release was rolled back for?",
      answer: "text",
    },
    blocksNextRelease: true,
  },
  {
    word: "record",
    name: "rollback-issue",
    title: "After a rollback: issue documented",
    ids: ["STO-149"],
    on: production,
    during: ["rolled-back"],
    kind: "githubIssue",
    fields: ["version", "previousVersion", "reason", "gate", "value", "weight", "startsAt", "duration"],
    issueTitle: "kirana-store {version} was rolled back to {previousVersion}",
    template:
      "{reason}\n\nGate {gate} with {value} at {weight}% of the traffic. Began {startsAt}, took {duration}.",
    withinMinutes: 60,
    by: "release",
  },
  {
    word: "followUp",
    name: "rollback-prevention",
    title: "After a rollback: prevention measures added",
    ids: ["STO-150"],
    on: production,
    during: ["rolled-back"],
    dueHours: 168,
    owner: "technical-lead",
    task: {
      as: "question",
      question: "Which test, gate or alert would now catch it before customers do?",
      answer: "text",
    },
    blocksNextRelease: false,
  },
  {
    word: "followUp",
    name: "rollback-reschedule",
    title: "After a rollback: deployment rescheduled",
    ids: ["STO-151"],
    on: production,
    during: ["rolled-back"],
    dueHours: 72,
    owner: "deployment-lead",
    task: { as: "question", question: "For which date is the release scheduled anew?", answer: "text" },
    blocksNextRelease: false,
  },
];

/** When and how a release is taken back, and what people owe afterwards: chapter 6 of the runbook. */
export const rollback: readonly Entry[] = [...triggers, ...immediate, ...analysis];
