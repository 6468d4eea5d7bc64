import { containerLogsOf } from "../../cluster-metrics";
import type { Entry } from "../../vocabulary";
import { backend, frontend, namespace } from "../names";
import { everywhere, secondsPerMinute, stagingAndProduction } from "./shared";

/** What the runbook calls by name: chapter 13. */
export const commands: readonly Entry[] = [
  {
    word: "checkGate",
    name: "make-targets-exist",
    title: "Commands make test, make security-scan and make build exist",
    ids: ["STO-243"],
    on: stagingAndProduction,
    during: ["prepare"],
    check: {
      provider: "repository",
      expects: [
        { path: "makefile.targets", operator: "contains", value: "test" },
        { path: "makefile.targets", operator: "contains", value: "security-scan" },
        { path: "makefile.targets", operator: "contains", value: "build" },
      ],
    },
    expectation: "the Makefile of the commit that was built has the three targets",
    timeoutSeconds: secondsPerMinute,
    attempts: 3,
    onBreach: "refuse",
    note: "The Makefile is not supplied with the runbook. That each of them ran and passed is evidence of its own.",
  },
  {
    word: "superseded",
    name: "compose-files",
    title: "docker-compose.prod.yml and docker-compose.prod.green.yml define the two environments",
    ids: ["STO-244"],
    conflicts: [5, 19, 59],
    on: everywhere,
    during: ["always"],
    by: ["rule:side-whole", "rule:track-for-each-switch", "deploy-green"],
    reason:
      "Both colours are declared by the stack from one description; two files for one host would drift apart, and their roles alternate.",
    owner: "architecture: who owns what; conflicts 19",
  },
  {
    word: "superseded",
    name: "ramp-script",
    title: "./scripts/ramp-traffic.sh performs the gradual cutover",
    ids: ["STO-245"],
    conflicts: [4, 48],
    on: everywhere,
    during: ["ramp"],
    by: ["ramp-traffic"],
    reason:
      "The script is not supplied; a step of the release moves the weights, journals each and asks the gates between.",
    owner: "architecture: who owns what",
  },
  {
    word: "checkGate",
    name: "logs-followed",
    title: "Logs of backend and frontend are followed while traffic moves",
    ids: ["STO-246"],
    conflicts: [59],
    on: stagingAndProduction,
    during: ["ramp", "watch"],
    check: {
      provider: "logs",
      query: [
        "ContainerLogV2",
        `| where PodNamespace == "${namespace}"`,
        `| where ContainerName in ("${backend}", "${frontend}")`,
        '| where LogLevel in ("error", "critical")',
        "| project TimeGenerated, PodName, ContainerName, LogMessage",
      ].join("\n"),
      proofOfLogs: containerLogsOf(namespace),
      lookBackMinutes: 5,
      atMostRows: 0,
    },
    expectation:
      "no line of backend or frontend at level error or critical in the last 5 minutes; each is shown",
    timeoutSeconds: 30,
    attempts: 2,
    everySeconds: 5 * secondsPerMinute,
    onBreach: "report",
    note: "Shown, not judged: the runbook follows logs and gives no limit. Grafana is not localhost:3000/grafana, a port that the frontend has too, but the environment's own.",
  },
  {
    word: "superseded",
    name: "rollback-script",
    title: "./scripts/rollback.sh performs an automatic rollback",
    ids: ["STO-247"],
    conflicts: [17],
    on: everywhere,
    during: ["rollback"],
    by: [
      "rollback-traffic-back",
      "rollback-error-rate",
      "rollback-api-latency",
      "rollback-database-replication",
    ],
    reason:
      "The script is not supplied; the release rolls back by itself when a trigger holds, and for a person who gives a reason.",
    owner: "architecture: who owns what",
  },
  {
    word: "checkGate",
    name: "rollback-possible",
    title: "Complete rollback capability: the former side is kept, ready for all the traffic",
    ids: [],
    supports: ["STO-247", "STO-254"],
    conflicts: [16, 54],
    on: everywhere,
    during: ["ramp", "watch"],
    check: { provider: "release", expects: "previousVersionKept" },
    expectation: "the former side's pods are there at their digests and its minimum of pods",
    timeoutSeconds: 30,
    attempts: 3,
    everySeconds: 5 * secondsPerMinute,
    onBreach: "hold",
  },
];
