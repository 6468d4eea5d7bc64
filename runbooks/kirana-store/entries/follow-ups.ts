import type { Entry } from "../../vocabulary";
import { fewest } from "../comparison";
import * as e from "../expressions";
import { limits } from "../limits";
import { figures, hoursPerDay, production, scrapeDelaySeconds, secondsPerMinute } from "./shared";

const secondsPerHour = 60 * secondsPerMinute;
export const week = 7 * hoursPerDay;
export const month = 30 * hoursPerDay;
const weekSeconds = week * secondsPerHour;

/** A ratio or percentile of a week over fewer requests than this says nothing about the week. */
const fewestOfWeek = 50 * fewest;

/** What the first hour was watched by, over the last minutes, with the week's limit of errors. */
const keyMetrics = [
  "metrics-nominal",
  "first-week-error-rate",
  "api-latency",
  "database-latency",
  "cache-hit-rate",
  "database-replication-healthy",
  "success-payments",
];

/** What is looked at on which day; the runbook counts from the release. */
const days: readonly Entry[] = [
  {
    word: "metricGate",
    name: "first-week-error-rate",
    title: "Days 1 to 3: error rate of the last minutes below 0.5%",
    ids: [],
    supports: ["STO-189", "STO-190", "STO-191"],
    conflicts: [50],
    on: production,
    during: ["follow-up"],
    measurement: { provider: "prometheus", query: e.errorRateOver("5m") },
    unit: "ratio",
    windowSeconds: 5 * secondsPerMinute,
    intervalSeconds: secondsPerMinute,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "events", atLeast: fewest, query: e.requests("5m") },
    zones: { pass: { operator: "<", limit: figures.rampErrorRate }, rollback: [] },
    alerts: ["ErrorRateHigh"],
    note: "0.1% is the limit of the first hour alone.",
  },
  {
    word: "followUp",
    name: "day-1",
    title: "Day 1: monitor every 30 minutes for 8 hours",
    ids: ["STO-189"],
    on: production,
    during: ["follow-up"],
    dueHours: 0,
    untilHours: 8,
    everyMinutes: 30,
    owner: "sre",
    task: { as: "gates", gates: keyMetrics },
    blocksNextRelease: false,
    note: "From the end of the release on, which has itself watched for 4 hours.",
  },
  {
    word: "followUp",
    name: "day-2",
    title: "Day 2: monitor every hour during business hours",
    ids: ["STO-190"],
    on: production,
    during: ["follow-up"],
    dueHours: hoursPerDay,
    untilHours: 2 * hoursPerDay,
    everyMinutes: 60,
    owner: "sre",
    task: { as: "gates", gates: keyMetrics },
    blocksNextRelease: false,
    note: "Around the clock: a machine looks, and the runbook does not say whose business hours.",
  },
  {
    word: "followUp",
    name: "day-3",
    title: "Day 3: check key metrics 3 times",
    ids: ["STO-191"],
    on: production,
    during: ["follow-up"],
    dueHours: 2 * hoursPerDay,
    untilHours: 3 * hoursPerDay,
    everyMinutes: (hoursPerDay / 3) * 60,
    owner: "sre",
    task: { as: "gates", gates: keyMetrics },
    blocksNextRelease: false,
  },
  {
    word: "followUp",
    name: "days-4-to-7",
    title: "Days 4 to 7: standard monitoring, alerts only",
    ids: ["STO-192"],
    on: production,
    during: ["follow-up"],
    dueHours: 3 * hoursPerDay,
    untilHours: week,
    everyMinutes: hoursPerDay * 60,
    owner: "sre",
    task: { as: "gates", gates: ["metrics-nominal"] },
    blocksNextRelease: false,
    note: "The alerts call by themselves; once a day the release writes down whether one fired.",
  },
];

