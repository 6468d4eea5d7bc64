import type { Entry } from "../../vocabulary";
import { caseManagement } from "..";
import {
  type CheckGate,
  everywhere,
  hosts,
  lookEverySeconds,
  secondsPerMinute,
  staging,
  stagingAndProduction,
  stagingRehearsed,
} from "./shared";

const { components, stagingHealth } = caseManagement;

function answers(host: string, path: string): Pick<CheckGate, "check"> {
  return { check: { provider: "http", host, method: "GET", path, status: [200] } };
}

/** Before the switch: nothing was moved yet. */
const before: Pick<
  CheckGate,
  "word" | "on" | "during" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach"
> = {
  word: "checkGate",
  on: everywhere,
  during: ["smoke"],
  timeoutSeconds: 10,
  attempts: 5,
  everySeconds: 5,
  onBreach: "refuse",
};

/** The side that is about to get the traffic, by its preview hosts. */
export const smokeTests: readonly Entry[] = [
  {
    ...before,
    name: "smoke-tests-in-staging",
    title: "Staging: smoke tests run against the candidate before it has traffic (npm run test:smoke)",
    ids: ["CAS-046"],
    on: staging,
    check: {
      provider: "suite",
      suite: "smoke",
      run: { as: "command", argv: ["npm", "run", "test:smoke"] },
      atMostFailed: 0,
      atLeastPassed: 1,
      hostVariables: { [hosts.apiPreview]: "API_HOST", [hosts.webPreview]: "WEB_HOST" },
    },
    expectation: "no test fails and at least one ran",
    timeoutSeconds: 10 * secondsPerMinute,
    attempts: 1,
    note: "Health checks beside it: api-health-on-preview, web-health-on-preview. Production wants this release finished (staging-first).",
  },
  {
    ...before,
    name: "api-health-on-preview",
    title: "Before the switch the candidate's API is healthy and says the candidate's version",
    ids: [],
    supports: ["CAS-053", "CAS-046", "CAS-054"],
    conflicts: [15],
    check: {
      provider: "http",
      host: hosts.apiPreview,
      method: "GET",
      path: components.backend.healthPath,
      status: [200],
      version: { of: "candidate", path: "version" },
    },
    expectation: "status 200, and the field version is the candidate's",
  },
  {
    ...before,
    name: "web-health-on-preview",
    title: "Before the switch the candidate's frontend is healthy",
    ids: [],
    supports: ["CAS-053", "CAS-046", "CAS-055"],
    ...answers(hosts.webPreview, components.frontend.healthPath),
    expectation: "status 200",
  },
  {
    ...before,
    name: "critical-path-on-preview",
    title: "Before the switch the critical path is tried on the candidate",
    ids: [],
    supports: ["CAS-060"],
    on: stagingAndProduction,
    check: {
      provider: "suite",
      suite: "critical-path",
      run: { as: "command", argv: ["npm", "run", "test:critical-path"] },
      atMostFailed: 0,
      atLeastPassed: 1,
      hostVariables: { [hosts.apiPreview]: "API_HOST", [hosts.webPreview]: "WEB_HOST" },
    },
    expectation: "no test fails and at least one ran",
    timeoutSeconds: 10 * secondsPerMinute,
    attempts: 1,
    note: "The runbook runs it only once users have the version; here it stops what is broken before.",
  },
];

/** Right after the switch: a failure takes the traffic back. */
const after: Pick<
  CheckGate,
  "word" | "on" | "during" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach"
> = {
  ...before,
  during: ["switch"],
  onBreach: "rollback",
};

/** What must answer at the public hosts once the traffic has moved. */
export const afterSwitch: readonly Entry[] = [
  {
    ...after,
    name: "api-health-after-switch",
    title: "GET /health of the API (api. below the domain) succeeds for the new version",
    ids: ["CAS-054"],
    conflicts: [15, 21],
    ...answers(hosts.api, components.backend.healthPath),
    expectation: "status 200",
    note: "That it is the candidate who answers is proven by version-after-switch.",
  },
  {
    ...after,
    name: "web-health-after-switch",
    title: "GET /api/health of the frontend (the domain itself) succeeds for the new version",
    ids: ["CAS-055"],
    conflicts: [15, 21],
    ...answers(hosts.web, components.frontend.healthPath),
    expectation: "status 200",
  },
  {
    ...after,
    name: "version-after-switch",
    title: "The public API says the candidate's version",
    ids: [],
    supports: ["CAS-054"],
    conflicts: [15],
    during: ["switch", "watch"],
    check: {
      provider: "http",
      host: hosts.api,
      method: "GET",
      path: components.backend.healthPath,
      status: [200],
      version: { of: "candidate", path: "version" },
    },
    expectation: "the field version is the candidate's",
    everySeconds: lookEverySeconds,
    note: "The runbook asks for the status only, which an old pod gives as well.",
  },
  {
    ...after,
    name: "candidate-selected",
    title: "Both active Services lead to the candidate's pods, of the declared digest",
    ids: [],
    supports: ["CAS-054", "CAS-055"],
    conflicts: [15],
    check: { provider: "release", expects: "candidateServed" },
    expectation:
      "read back from the cluster: the selectors name the candidate's colour, whose pods have its digest",
  },
  {
    ...after,
    name: "staging-health",
    title:
      "Staging: GET /health of the web host (staging. below the domain) succeeds, before production is approved",
    ids: ["CAS-048"],
    conflicts: [21, 22],
    on: stagingRehearsed,
    during: ["switch", "watch"],
    ...answers(hosts.web, stagingHealth.path),
    expectation: "status 200 from the backend, to which the path is routed",
    everySeconds: lookEverySeconds,
    note: "A staging release that fails it does not finish, and without a finished one production is not approved.",
  },
];
