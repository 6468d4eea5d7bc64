import type { Entry } from "../../vocabulary";
import { components, deployments, namespace } from "../components";
import {
  certificateDays,
  cpuRatio,
  memoryRatio,
  mongoPoolRatio,
  postgresPoolRatio,
  restarts,
} from "../expressions";
import { gatewayNamespace, incidentReplicas } from "../limits";
import { everywhere, roles } from "./shared";

const { backend } = deployments;
const ofBackend = `PodNamespace == "${namespace}" and PodName startswith "${backend}-"`;

function logLines(...clauses: readonly string[]): string {
  return ["ContainerLogV2", `| where ${ofBackend}`, ...clauses].join("\n");
}

/** A scaled side falls back to what the stack declares unless the follow-up changes that. */
const scaledForMinutes = 120;

const pods = [
  { title: "CPU of the pods, as share of their limit", source: "prometheus", query: cpuRatio },
  { title: "Memory of the pods, as share of their limit", source: "prometheus", query: memoryRatio },
] satisfies { title: string; source: "prometheus"; query: string }[];

/** The runbook's section on common issues: questions that change nothing, then what somebody may confirm. */
export const incidents: readonly Entry[] = [
  {
    word: "playbook",
    name: "pods-crash",
    title: "Pods crash again and again (CrashLoopBackOff)",
    ids: ["RET-101"],
    on: everywhere,
    during: ["incident"],
    symptom: "crash-loop",
    condition: "A pod waits with the reason CrashLoopBackOff",
    diagnostics: [
      { title: "Events of the pod", source: "kubernetes", query: `events of pods of namespace ${namespace}` },
      {
        title: "Log of the container that ended before",
        source: "kubernetes",
        query: `previous log of pods of namespace ${namespace}`,
      },
      { title: "Restarts of the last hour", source: "prometheus", query: restarts },
      {
        title: "Missing variables or secrets: containers that wait, and why",
        source: "kubernetes",
        query: `container states of pods of namespace ${namespace}`,
      },
      {
        title: "Out of memory: containers that ended with OOMKilled, beside the share of memory in use",
        source: "prometheus",
        query: memoryRatio,
      },
      {
        title: "Database connections that failed, and other errors at start",
        source: "logAnalytics",
        query: logLines(
          '| where tostring(LogMessage) has_any ("connect", "Connection", "APPLICATION FAILED TO START")',
          "| top 100 by TimeGenerated desc",
        ),
      },
    ],
    offers: [],
    note: "Causes that the runbook names: missing variables, database connections, memory, errors at start. It offers no action.",
  },
  {
    word: "playbook",
    name: "high-error-rate",
    title: "Many requests fail",
    ids: ["RET-102", "RET-103"],
    on: everywhere,
    during: ["incident"],
    symptom: "error-rate",
    condition: "The alert HighErrorRate or ErrorRateWarning fires",
    diagnostics: [
      {
        title: "Errors in the backend's last 500 lines of log",
        source: "logAnalytics",
        query: logLines("| top 500 by TimeGenerated desc", '| where tostring(LogMessage) contains "error"'),
      },
      { title: "Recent releases", source: "release", query: "history" },
      ...pods,
    ],
    offers: [
      {
        title: "Scale the backend's live side to 5 pods, if it needs them",
        does: { action: "scale", components: [backend], side: "live", to: incidentReplicas.errorRate },
        confirmedBy: roles.onCall,
        expiresMinutes: scaledForMinutes,
      },
      {
        title: "Keep more pods for good",
        change:
          "Raise the backend's fewest pods in its contract; the stack's autoscaler takes them from there",
        confirmedBy: roles.platformLead,
      },
    ],
    note: "Never below what runs: the autoscaler may have more pods than 5 already, and then nothing is done.",
  },
  {
    word: "playbook",
    name: "database-connections",
    title: "The backend cannot reach a database",
    ids: ["RET-104"],
    conflicts: [66, 67],
    on: everywhere,
    during: ["incident"],
    symptom: "database-connection",
    condition: "A dependency of the backend's health is down, or the alerts on connections fire",
    diagnostics: [
      { title: "MongoDB answers", source: "inNetwork", query: "mongo: db.stats()" },
      { title: "Redis answers", source: "inNetwork", query: "redis: PING" },
      {
        title: "What the log says of the connection pool",
        source: "logAnalytics",
        query: logLines(
          '| where tostring(LogMessage) contains "connection pool"',
          "| top 100 by TimeGenerated desc",
        ),
      },
      { title: "Connections to MongoDB in use", source: "prometheus", query: mongoPoolRatio },
      { title: "Connections to PostgreSQL in use", source: "prometheus", query: postgresPoolRatio },
    ],
    offers: [],
    note: "Asked by a job with the tools in it: the backend's image has neither mongosh nor redis-cli.",
  },
  {
    word: "playbook",
    name: "high-latency",
    title: "Answers are slow",
    ids: ["RET-105", "RET-106"],
    conflicts: [67],
    on: everywhere,
    during: ["incident"],
    symptom: "latency",
    condition: "The alert HighLatency or LatencyWarning fires",
    diagnostics: [
      ...pods,
      {
        title: "Operations of MongoDB that have run for 5 seconds or longer",
        source: "inNetwork",
        query: "mongo: db.currentOp({ secs_running: { $gte: 5 } })",
      },
      { title: "Latency of Redis", source: "inNetwork", query: "redis: INFO latencystats" },
    ],
    offers: [
      {
        title: "Scale the backend's live side to 10 pods, if it needs them",
        does: { action: "scale", components: [backend], side: "live", to: incidentReplicas.latency },
        confirmedBy: roles.onCall,
        expiresMinutes: scaledForMinutes,
      },
      {
        title: "Let the backend grow further by itself",
        change: "Raise the backend's most pods in its contract, and the quota with them",
        confirmedBy: roles.platformLead,
      },
    ],
    note: `In production the autoscaler itself goes up to ${components.backend.mostReplicas.production}.`,
  },
  {
    word: "playbook",
    name: "certificate-renewal",
    title: "A certificate is about to expire, or has",
    ids: ["RET-108"],
    on: everywhere,
    during: ["incident"],
    symptom: "certificate",
    condition: "The alert CertificateExpiry fires, or a host's certificate is refused",
    diagnostics: [
      { title: "Days until the first certificate expires", source: "prometheus", query: certificateDays },
      {
        title: "Certificates of the gateway: condition, last renewal, last failure",
        source: "kubernetes",
        query: `certificates of namespace ${gatewayNamespace}`,
      },
    ],
    offers: [
      {
        title: "Renew the gateway's certificate",
        change:
          "cmctl renew gateway, in the gateway's namespace; for a host of the edge, validate its domain again",
        confirmedBy: roles.platformLead,
      },
    ],
    note: "Never by deleting the Certificate: it is recreated only for an annotated ingress, and the old secret is used again.",
  },
];
