import type { Entry } from "../../vocabulary";
import { limits } from "../limits";
import { type CheckGate, hosts, production, secondsPerMinute, secret, stagingAndProduction } from "./shared";

/** Phase 4 begins with the watch. dev has neither the tests nor an API with accounts. */
const functional: Pick<
  CheckGate,
  "word" | "on" | "during" | "timeoutSeconds" | "attempts" | "everySeconds" | "onBreach"
> = {
  word: "checkGate",
  on: stagingAndProduction,
  during: ["watch"],
  timeoutSeconds: 15,
  attempts: 3,
  everySeconds: 10,
  onBreach: "hold",
};

/** Within the time of phase 4, once. */
const minutes: CheckGate["minutes"] = { from: 0, due: 15 };

const login = "login-works";
const byTestAccount = { gate: login, path: "token" };

const boundary = "switchyard-test-document";
const newLine = "\r\n";
const testDocument = [
  "%PDF-1.4",
  "1 0 obj<</Type/Catalog/Pages 2 0 R>>endobj",
  "2 0 obj<</Type/Pages/Kids[3 0 R]/Count 1>>endobj",
  "3 0 obj<</Type/Page/Parent 2 0 R/MediaBox[0 0 72 72]>>endobj",
  "trailer<</Root 1 0 R>>",
  "%%EOF",
].join("\n");

/** One part, as RFC 7578 has it. */
const uploadBody = [
  `--${boundary}`,
  'Content-Disposition: form-data; name="file"; filename="test-document.pdf"',
  "Content-Type: application/pdf",
  "",
  testDocument,
  `--${boundary}--`,
  "",
].join(newLine);

/** Phases 3.2 and 4 of the runbook: is what the users have now what it should be? */
export const functionalTests: readonly Entry[] = [
  {
    word: "target",
    name: "validation-in-fifteen-minutes",
    title: "Phase 4, post-deployment validation, takes 15 minutes",
    ids: ["CAS-059"],
    on: production,
    during: ["watch"],
    span: { from: "critical-path", to: "business-permissions" },
    atMostSeconds: 15 * secondsPerMinute,
    blocking: false,
  },
  {
    ...functional,
    name: "critical-path",
    title: "Critical path tests pass: npm run test:critical-path",
    ids: ["CAS-060"],
    minutes,
    check: {
      provider: "suite",
      suite: "critical-path",
      run: { as: "command", argv: ["npm", "run", "test:critical-path"] },
      atMostFailed: 0,
      atLeastPassed: 1,
      hostVariables: { [hosts.api]: "API_HOST", [hosts.web]: "WEB_HOST" },
    },
    expectation: "no test fails and at least one ran",
    timeoutSeconds: 10 * secondsPerMinute,
    attempts: 1,
  },
  {
    ...functional,
    name: login,
    title: "POST /auth/login of the API succeeds for the test account",
    ids: ["CAS-061"],
    conflicts: [77],
    minutes,
    check: {
      provider: "http",
      host: hosts.api,
      method: "POST",
      path: "/auth/login",
      headers: { "Content-Type": "application/json" },
      secretFields: { email: secret("test-account-email"), password: secret("test-account-password") },
      status: [200, 201],
      json: [{ path: byTestAccount.path, operator: "exists" }],
    },
    expectation: "status 200 or 201, and a bearer token in the answer",
    note: "Account and password from the vault; the runbook prints both, and its command ends well whatever the answer.",
  },
  {
    ...functional,
    name: "file-upload",
    title:
      "POST /files/upload with TEST_TOKEN takes test-document.pdf (multipart, field file), which is removed again",
    ids: ["CAS-062"],
    conflicts: [77],
    minutes,
    check: {
      provider: "http",
      host: hosts.api,
      method: "POST",
      path: "/files/upload",
      headers: { "Content-Type": `multipart/form-data; boundary=${boundary}` },
      body: uploadBody,
      tokenFrom: byTestAccount,
      status: [200, 201],
      json: [{ path: "id", operator: "exists" }],
      cleanUp: { method: "DELETE", path: "/files/{id}", idPath: "id" },
    },
    expectation: "status 200 or 201, and the file's id",
    attempts: 1,
    note: "A failed removal is reported: the runbook leaves a file in production with every release.",
  },
  {
    ...functional,
    name: "cases-response-time",
    title: `GET /cases of the API, signed in: its response time is measured, and below ${limits.p95Milliseconds.validation} ms`,
    ids: ["CAS-064"],
    minutes,
    check: {
      provider: "http",
      host: hosts.api,
      method: "GET",
      path: "/cases",
      tokenFrom: byTestAccount,
      status: [200],
      atMostMilliseconds: limits.p95Milliseconds.validation,
    },
    expectation: "status 200 in time, once in three attempts at least",
    note: "Without a token the answer is a fast 401 that hides slowness. Of all requests together: response-time.",
  },
  {
    ...functional,
    name: "lighthouse-after",
    title: `Lighthouse audits the frontend, JSON in lighthouse-prod.json, with a score of at least ${limits.lighthouseScore}`,
    ids: ["CAS-063"],
    minutes,
    check: {
      provider: "suite",
      suite: "lighthouse",
      run: {
        as: "command",
        argv: [
          "npx",
          "--no-install",
          "lighthouse",
          "https://$WEB_HOST",
          "--output",
          "json",
          "--output-path",
          "lighthouse-prod.json",
        ],
      },
      atMostFailed: 0,
      atLeastPassed: 1,
      hostVariables: { [hosts.web]: "WEB_HOST" },
      jsonReport: {
        file: "lighthouse-prod.json",
        expects: [
          { path: "categories.performance.score", operator: "atLeast", value: limits.lighthouseScore / 100 },
        ],
      },
    },
    expectation: "the score of the category performance, which Lighthouse gives from 0 to 1",
    timeoutSeconds: 5 * secondsPerMinute,
    attempts: 2,
    note: "The audit itself names no limit; that of the checklist holds.",
  },
];
