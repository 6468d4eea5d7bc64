import type { Entry } from "../../vocabulary";
import { caseManagement } from "..";
import type { secrets } from "../secrets";
import { tasks } from "../tasks";

type Word<Name extends Entry["word"]> = Extract<Entry, { word: Name }>;
export type CheckGate = Word<"checkGate">;
export type MetricGate = Word<"metricGate">;
export type Evidence = Word<"evidence">;

/** Where an entry holds. What production and staging do, dev rehearses. */
export const everywhere: Entry["on"] = ["dev", "staging", "production"];
export const production: Entry["on"] = ["production"];
export const staging: Entry["on"] = ["staging"];
/** Statements about staging alone. */
export const stagingRehearsed: Entry["on"] = ["dev", "staging"];
/** What dev cannot do: its images have no tests, its cloud no Grafana and no services of others. */
export const stagingAndProduction: Entry["on"] = ["staging", "production"];

/** Hosts by their names in the system's outputs. A preview host leads to the side that has no traffic. */
export const hosts = { api: "api", web: "web", apiPreview: "api-preview", webPreview: "web-preview" };

/** Both components of a manifest, in the order in which a release takes them. */
export const components: string[] = [...caseManagement.components.order];
export const [backend, frontend] = caseManagement.components.order;

export const secondsPerMinute = 60;
export const daysOf = (days: number) => days * 24;

/** How late a query sees what was scraped: two scrapes. */
export const scrapeDelaySeconds = 60;
/** Between two looks of a watch. */
export const lookEverySeconds = 30;

/**
 * Ages of evidence, in hours. The runbook states none. What speaks of the world around the candidate has three days, the
 * strictest of the five runbooks; what is bound to the digest of something that cannot change has longer.
 */
export const evidenceHours = {
  world: daysOf(3),
  build: daysOf(7),
  review: daysOf(30),
  month: daysOf(31),
};

/** Time zone of the windows (conflicts 6). */
export const timeZone = "America/Los_Angeles";

/** Roles of the runbook's emergency contacts, and who answers for the business. */
export const roles = {
  onCall: "on-call-engineer",
  devOpsLead: "devops-lead",
  technicalLead: "technical-lead",
  productManager: "product-manager",
  engineeringDirector: "engineering-director",
  cto: "cto",
  supportLead: "support-lead",
};

type SecretName = (typeof secrets)[number]["name"];
type TaskName = (typeof tasks)[number]["name"];

/** Name of a secret of the vault. */
export const secret = (name: SecretName): string => name;

/** A suspended CronJob from which the release makes a Job, and the time after which that is given up. */
export function task(name: TaskName): { readonly task: string; readonly timeoutSeconds: number } {
  const found = tasks.find((each) => each.name === name);
  if (!found) throw new Error(`no task ${name}`);
  return { task: name, timeoutSeconds: found.deadlineMinutes * secondsPerMinute };
}

/** Secrets with the addresses of the channels. */
export const channels = {
  pagerDuty: secret("pagerduty-integration-key"),
  n8n: secret("n8n-webhook"),
  /** #critical-alerts. */
  slack: secret("slack-webhook"),
};

/** Settings with the addresses of those who are written to. */
export const mailSettings = {
  stakeholders: "case-management:stakeholderEmails",
  alerts: "case-management:alertEmails",
};
