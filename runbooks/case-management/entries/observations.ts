import { containerLogsOf } from "../../cluster-metrics";
import type { Entry } from "../../vocabulary";
import { caseManagement } from "..";
import {
  backend,
  type CheckGate,
  frontend,
  production,
  roles,
  secondsPerMinute,
  stagingAndProduction,
} from "./shared";

const { dashboards, namespace } = caseManagement;

function lastLines(component: string): string {
  return [
    "ContainerLogV2",
    `| where PodNamespace == "${namespace.name}" and PodName startswith "${component}-$candidate-"`,
    "| top 100 by TimeGenerated desc",
    '| where tostring(LogMessage) contains "error"',
  ].join("\n");
}

/** Read in Log Analytics and Grafana, which dev has not. */
const looked: Pick<
  CheckGate,
  "word" | "on" | "during" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach"
> = {
  word: "checkGate",
  on: stagingAndProduction,
  during: ["switch", "watch"],
  timeoutSeconds: secondsPerMinute,
  attempts: 2,
  everySeconds: 5 * secondsPerMinute,
  onBreach: "hold",
};

/** What is looked at while traffic moves. */
export const observations: readonly Entry[] = [
  {
    ...looked,
    name: "backend-log",
    title: "Application logs: the last 100 lines of the backend hold no error",
    ids: ["CAS-057"],
    check: {
      provider: "logs",
      query: lastLines(backend),
      lookBackMinutes: 30,
      atMostRows: 0,
      proofOfLogs: containerLogsOf(namespace.name),
    },
    expectation: "none of the lines holds the word error; else a person reads them",
    note: "The runbook gives no criterion.",
  },
  {
    ...looked,
    name: "frontend-log",
    title: "Application logs: the last 100 lines of the frontend hold no error",
    ids: [],
    supports: ["CAS-057"],
    check: {
      provider: "logs",
      query: lastLines(frontend),
      lookBackMinutes: 30,
      atMostRows: 0,
      proofOfLogs: containerLogsOf(namespace.name),
    },
    expectation: "none of the lines holds the word error; else a person reads them",
  },
  {
    ...looked,
    name: "error-dashboard",
    title: "Error rates are monitored on the Grafana dashboard: it shows data in every panel",
    ids: ["CAS-058"],
    check: { provider: "dashboards", uids: dashboards.map(({ uid }) => uid) },
    expectation: "the uid is found and no query of a panel is empty",
    note: "The runbook names no dashboard: /d/case-management is this contract's.",
  },
  {
    word: "manual",
    name: "error-dashboard-watched",
    title: "Somebody looks at the error panels of /d/case-management while traffic moves",
    ids: [],
    supports: ["CAS-058"],
    on: production,
    during: ["watch"],
    role: roles.onCall,
    question: "Do errors, response time and requests on /d/case-management look as before the switch?",
    answer: "yesNo",
    expects: { operator: "equals", value: true },
    blocking: false,
    onBreach: "hold",
  },
];

function tried(name: string, ids: Entry["ids"], what: string, question: string, note?: string): Entry {
  return {
    word: "manual",
    name: `business-${name}`,
    title: `Business validation: ${what}`,
    ids,
    on: production,
    during: ["watch"],
    role: roles.productManager,
    question,
    answer: "yesNo",
    expects: { operator: "equals", value: true },
    blocking: true,
    onBreach: "hold",
    ...(note && { note }),
  };
}

/** Phase 4.3 of the runbook: tried by hand, by the criteria that were defined before (CAS-019). */
export const businessValidation: readonly Entry[] = [
  tried("login", ["CAS-069"], "login works", "Can a user sign in and out?"),
  tried(
    "cases",
    ["CAS-070"],
    "case creation and assignment work",
    "Can a case be created, and assigned to somebody who then sees it?",
  ),
  tried(
    "files",
    ["CAS-071"],
    "file upload and download work",
    "Can a file be uploaded to a case and downloaded again, unchanged?",
  ),
  tried(
    "mail",
    ["CAS-072"],
    "email notifications are sent",
    "Did the mail of a notification arrive in a mailbox that you looked into?",
  ),
  tried(
    "reports",
    ["CAS-073"],
    "reports generate correctly",
    "Is a report generated, and are its figures right?",
  ),
  tried(
    "permissions",
    ["CAS-074"],
    "user permissions are enforced",
    "Is a user without the right refused what he may not see or do?",
  ),
];
