import type { Entry } from "../../vocabulary";
import { fewest } from "../comparison";
import * as e from "../expressions";
import { limits } from "../limits";
import { month, week } from "./follow-ups";
import { production, scrapeDelaySeconds, secondsPerMinute } from "./shared";

const secondsPerHour = 60 * secondsPerMinute;

/** The statement repeats one of the weekly review, by whose gate it is judged. */
function judgedBy(gate: string, name: string, title: string, id: Entry["ids"][number], note?: string): Entry {
  return {
    word: "followUp",
    name,
    title,
    ids: [id],
    on: production,
    during: ["follow-up"],
    dueHours: week,
    owner: "sre",
    task: { as: "gates", gates: [gate] },
    blocksNextRelease: false,
    ...(note && { note }),
  };
}

const technical: readonly Entry[] = [
  judgedBy(
    "week-uptime",
    "success-uptime",
    "Technical success: uptime of 99.9% or more in the first week",
    "STO-199",
    "By the gate of the weekly review, which wants more than 99.9%.",
  ),
  judgedBy(
    "week-api-latency",
    "success-api-latency",
    "Technical success: API response below 1 s (p95)",
    "STO-200",
    "By the gate of the weekly review.",
  ),
  judgedBy(
    "week-error-rate",
    "success-error-rate",
    "Technical success: error rate below 0.5%",
    "STO-201",
    "By the gate of the weekly review.",
  ),
  {
    ...judgedBy(
      "hour-four-integration-tests",
      "success-tests",
      "Technical success: all integration tests pass",
      "STO-202",
      "The gate of hour 4 once more after a week, again as the test tenant; 31 tests, not 30.",
    ),
    conflicts: [46, 58],
  },
  {
    word: "followUp",
    name: "success-no-data-loss",
    title: "Technical success: zero data loss incidents",
    ids: ["STO-203"],
    on: production,
    during: ["follow-up"],
    dueHours: week,
    owner: "devops-lead",
    task: {
      as: "question",
      question: "How many incidents with loss of data have there been since the release?",
      answer: "number",
    },
    expects: { operator: "equals", value: 0 },
    unit: "incidents",
    blocksNextRelease: true,
  },
];

const business: readonly Entry[] = [
  {
    word: "metricGate",
    name: "success-orders",
    title: "Business success: 100 or more orders per minute",
    ids: ["STO-204"],
    conflicts: [47],
    on: production,
    during: ["follow-up"],
    measurement: { provider: "prometheus", query: e.ordersPerMinute },
    unit: limits.ordersPerMinute.unit,
    windowSeconds: secondsPerHour,
    intervalSeconds: secondsPerHour,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: { of: "dataPoints", atLeast: secondsPerHour / scrapeDelaySeconds },
    zones: { pass: { operator: ">=", limit: limits.ordersPerMinute.value }, rollback: [] },
    alerts: ["OrderRateLow"],
    note: "Depends on customers as much as on the release: reported, never rolled back for. That the system can is what the load test shows.",
  },
  {
    word: "metricGate",
    name: "success-payments",
    title: "Business success: payment success rate above 98%",
    ids: ["STO-205"],
    conflicts: [47],
    on: production,
    during: ["watch", "follow-up"],
    measurement: {
      provider: "prometheus",
      query: e.share("kirana_store_payments_total", 'result="success"', "1h"),
    },
    unit: limits.paymentSuccess.unit,
    windowSeconds: secondsPerHour,
    intervalSeconds: 5 * secondsPerMinute,
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: {
      of: "events",
      atLeast: fewest,
      query: e.events("kirana_store_payments_total", "", "1h"),
    },
    zones: { pass: { operator: ">", limit: limits.paymentSuccess.value }, rollback: [] },
    alerts: ["PaymentSuccessLow", "PaymentFailures"],
    advice:
      "Payments fail more often than 2%: ask the gateway's status and the log of the payments before going on.",
  },
  {
    word: "followUp",
    name: "success-orders-and-payments",
    title:
      "Business success: orders per minute and the rate of successful payments, looked at after the first week",
    ids: [],
    supports: ["STO-204", "STO-205"],
    on: production,
    during: ["follow-up"],
    dueHours: week,
    owner: "product-manager",
    task: { as: "gates", gates: ["success-orders", "success-payments"] },
    blocksNextRelease: false,
  },
  {
    word: "followUp",
    name: "success-customer-retention",
    title: "Business success: customer retention above 95%",
    ids: ["STO-206"],
    on: production,
    during: ["follow-up"],
    dueHours: month,
    owner: "product-manager",
    task: {
      as: "question",
      question: "How many percent of the customers of the month before the release are customers still?",
      answer: "number",
    },
    expects: { operator: "greaterThan", value: 95 },
    unit: "percent of customers",
    blocksNextRelease: false,
  },
  {
    word: "followUp",
    name: "success-feature-adoption",
    title: "Business success: more than 30% use the new features",
    ids: ["STO-207"],
    on: production,
    during: ["follow-up"],
    dueHours: month,
    owner: "product-manager",
    task: {
      as: "question",
      question: "How many percent of the users use the new features after a month?",
      answer: "number",
    },
    expects: { operator: "greaterThan", value: 30 },
    unit: "percent of users",
    blocksNextRelease: false,
    note: "Says what the weekly review says; asked again after a month.",
  },
  {
    word: "followUp",
    name: "success-revenue",
    title: "Business success: revenue grows by 20% or more from month to month",
    ids: [],
    supports: ["STO-198"],
    on: production,
    during: ["follow-up"],
    dueHours: month,
    owner: "product-manager",
    task: {
      as: "question",
      question: "By how many percent has the month's revenue grown against the month before the release?",
      answer: "number",
    },
    expects: { operator: "atLeast", value: 20 },
    unit: "percent month over month",
    blocksNextRelease: false,
    note: "A line of the runbook without a statement of its own in the catalogue; the figure for the monthly review's impact on revenue.",
  },
];

const operational: readonly Entry[] = [
  {
    word: "target",
    name: "success-mean-time-to-recovery",
    title: "Operational success: mean time to recovery below 5 minutes",
    ids: ["STO-208"],
    conflicts: [17],
    on: production,
    during: ["always"],
    span: { from: "rollback-traffic-back", to: "rollback-old-side-health" },
    figure: { of: "meanTimeToRecoverySeconds", operator: "<", limit: 5 * secondsPerMinute },
    blocking: false,
    note: "Reached by triggers that wait for nobody; by the response of people, who decide at minute 15, it cannot be.",
  },
  {
    word: "target",
    name: "success-incident-response",
    title: "Operational success: incidents are answered in less than 2 minutes",
    ids: ["STO-209"],
    conflicts: [52],
    on: production,
    during: ["always"],
    span: { from: "incident-detected", to: "page-within-two-minutes" },
    figure: { of: "meanTimeToAcknowledgeSeconds", operator: "<", limit: 2 * secondsPerMinute },
    blocking: false,
  },
  {
    word: "followUp",
    name: "success-team-satisfaction",
    title: "Operational success: team satisfaction above 4 of 5",
    ids: ["STO-210"],
    on: production,
    during: ["follow-up"],
    dueHours: week,
    owner: "engineering-lead",
    task: { as: "question", question: "How many of 5 does the team give the release?", answer: "number" },
    expects: { operator: "greaterThan", value: 4 },
    unit: "of 5",
    blocksNextRelease: false,
  },
];

/** What makes the go-live a success: chapter 11 of the runbook, but what is due before it (readiness.ts). */
export const success: readonly Entry[] = [...technical, ...business, ...operational];
