import { containerLogsOf } from "../../cluster-metrics";
import type { Entry } from "../../vocabulary";
import { deployments, namespace, paths } from "../components";
import { dashboards } from "../dashboards";
import { healthLimits } from "../limits";
import {
  apiIsUp,
  type CheckGate,
  hosts,
  lookEverySeconds,
  production,
  productionRehearsed,
  roles,
  secondsPerMinute,
  stagingAndProduction,
} from "./shared";

const failingSeconds = healthLimits.failingMinutes * secondsPerMinute;

/** Asked by the release itself; failing for three minutes in a row is the runbook's trigger (RET-090). */
const asked: Pick<
  CheckGate,
  "word" | "on" | "during" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach" | "sustainedSeconds"
> = {
  word: "checkGate",
  on: productionRehearsed,
  during: ["watch"],
  timeoutSeconds: 10,
  attempts: 1,
  everySeconds: lookEverySeconds,
  onBreach: "rollback",
  sustainedSeconds: failingSeconds,
};

/** Verification after a deployment. */
export const verification: readonly Entry[] = [
  {
    ...asked,
    name: "api-health",
    title: "Production: the API's health succeeds (api., /api/v1/health)",
    ids: ["RET-074"],
    conflicts: [15, 63],
    ...apiIsUp,
  },
  {
    ...asked,
    name: "consumer-web",
    title: "Production: the consumer web answers (www., /)",
    ids: ["RET-075"],
    conflicts: [63],
    check: { provider: "http", host: hosts.consumerWeb, method: "GET", path: paths.web, status: [200] },
    expectation: "status 200",
  },
  {
    ...asked,
    name: "admin-web",
    title: "Production: the admin web answers (admin., /)",
    ids: ["RET-076"],
    conflicts: [63],
    check: { provider: "http", host: hosts.adminWeb, method: "GET", path: paths.web, status: [200] },
    expectation: "status 200",
  },
  {
    word: "checkGate",
    name: "backend-log-errors",
    title: "The backend's last 100 lines of log are checked for errors",
    ids: ["RET-079"],
    on: production,
    during: ["watch"],
    check: {
      provider: "logs",
      query: [
        "ContainerLogV2",
        `| where PodNamespace == "${namespace}" and PodName startswith "${deployments.backend}-$candidate-"`,
        "| top 100 by TimeGenerated desc",
        '| where tostring(LogMessage) contains "error"',
      ].join("\n"),
      proofOfLogs: containerLogsOf(namespace),
      lookBackMinutes: 30,
      atMostRows: 0,
    },
    expectation: "none of the lines holds the word error; else a person reads them",
    timeoutSeconds: 60,
    attempts: 2,
    everySeconds: 300,
    onBreach: "hold",
    note: "The runbook gives no limit, and its grep ends with 1 in the good case.",
  },
  {
    word: "checkGate",
    name: "overview-dashboard",
    title: "The dashboard /d/retail-overview is monitored: it shows data in every panel",
    ids: ["RET-080"],
    on: stagingAndProduction,
    during: ["watch"],
    check: {
      provider: "dashboards",
      uids: dashboards.flatMap(({ uid }) => (uid === "retail-overview" ? [uid] : [])),
    },
    expectation: "the uid is found and no query of a panel is empty",
    timeoutSeconds: 60,
    attempts: 2,
    everySeconds: 300,
    onBreach: "hold",
  },
  {
    word: "manual",
    name: "overview-dashboard-watched",
    title: "Somebody watches the dashboard after the release",
    ids: [],
    supports: ["RET-080"],
    on: production,
    during: ["watch"],
    role: roles.onCall,
    question:
      "Do the curves of /d/retail-overview look as before the release (errors, latency, requests, health)?",
    answer: "yesNo",
    blocking: false,
    onBreach: "hold",
  },
  {
    word: "checkGate",
    name: "no-alert-fires",
    title: "No alert of the system fires while the release is watched",
    ids: [],
    supports: ["RET-080", "RET-125", "RET-126", "RET-127", "RET-128", "RET-138"],
    on: stagingAndProduction,
    during: ["watch"],
    check: { provider: "firedAlerts", severities: ["critical", "warning"] },
    expectation: "none of severity critical or warning",
    timeoutSeconds: 30,
    attempts: 2,
    everySeconds: 60,
    onBreach: "hold",
  },
];
