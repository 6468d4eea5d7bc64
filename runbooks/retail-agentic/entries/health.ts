import type { Entry } from "../../vocabulary";
import { components, deployments, paths } from "../components";
import { type CheckGate, everywhere, hosts, stagingAndProduction } from "./shared";

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

/** The runbook's table of health checks. */
export const healthChecks: readonly Entry[] = [
  {
    ...atAnyTime,
    name: "backend-health",
    title: "Backend: GET /api/v1/health returns status UP",
    ids: ["RET-093"],
    conflicts: [15],
    check: {
      provider: "http",
      host: hosts.api,
      method: "GET",
      path: paths.health,
      status: [200],
      json: [{ path: "status", operator: "equals", value: status }],
    },
    expectation: `status 200 and {"status":"${status}"}`,
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
