import type { Entry } from "../../vocabulary";
import { caseManagement } from "..";
import { errorPercent, requestCount } from "../expressions";
import { durations, limits } from "../limits";
import {
  type CheckGate,
  components,
  everywhere,
  hosts,
  lookEverySeconds,
  scrapeDelaySeconds,
  secondsPerMinute,
  stagingAndProduction,
} from "./shared";

const { backend, frontend } = caseManagement.components;
const watchMinutes = 10;

/** How long a rollback may take (conflicts 75). */
const times: readonly Entry[] = [
  {
    word: "metricGate",
    name: "rollback-duration",
    title: "Rollback SLA: initiated within 5 minutes and complete within 10",
    ids: ["CAS-003"],
    conflicts: [75],
    on: everywhere,
    during: ["rollback"],
    measurement: { provider: "release", measure: "rollbackSeconds" },
    unit: "seconds",
    windowSeconds: 10 * secondsPerMinute,
    intervalSeconds: 5,
    telemetryDelaySeconds: 0,
    minimumSample: { of: "dataPoints", atLeast: 1 },
    zones: { pass: { operator: "<", limit: 10 * secondsPerMinute }, rollback: [] },
    advice:
      "The rollback has not come to its end in time: call L2, and look at what its last step waits for.",
  },
  {
    word: "target",
    name: "rollback-initiated-in-five-minutes",
    title: "Rollback SLA: less than 5 minutes from the reason to the first step",
    ids: [],
    supports: ["CAS-003"],
    conflicts: [75],
    on: stagingAndProduction,
    during: ["rollback"],
    span: { from: "rollback-told", to: "traffic-back" },
    atMostSeconds: 5 * secondsPerMinute,
    blocking: false,
    note: "A trigger waits for nobody; where a person decides, his answer counts in.",
  },
  {
    word: "target",
    name: "immediate-rollback-in-five-minutes",
    title: "Immediate rollback takes 5 minutes",
    ids: ["CAS-088"],
    conflicts: [75],
    on: everywhere,
    during: ["rollback"],
    span: { from: "traffic-back", to: "rollout-verified" },
    atMostSeconds: 5 * secondsPerMinute,
    blocking: false,
    note: "Reported; the limit of 10 minutes is the gate (rollback-duration). Restoring the database is no part of it.",
  },
];

/** The way back: pods first, then traffic. Asks for no window and no approval. */
const immediate: readonly Entry[] = [
  {
    word: "step",
    name: "old-side-scaled-up",
    title: "The old colour has its pods before traffic goes back to it",
    ids: [],
    supports: ["CAS-090"],
    conflicts: [72],
    on: everywhere,
    during: ["rollback"],
    does: { action: "scale", components, side: "old", to: "declared" },
    timeoutSeconds: 5 * secondsPerMinute,
    undo: "notNeeded",
    note: "Nothing to do while it is still kept. A selector that names a colour without pods is an outage.",
  },
  {
    word: "step",
    name: "traffic-back",
    title: "Traffic goes back to the previous version: frontend, then backend",
    ids: [],
    supports: ["CAS-090"],
    conflicts: [5, 72],
    on: everywhere,
    during: ["rollback"],
    does: { action: "traffic", move: "back" },
    timeoutSeconds: 2 * secondsPerMinute,
    undo: "notNeeded",
    note: "In the reverse order of the switch. A migration stays: it only added.",
  },
  {
    word: "checkGate",
    name: "rollout-verified",
    title:
      "The rollout status of case-management-backend and case-management-frontend is verified after a rollback",
    ids: ["CAS-091"],
    on: everywhere,
    during: ["rollback"],
    check: { provider: "kubernetes", components, side: "live", expects: "rolledOut" },
    expectation:
      "each Deployment of the side that serves again: generation observed, no old pod left, all available",
    timeoutSeconds: 5 * secondsPerMinute,
    attempts: 1,
    everySeconds: 5,
    onBreach: "hold",
  },
];

