import type { Entry } from "../../vocabulary";
import { kiranaStore } from "..";
import { limits } from "../limits";
import { everywhere, hosts, hoursPerDay, production } from "./shared";
import { stagingAgeHours } from "./staging";

interface Tested {
  readonly suite: string;
  readonly title: string;
  readonly id: Entry["ids"][number];
  readonly note?: string;
  /** Tests that must have passed at least. @default 1 */
  readonly passed?: number;
}

/** A suite that attacks the candidate in staging; every test must have held. */
function tested({ suite, title, id, note, passed = 1 }: Tested): Entry {
  return {
    word: "evidence",
    name: `security-${suite}`,
    title,
    ids: [id],
    on: production,
    during: ["prepare"],
    predicate: "test-run",
    subject: "manifest",
    producer: "ci",
    requires: [
      { field: "suite", operator: "equals", value: `security-${suite}` },
      { field: "passed", operator: "atLeast", value: passed },
      { field: "failed", operator: "equals", value: 0 },
    ],
    maximumAgeHours: stagingAgeHours,
    ...(note && { note }),
  };
}

/** How long keys of the payment gateway and the mailbox may be the same. */
const rotationDays = 90;

/** What is proved of the application itself before production begins. */
export const applicationSecurity: readonly Entry[] = [
  tested({
    suite: "injection",
    title: "No SQL injection, and no NoSQL injection: the store's database is MongoDB",
    id: "STO-014",
    note: "At least two tests: a statement of SQL and an operator of MongoDB in every input.",
    passed: 2,
  }),
  tested({ suite: "cross-site-scripting", title: "No cross-site scripting issues", id: "STO-015" }),
  tested({
    suite: "authentication-bypass",
    title: "No way around the log-in",
    id: "STO-016",
  }),
  tested({
    suite: "forged-requests",
    title: "CSRF protection is on: a request that another site forged is refused",
    id: "STO-019",
  }),
  tested({
    suite: "token-signature",
    title: "JWT tokens are properly signed: unsigned, re-signed and expired tokens are refused",
    id: "STO-041",
  }),
  tested({
    suite: "session-management",
    title:
      "Session management is secure: sessions end, are renewed at log-in, and their cookies are Secure and HttpOnly",
    id: "STO-042",
  }),
  tested({
    suite: "bcrypt-at-least-10-rounds",
    title: "Passwords are hashed with bcrypt, 10 or more rounds",
    id: "STO-043",
  }),
  tested({
    suite: "admin-two-factor",
    title: "Two-factor authentication is enforced for admin users",
    id: "STO-044",
  }),
  tested({
    suite: "input-validation",
    title: "Input is validated on all endpoints",
    id: "STO-053",
  }),
  tested({ suite: "output-encoding", title: "Output is encoded", id: "STO-054" }),
  tested({
    suite: "error-messages",
    title: "Error messages expose no internals: no stack, query, path or version",
    id: "STO-055",
  }),
  {
    word: "evidence",
    name: "api-keys-rotated",
    title: "API keys are rotated and secured: payment gateway, its webhook, sandbox, mailbox",
    ids: ["STO-045"],
    on: production,
    during: ["prepare", "always"],
    predicate: "readiness",
    subject: "system",
    producer: "person",
    signedBy: ["devops-lead", "deployment-lead"],
    requires: [
      {
        field: "statement",
        operator: "equals",
        value: "The API keys of kirana-store were rotated and stand in the vault alone",
      },
    ],
    maximumAgeHours: rotationDays * hoursPerDay,
    note: "The runbook gives no interval: a quarter. That the keys come from the vault is a rule of every preview.",
  },
  {
    word: "checkGate",
    name: "api-keys-in-vault",
    title: "The API keys exist in the vault, are enabled and do not expire within two weeks",
    ids: [],
    supports: ["STO-045"],
    on: production,
    during: ["prepare"],
    check: {
      provider: "vault",
      secrets: ["payment-api-key", "payment-webhook-secret", "payment-sandbox-key", "mail-password"],
      minimumDays: limits.certificateDays.value,
    },
    expectation: "Each of the four has an enabled version that does not expire within 14 days",
    timeoutSeconds: 30,
    attempts: 3,
    onBreach: "refuse",
  },
  {
    word: "checkGate",
    name: "rate-limit-active",
    title:
      "API rate limiting is active: the firewall in front of the store enforces its limit as Azure reports it",
    ids: ["STO-018"],
    conflicts: [55],
    on: everywhere,
    during: ["prepare", "always"],
    check: {
      provider: "azureResource",
      resource: "edgeFirewall",
      expects: [
        { path: "properties.policySettings.enabledState", operator: "equals", value: "Enabled" },
        { path: "properties.policySettings.mode", operator: "equals", value: "Prevention" },
        // The last of the custom rules, behind blocked paths and admin paths: the first that decides ends the evaluation.
        { path: "properties.customRules.rules.2.ruleType", operator: "equals", value: "RateLimitRule" },
        { path: "properties.customRules.rules.2.enabledState", operator: "equals", value: "Enabled" },
        { path: "properties.customRules.rules.2.action", operator: "equals", value: "Block" },
        {
          path: "properties.customRules.rules.2.rateLimitDurationInMinutes",
          operator: "equals",
          value: 1,
        },
        {
          path: "properties.customRules.rules.2.rateLimitThreshold",
          operator: "atMost",
          value: kiranaStore.edge.requestsPerMinutePerAddress,
        },
      ],
    },
    expectation: "The firewall is on, blocks, and refuses an address after 100 requests a minute",
    timeoutSeconds: 30,
    attempts: 3,
    everySeconds: 3600,
    onBreach: "refuse",
  },
  {
    word: "checkGate",
    name: "security-headers-sent",
    title: "Security headers are sent with every answer: HSTS, CSP and others",
    ids: ["STO-060"],
    on: everywhere,
    during: ["smoke", "watch", "always"],
    check: {
      provider: "http",
      host: hosts.store,
      method: "GET",
      path: kiranaStore.components.frontend.healthPath,
      status: [200],
      responseHeaders: [
        { path: "Strict-Transport-Security", operator: "matches", value: "max-age=\\d{8,}" },
        {
          path: "Content-Security-Policy",
          operator: "equals",
          value: kiranaStore.edge.headers.contentSecurityPolicy,
        },
        { path: "X-Content-Type-Options", operator: "equals", value: "nosniff" },
        { path: "X-Frame-Options", operator: "matches", value: "^(DENY|SAMEORIGIN)$" },
        { path: "Referrer-Policy", operator: "exists" },
        {
          path: "Permissions-Policy",
          operator: "equals",
          value: kiranaStore.edge.headers.permissionsPolicy,
        },
      ],
    },
    expectation: "The home page answers 200 with the six headers",
    timeoutSeconds: 10,
    attempts: 3,
    everySeconds: 300,
    onBreach: "hold",
    note: "That every route of the edge sets them is the rule edge-security-headers; this gate sees what a browser sees.",
  },
];
