import type { Entry } from "../../vocabulary";
import { components, deployments } from "../components";

type Word<Name extends Entry["word"]> = Extract<Entry, { word: Name }>;
export type CheckGate = Word<"checkGate">;
export type MetricGate = Word<"metricGate">;
export type Evidence = Word<"evidence">;

/** Where an entry holds. What production and staging do, dev rehearses. */
export const everywhere: Entry["on"] = ["dev", "staging", "production"];
export const production: Entry["on"] = ["production"];
export const staging: Entry["on"] = ["staging"];
export const stagingAndProduction: Entry["on"] = ["staging", "production"];
/** Statements about staging alone. */
export const stagingRehearsed: Entry["on"] = ["dev", "staging"];
/** Statements about production alone; the hosts of dev follow production's. */
export const productionRehearsed: Entry["on"] = ["dev", "production"];

/** Hosts by their names in the system's outputs. A preview host leads to the side that has no traffic. */
export const hosts = {
  api: "api",
  consumerWeb: "consumer-web",
  adminWeb: "admin-web",
  apiPreview: "api-preview",
  consumerWebPreview: "consumer-web-preview",
  adminWebPreview: "admin-web-preview",
};

/** Every component of a manifest, in the order in which a release takes them. */
export const allComponents: string[] = [...components.order];
export const webApps: string[] = [deployments.consumerWeb, deployments.adminWeb];

export const secondsPerMinute = 60;
export const daysOf = (days: number) => days * 24;

/** How late a query sees what was scraped: two scrapes. */
export const scrapeDelaySeconds = 60;
/** Between two looks of a watch. */
export const lookEverySeconds = 30;

/**
 * Ages of evidence, in hours. The runbook states none. What speaks of the world around the candidate has three days,
 * the strictest of the five runbooks; what is bound to the digest of something that cannot change has longer.
 */
export const evidenceHours = {
  world: daysOf(3),
  build: daysOf(7),
  review: daysOf(30),
  document: daysOf(90),
};

/** Time zone of the windows (conflicts 6). */
export const timeZone = "America/Los_Angeles";

/** Roles of the runbook's table of contacts, and who decides about a release. */
export const roles = {
  onCall: "on-call-engineer",
  platformLead: "platform-lead",
  security: "security-team",
  databaseAdmin: "database-admin",
  manager: "release-manager",
  approver: "release-approver",
};

/** Secrets with the addresses of the channels. */
export const channels = {
  pagerDuty: "pagerduty-integration-key",
  alerts: "slack-webhook-alerts",
  monitoring: "slack-webhook-monitoring",
};