/** The side that serves again; a failure is for people. */
const after: Pick<
  CheckGate,
  "word" | "on" | "during" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach"
> = {
  word: "checkGate",
  on: everywhere,
  during: ["rollback-watch"],
  timeoutSeconds: 10,
  attempts: 5,
  everySeconds: 5,
  onBreach: "hold",
};

const validation: readonly Entry[] = [
  {
    ...after,
    name: "api-health-after-rollback",
    title: "After the rollback GET /health of the API succeeds, from the version before",
    ids: ["CAS-094"],
    conflicts: [15],
    check: {
      provider: "http",
      host: hosts.api,
      method: "GET",
      path: backend.healthPath,
      status: [200],
      version: { of: "live", path: "version" },
    },
    expectation: "status 200, and the version is the one from before the release",
  },
  {
    ...after,
    name: "web-health-after-rollback",
    title: "After the rollback GET /api/health of the frontend succeeds",
    ids: [],
    supports: ["CAS-094"],
    check: { provider: "http", host: hosts.web, method: "GET", path: frontend.healthPath, status: [200] },
    expectation: "status 200",
  },
  {
    ...after,
    name: "smoke-tests-after-rollback",
    title: "After the rollback npm run test:smoke passes",
    ids: ["CAS-095"],
    on: stagingAndProduction,
    check: {
      provider: "suite",
      suite: "smoke",
      run: { as: "command", argv: ["npm", "run", "test:smoke"] },
      atMostFailed: 0,
      atLeastPassed: 1,
      hostVariables: { [hosts.api]: "API_HOST", [hosts.web]: "WEB_HOST" },
    },
    expectation: "no test fails and at least one ran, of the version that serves again",
    timeoutSeconds: 10 * secondsPerMinute,
    attempts: 1,
  },
  {
    word: "target",
    name: "watched-after-rollback",
    title: "After the rollback the system is monitored for 10 minutes to ensure stability",
    ids: ["CAS-096"],
    on: everywhere,
    during: ["rollback-watch"],
    span: { from: "rollout-verified", to: "release-history" },
    atLeastSeconds: watchMinutes * secondsPerMinute,
    blocking: true,
    note: "What is looked at meanwhile: stable-error-rate and both health checks.",
  },
  {
    word: "metricGate",
    name: "stable-error-rate",
    title: `Stability after the rollback: error rate below ${limits.errorPercent.warning} % of the side that serves again`,
    ids: [],
    supports: ["CAS-096"],
    conflicts: [2],
    on: everywhere,
    during: ["rollback-watch"],
    measurement: { provider: "prometheus", query: errorPercent(durations.alert, "$live") },
    unit: "percent",
    windowSeconds: durations.alert * secondsPerMinute,
    intervalSeconds: lookEverySeconds,
    minutes: { from: durations.alert, due: watchMinutes },
    telemetryDelaySeconds: scrapeDelaySeconds,
    minimumSample: {
      of: "events",
      atLeast: limits.minimumRequests,
      query: requestCount(durations.alert, { side: "$live" }),
    },
    zones: { pass: { operator: "<", limit: limits.errorPercent.warning }, rollback: [] },
    alerts: ["ErrorRateWarning", "ErrorRateCritical"],
    advice: "The version before fails too: look at the database and at what it calls, then at a restore.",
  },
  {
    ...after,
    name: "health-after-rollback-watched",
    title: "Stability after the rollback: no critical alert fires for 10 minutes",
    ids: [],
    supports: ["CAS-096"],
    on: stagingAndProduction,
    check: { provider: "firedAlerts", severities: ["critical"] },
    expectation: "none",
    timeoutSeconds: 30,
    attempts: 2,
    everySeconds: secondsPerMinute,
  },
];

/** The runbook's rollback, without the database's: restore.ts. */
export const rollback: readonly Entry[] = [...times, ...immediate, ...validation];
