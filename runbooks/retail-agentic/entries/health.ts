import type { Entry } from "../../vocabulary";
import { components, deployments, paths } from "../components";
import { allComponents, apiIsUp, type CheckGate, everywhere, hosts, stagingAndProduction } from "./shared";

const { status } = components.backend.expectedHealth;

/** Asked at any time; they page by alert, so a check only reports. */
const atAnyTime: Pick<CheckGate, "word" | "on" | "during" | "timeoutSeconds" | "attempts" | "onBreach"> = {
  word: "checkGate",
  on: everywhere,
  during: ["always"],
  timeoutSeconds: 10,
  attempts: 3,
  onBreach: "report",
};

/** Before anything is moved: a side that is sick already is no place to return to, and an incident of its own (conflicts 7). */
const beforeRelease: Pick<
  CheckGate,
  "word" | "ids" | "on" | "during" | "releases" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach"
> = {
  word: "checkGate",
  ids: [],
  on: everywhere,
  during: ["prepare"],
  releases: ["normal"],
  timeoutSeconds: 30,
  attempts: 3,
  everySeconds: 5,
  onBreach: "refuse",
};

/** The live side before a release; one that mends it takes the emergency path. */
export const liveSideBefore: readonly Entry[] = [
  {
    ...beforeRelease,
    name: "live-side-available",
    title: "Before the release the pods that have the traffic are all there, of every component",
    supports: ["RET-093", "RET-095", "RET-096"],
    conflicts: [7],
    check: { provider: "kubernetes", components: allComponents, side: "live", expects: "available" },
    expectation:
      "available pods equal the autoscaler's wish, of which there is at least one, with the declared digest",
  },
  {
    ...beforeRelease,
    name: "api-health-before",
    title: "Before the release GET /api/v1/health returns status UP",
    supports: ["RET-093"],
    conflicts: [7, 15],
    ...apiIsUp,
    timeoutSeconds: 10,
  },
];

/** The runbook's table of health checks. */
export const healthChecks: readonly Entry[] = [
  {
    ...atAnyTime,
    name: "backend-health",
    title: "Backend: GET /api/v1/health returns status UP",
    ids: ["RET-093"],
    conflicts: [15],
    ...apiIsUp,
  },
  {
    ...atAnyTime,
    name: "backend-actuator-health",
    title: "Backend: GET /actuator/health returns status UP, inside the cluster alone",
    ids: ["RET-094"],
    conflicts: [15],
    check: {
      provider: "inNetwork",
      target: "pod",
      question: `${deployments.backend}:${components.backend.port}${paths.actuatorHealth}`,
      expects: [{ path: "status", operator: "equals", value: status }],
    },
    expectation: `{"status":"${status}"} from a pod of the live side`,
  },
  {
    ...atAnyTime,
    name: "actuator-not-public",
    title: "Nobody outside reaches the actuator",
    ids: [],
    supports: ["RET-094"],
    check: {
      provider: "http",
      host: hosts.api,
      method: "GET",
      path: paths.actuatorHealth,
      status: [403, 404],
    },
    expectation: "the edge or the gateway refuses",
    note: "On the stack: edge-blocked-paths and the network policies.",
  },
  {
    ...atAnyTime,
    name: "consumer-web-health",
    title: "Consumer web: GET / returns 200",
    ids: ["RET-095"],
    check: { provider: "http", host: hosts.consumerWeb, method: "GET", path: paths.web, status: [200] },
    expectation: "status 200",
  },
  {
    ...atAnyTime,
    name: "admin-web-health",
    title: "Admin web: GET / returns 200",
    ids: ["RET-096"],
    check: { provider: "http", host: hosts.adminWeb, method: "GET", path: paths.web, status: [200] },
    expectation: "status 200",
  },
  {
    ...atAnyTime,
    name: "health-check-script",
    title:
      "scripts/health-check.sh asks backend, consumer web and admin web in turn and fails at the first that is not well",
    ids: ["RET-097"],
    on: stagingAndProduction,
    during: ["watch", "rollback-watch", "always"],
    check: {
      provider: "suite",
      suite: "health-check",
      run: { as: "command", argv: ["./scripts/health-check.sh"], judgedBy: "exitCode" },
      atMostFailed: 0,
      atLeastPassed: 1,
      hostVariables: {
        [hosts.api]: "BACKEND_URL",
        [hosts.consumerWeb]: "CONSUMER_URL",
        [hosts.adminWeb]: "ADMIN_URL",
      },
    },
    expectation: "the script ends with 0",
    timeoutSeconds: 60,
    everySeconds: 60,
    note: "It takes any status below 400 and reads no body; the gates beside it are stricter and decide.",
  },
];
