import type { Entry } from "../../vocabulary";
import { components, dependencyPaths, deployments, paths } from "../components";
import { type CheckGate, everywhere, hosts, lookEverySeconds, production, stagingRehearsed } from "./shared";

const { status } = components.backend.expectedHealth;
const isUp: Comparison[] = [{ path: "status", operator: "equals", value: status }];

type Comparison = NonNullable<Extract<CheckGate["check"], { provider: "http" }>["json"]>[number];

/** Before the switch: nothing was moved yet. */
const before: Pick<CheckGate, "word" | "on" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach"> = {
  word: "checkGate",
  on: everywhere,
  timeoutSeconds: 10,
  attempts: 5,
  everySeconds: 5,
  onBreach: "refuse",
};

/** Right after the switch: a failure takes the traffic back. */
const after: Pick<CheckGate, "word" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach"> = {
  word: "checkGate",
  timeoutSeconds: 10,
  attempts: 5,
  everySeconds: 5,
  onBreach: "rollback",
};

function answers(host: string, path: string): Pick<CheckGate, "check"> {
  return { check: { provider: "http", host, method: "GET", path, status: [200] } };
}

function isHealthy(host: string): Pick<CheckGate, "check"> {
  return { check: { provider: "http", host, method: "GET", path: paths.health, status: [200], json: isUp } };
}

const healthy = `status 200 and {"status":"${status}"}`;

/** What must answer on the side that is about to get the traffic. */
export const smokeTests: readonly Entry[] = [
  {
    ...before,
    name: "smoke-suite",
    title: "./scripts/smoke-tests.sh passes against the idle colour",
    ids: ["RET-068"],
    on: production,
    during: ["smoke"],
    check: {
      provider: "suite",
      suite: "smoke-tests",
      run: { as: "command", argv: ["./scripts/smoke-tests.sh", "$candidate"] },
      atMostFailed: 0,
      atLeastPassed: 1,
      hostVariables: {
        [hosts.apiPreview]: "BACKEND_URL",
        [hosts.consumerWebPreview]: "CONSUMER_URL",
        [hosts.adminWebPreview]: "ADMIN_URL",
      },
    },
    expectation: "no test fails and at least one ran; the colour is the argument",
    timeoutSeconds: 600,
    attempts: 1,
    note: "The runbook's argument is green; the script is the system's and is not supplied, so dev has the probes beside it only.",
  },
  {
    ...before,
    name: "candidate-on-preview",
    title: "The backend of the idle colour is healthy and of the candidate's version",
    ids: [],
    supports: ["RET-068", "RET-067"],
    conflicts: [15],
    during: ["smoke"],
    check: {
      provider: "http",
      host: hosts.apiPreview,
      method: "GET",
      path: paths.version,
      status: [200],
      version: { of: "candidate", path: "version" },
    },
    expectation: "the answer names the candidate's version",
  },
  {
    ...before,
    name: "consumer-web-on-preview",
    title: "The consumer web of the idle colour answers",
    ids: [],
    supports: ["RET-068"],
    during: ["smoke"],
    ...answers(hosts.consumerWebPreview, paths.web),
    expectation: "status 200",
  },
  {
    ...before,
    name: "admin-web-on-preview",
    title: "The admin web of the idle colour answers",
    ids: [],
    supports: ["RET-068"],
    during: ["smoke"],
    ...answers(hosts.adminWebPreview, paths.web),
    expectation: "status 200",
  },
];

function dependency(
  name: keyof typeof dependencyPaths,
  title: string,
  owner: Pick<Entry, "ids" | "supports" | "conflicts">,
): Entry {
  return {
    ...before,
    ...owner,
    name: `dependency-${name}`,
    title,
    during: ["smoke", "watch"],
    check: {
      provider: "inNetwork",
      target: "pod",
      question: inBackendPod(dependencyPaths[name]),
      expects: isUp,
    },
    expectation: `{"status":"${status}"} from a pod of the candidate's colour`,
    everySeconds: lookEverySeconds,
    onBreach: "hold",
  };
}

/** A path that a pod of the candidate's backend is asked for, inside the cluster. */
function inBackendPod(path: string): string {
  return `${deployments.backend}-$candidate:${components.backend.port}${path}`;
}

/** Stores as the backend's own pods see them. */
export const dependencies: readonly Entry[] = [
  dependency("mongo", "MongoDB is healthy as the backend's pods see it", { ids: ["RET-098"] }),
  dependency("redis", "Redis is healthy as the backend's pods see it", { ids: ["RET-099"] }),
  dependency("elasticsearch", "Elasticsearch is healthy as the backend's pods see it", {
    ids: ["RET-100"],
    conflicts: [19],
  }),
  dependency("postgres", "PostgreSQL is healthy as the backend's pods see it", {
    ids: [],
    supports: ["RET-018"],
    conflicts: [66],
  }),
];

/** What must answer at the public hosts once the traffic has moved. */
export const afterSwitch: readonly Entry[] = [
  {
    ...after,
    name: "staging-api-health",
    title: "Staging: the API's health succeeds (staging-api., /api/v1/health)",
    ids: ["RET-062"],
    conflicts: [15, 65],
    on: stagingRehearsed,
    during: ["switch"],
    ...isHealthy(hosts.api),
    expectation: healthy,
  },
  {
    ...after,
    name: "staging-consumer-web",
    title: "Staging: the consumer web answers (staging., /)",
    ids: ["RET-063"],
    conflicts: [65],
    on: stagingRehearsed,
    during: ["switch"],
    ...answers(hosts.consumerWeb, paths.web),
    expectation: "status 200",
  },
  {
    ...after,
    name: "staging-admin-web",
    title: "Staging: the admin web answers (admin.staging., /)",
    ids: ["RET-064"],
    conflicts: [65],
    on: stagingRehearsed,
    during: ["switch"],
    ...answers(hosts.adminWeb, paths.web),
    expectation: "status 200",
  },
  {
    ...after,
    name: "api-health-after-switch",
    title: "Production: the API's health succeeds right after the switch (api., /api/v1/health)",
    ids: ["RET-070"],
    conflicts: [15],
    on: production,
    during: ["switch"],
    ...isHealthy(hosts.api),
    expectation: healthy,
    note: "That it is the candidate who answers is proven by the version (RET-078).",
  },
  {
    ...after,
    name: "version-after-switch",
    title: "GET /api/v1/version returns the deployed version",
    ids: ["RET-078"],
    conflicts: [15],
    on: everywhere,
    during: ["switch", "watch"],
    check: {
      provider: "http",
      host: hosts.api,
      method: "GET",
      path: paths.version,
      status: [200],
      version: { of: "candidate", path: "version" },
    },
    expectation: "the field version is the candidate's",
    everySeconds: lookEverySeconds,
    note: "The runbook does not give the answer's form.",
  },
];
