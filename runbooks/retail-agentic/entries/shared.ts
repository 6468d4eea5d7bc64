import { type CheckGate, daysOf, evidenceAges } from "../../entry-basics";
import type { Entry } from "../../vocabulary";
import { components, deployments, paths } from "../components";

export * from "../../entry-basics";

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

const { status } = components.backend.expectedHealth;

/** That the API says it is well, whichever side answers its host. */
export const apiIsUp: Pick<CheckGate, "check" | "expectation"> = {
  check: {
    provider: "http",
    host: hosts.api,
    method: "GET",
    path: paths.health,
    status: [200],
    json: [{ path: "status", operator: "equals", value: status }],
  },
  expectation: `status 200 and {"status":"${status}"}`,
};

/** Every component of a manifest, in the order in which a release takes them. */
export const allComponents: string[] = [...components.order];
export const webApps: string[] = [deployments.consumerWeb, deployments.adminWeb];

/** Ages of evidence, in hours: those of every contract, and one of this runbook's own evidence. */
export const evidenceHours = { ...evidenceAges, document: daysOf(90) };

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
