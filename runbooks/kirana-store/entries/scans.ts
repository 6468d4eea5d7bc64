import type { Entry } from "../../vocabulary";
import { kiranaStore } from "..";
import { limits } from "../limits";
import { hosts, hoursPerDay, production, staging } from "./shared";
import { stagingAgeHours } from "./staging";

interface Scanned {
  readonly name: string;
  readonly title: string;
  readonly ids: Entry["ids"];
  readonly tool: string;
  readonly component?: string;
  readonly note?: string;
}

/** No high and no critical finding (conflicts 10), by a scan of this very candidate. */
function scanned({ name, title, ids, tool, component, note }: Scanned): Entry {
  return {
    word: "evidence",
    name,
    title,
    ids,
    conflicts: [10],
    on: production,
    during: ["prepare"],
    predicate: "scan",
    subject: component ? "component" : "manifest",
    ...(component && { component }),
    producer: "ci",
    requires: [
      { field: "tool", operator: "equals", value: tool },
      { field: "critical", operator: "equals", value: 0 },
      { field: "high", operator: "equals", value: 0 },
    ],
    maximumAgeHours: stagingAgeHours,
    ...(note && { note }),
  };
}

/** What scanners must have found clean before production begins. */
export const scans: readonly Entry[] = [
  scanned({
    name: "code-scan-clean",
    title: "Code security scan, and staging fully validated: make security-scan passes",
    ids: ["STO-036", "STO-096"],
    tool: "make security-scan",
    note: "The runbook asks for it twice, in section 2 and again hours before the deployment: one scan of the same manifest.",
  }),
  scanned({
    name: "frontend-dependencies-clean",
    title: "Frontend dependency scan: npm audit has no high and no critical finding",
    ids: ["STO-037"],
    tool: "npm audit",
    component: kiranaStore.components.frontend.name,
  }),
  scanned({
    name: "backend-dependencies-clean",
    title: "Backend dependency scan: pip-audit has no high and no critical finding",
    ids: ["STO-038"],
    tool: "pip-audit",
    component: kiranaStore.components.backend.name,
    note: "pip check, which the runbook names, compares versions and knows no vulnerabilities.",
  }),
  scanned({
    name: "zap-baseline-clean",
    title: "OWASP ZAP baseline scan of staging's /api over HTTPS has no high and no critical finding",
    ids: ["STO-039"],
    tool: "zap-baseline.py (zaproxy/zap-stable)",
    note: "owasp/zap2docker-stable is no longer maintained; plain HTTP on port 5000 does not answer outside (conflicts 59).",
  }),
  {
    word: "checkGate",
    name: "staging-tls-versions",
    title:
      "TLS check of staging:443: nothing below TLS 1.2 is accepted, the certificate is good for two weeks",
    ids: ["STO-040"],
    on: staging,
    during: ["watch", "finish"],
    check: {
      provider: "certificate",
      hosts: [hosts.store],
      minimumDays: limits.certificateDays.value,
      minimumTls: "1.2",
    },
    expectation: "TLS 1.2 and 1.3 are answered, 1.0 and 1.1 are refused",
    timeoutSeconds: 60,
    attempts: 3,
    onBreach: "hold",
  },
  {
    word: "checkGate",
    name: "staging-tls-ciphers",
    title: "TLS check of staging:443: nmap ssl-enum-ciphers grades every cipher A",
    ids: [],
    supports: ["STO-040"],
    on: staging,
    during: ["watch", "finish"],
    check: {
      provider: "suite",
      suite: "tls-ciphers",
      run: { as: "command", argv: ["./scripts/tls-ciphers.sh"] },
      atMostFailed: 0,
      atLeastPassed: 1,
      hostVariables: { [hosts.store]: "TLS_HOST" },
    },
    expectation: "Every cipher that port 443 offers has grade A",
    timeoutSeconds: 300,
    attempts: 1,
    onBreach: "hold",
    note: "The runbook runs nmap and gives no criterion; the script writes its grades as JUnit, one case a cipher.",
  },
  {
    word: "evidence",
    name: "no-secrets-in-git",
    title: "No secrets are committed to git: the scan of the whole history finds none",
    ids: ["STO-047"],
    on: ["staging", "production"],
    during: ["prepare", "always"],
    predicate: "scan",
    subject: "commit",
    producer: "ci",
    requires: [
      { field: "tool", operator: "exists" },
      { field: "secretsFound", operator: "equals", value: 0 },
    ],
    maximumAgeHours: 7 * hoursPerDay,
    note: "Of the commit that was built; the runbook gives no age, a week.",
  },
];