/** The week in figures. */
const weeklyReview: readonly Entry[] = [
  {
    word: "metricGate",
    name: "week-uptime",
    title: "Weekly review: uptime above 99.9%",
    ids: ["STO-193"],
    on: production,
    during: ["follow-up"],
    measurement: { provider: "prometheus", query: e.uptime("7d") },
    unit: "ratio",
    windowSeconds: weekSeconds,
    intervalSeconds: hoursPerDay * secondsPerHour,
    telemetryDelaySeconds: scrapeDelaySeconds,
    // Half of the week's scrapes: what was not probed for longer is not known to have been up.
    minimumSample: { of: "events", atLeast: weekSeconds / scrapeDelaySeconds, query: e.probes("7d") },
    zones: { pass: { operator: ">", limit: 0.999 }, rollback: [] },
    alerts: ["ApiProbeFailed", "ApiDown"],
  },
  {
    word: "metricGate",
    name: "week-error-rate",
    title: "Weekly review: error rate below 0.5%",
    ids: ["STO-194"],
    conflicts: [50],
    on: production,
    during: ["follow-up"],
    measurement: { provider: "prometheus", query: e.errorRateOver("7d") },
    unit: "ratio",
    windowSeconds: weekSeconds,
    intervalSeconds: hoursPerDay * secondsPerHour,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "events", atLeast: fewestOfWeek, query: e.requests("7d") },
    zones: { pass: { operator: "<", limit: figures.rampErrorRate }, rollback: [] },
    alerts: ["ErrorRateHigh"],
  },
  {
    word: "metricGate",
    name: "week-api-latency",
    title: "Weekly review: response p95 below 1 s",
    ids: ["STO-195"],
    conflicts: [51],
    on: production,
    during: ["follow-up"],
    measurement: { provider: "prometheus", query: e.apiP95("7d") },
    unit: limits.latencySla.unit,
    windowSeconds: weekSeconds,
    intervalSeconds: hoursPerDay * secondsPerHour,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "events", atLeast: fewestOfWeek, query: e.apiRequests("7d") },
    zones: { pass: { operator: "<", limit: limits.latencySla.value }, rollback: [] },
    alerts: ["ApiLatencyAboveSla"],
  },
  {
    word: "followUp",
    name: "week-customer-satisfaction",
    title: "Weekly review: customer satisfaction above 4.5 of 5 stars",
    ids: ["STO-196"],
    on: production,
    during: ["follow-up"],
    dueHours: week,
    owner: "support-lead",
    task: { as: "question", question: "How many of 5 stars do customers give?", answer: "number" },
    expects: { operator: "greaterThan", value: 4.5 },
    unit: "stars of 5",
    blocksNextRelease: false,
  },
  {
    word: "followUp",
    name: "week-feature-adoption",
    title: "Weekly review: more than 30% of the users use the new features",
    ids: ["STO-197"],
    on: production,
    during: ["follow-up"],
    dueHours: week,
    owner: "product-manager",
    task: {
      as: "question",
      question: "How many percent of the users use the new features?",
      answer: "number",
    },
    expects: { operator: "greaterThan", value: 30 },
    unit: "percent of users",
    blocksNextRelease: false,
  },
];

const monthlyReview: Entry = {
  word: "followUp",
  name: "monthly-review",
  title: "Monthly review after the deployment",
  ids: ["STO-198"],
  on: production,
  during: ["follow-up"],
  dueHours: month,
  owner: "product-manager",
  task: {
    as: "question",
    question:
      "Where is the review of the month: impact on revenue, customers' feedback compiled, opportunities to optimise performance, security improvements, plan of Phase 6?",
    answer: "text",
  },
  blocksNextRelease: false,
};

/** Where the runbook's list after a rollback, or a loss of data, is to be worked off before the next release. */
const before: Entry = {
  word: "checkGate",
  name: "no-open-follow-up",
  title: "What the release before left open is done: a rollback's cause and its fix, a loss of data",
  ids: [],
  supports: ["STO-147", "STO-148", "STO-203"],
  on: production,
  during: ["prepare"],
  releases: ["normal"],
  check: { provider: "release", expects: "noOpenFollowUp" },
  expectation: "no follow-up of this system that blocks the next release is open",
  timeoutSeconds: 10,
  attempts: 1,
  onBreach: "refuse",
  note: "What mends production takes the emergency path.",
};

/** Days, week and month: chapter 10 of the runbook. */
export const followUps: readonly Entry[] = [...days, ...weeklyReview, monthlyReview, before];
