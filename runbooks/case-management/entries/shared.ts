import { daysOf, evidenceAges, secondsPerMinute } from "../../entry-basics";
import { caseManagement } from "..";
import type { secrets } from "../secrets";
import { tasks } from "../tasks";

export * from "../../entry-basics";

/** Hosts by their names in the system's outputs. A preview host leads to the side that has no traffic. */
export const hosts = { api: "api", web: "web", apiPreview: "api-preview", webPreview: "web-preview" };

/** Both components of a manifest, in the order in which a release takes them. */
export const components: string[] = [...caseManagement.components.order];
export const [backend, frontend] = caseManagement.components.order;

/** Ages of evidence, in hours: those of every contract, and one of this runbook's own evidence. */
export const evidenceHours = { ...evidenceAges, month: daysOf(31) };

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
