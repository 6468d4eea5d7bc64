import type { Entry } from "../../vocabulary";
import { routing } from "../routing";
import { evidenceHours, production, roles, stagingAndProduction } from "./shared";

const { minutes: firstRungMinutes } = routing.routes.critical.respondWithin;
const directorAfterMinutes = 30;

/** Who hears of an incident, and who next. */
export const escalations: readonly Entry[] = [
  {
    word: "escalation",
    name: "immediate-response-team",
    title: "DevOps Lead (Slack @devops-lead) and Technical Lead (Slack @tech-lead) are called at once",
    ids: ["CAS-107"],
    on: production,
    during: ["incident"],
    severity: "P1",
    condition: "Production is down or data are corrupt",
    ladder: [
      { afterMinutes: 0, role: roles.onCall, channel: "pagerDuty", secret: "pagerduty-integration-key" },
      {
        afterMinutes: 0,
        role: roles.devOpsLead,
        channel: "slack",
        secret: "slack-webhook",
        does: "is called as @devops-lead",
      },
      {
        afterMinutes: 0,
        role: roles.technicalLead,
        channel: "slack",
        secret: "slack-webhook",
        does: "is called as @tech-lead",
      },
    ],
  },
  {
    word: "escalation",
    name: "product-manager-by-sms",
    title: "The Product Manager is informed by SMS on critical business impact",
    ids: ["CAS-108"],
    on: production,
    during: ["incident"],
    severity: "P1",
    condition: "The impact on the business is critical",
    calledBy: roles.onCall,
    ladder: [{ afterMinutes: 0, role: roles.productManager, channel: "sms" }],
    note: "Whether it is, whoever is on call says (incident-impact).",
  },
  {
    word: "escalation",
    name: "incident-ladder",
    title:
      "L1 on-call engineer for 15 minutes, L2 DevOps team lead until 30, L3 engineering director from then on",
    ids: ["CAS-109", "CAS-110", "CAS-111"],
    conflicts: [12],
    on: production,
    during: ["always", "incident"],
    condition: "An incident that the level before has not solved",
    until: "resolved",
    respondWithinMinutes: firstRungMinutes,
    ladder: [
      {
        afterMinutes: 0,
        role: roles.onCall,
        channel: "pagerDuty",
        secret: "pagerduty-integration-key",
        does: "is L1",
      },
      {
        afterMinutes: firstRungMinutes,
        role: roles.devOpsLead,
        channel: "pagerDuty",
        secret: "pagerduty-integration-key",
        does: "is L2",
      },
      {
        afterMinutes: directorAfterMinutes,
        role: roles.engineeringDirector,
        channel: "pagerDuty",
        secret: "pagerduty-integration-key",
        does: "is L3",
      },
    ],
  },
  {
    word: "escalation",
    name: "cto-on-critical-impact",
    title: "L4: the CTO, on critical business impact",
    ids: ["CAS-112"],
    on: production,
    during: ["incident"],
    severity: "P1",
    condition: "The impact on the business is critical, whatever time has passed",
    calledBy: roles.engineeringDirector,
    ladder: [
      { afterMinutes: 0, role: roles.engineeringDirector, channel: "phone", does: "decides whether it is" },
      { afterMinutes: 0, role: roles.cto, channel: "phone", does: "is L4" },
    ],
  },
  {
    word: "manual",
    name: "external-support",
    title:
      "External contacts: the cloud's support by an enterprise case, SendGrid for mail, the CDN provider for content",
    ids: ["CAS-113"],
    conflicts: [19],
    on: production,
    during: ["incident"],
    role: roles.onCall,
    question:
      "Does the cause lie with a provider (Azure, also for Front Door's delivery of content; SendGrid for delivery of mail), and under which number is the support case open?",
    answer: "text",
    offsetMinutes: 5,
    blocking: false,
    note: "A support request to Azure of severity A takes the place of AWS's enterprise case; the CDN is Azure's too.",
  },
];

/** Documents that the runbook refers to, and itself. */
export const documents: readonly Entry[] = [
  {
    word: "checkGate",
    name: "referenced-documents-exist",
    title:
      "The documents that the runbook refers to exist: pipeline architecture, monitoring, incident response, database operations, security procedures",
    ids: ["CAS-114"],
    on: stagingAndProduction,
    during: ["prepare"],
    check: {
      provider: "repository",
      expects: [
        { path: "../pipeline-architecture.md", operator: "exists" },
        { path: "../monitoring.md", operator: "exists" },
        { path: "incident-response.md", operator: "exists" },
        { path: "database-operations.md", operator: "exists" },
        { path: "security-incident.md", operator: "exists" },
      ],
    },
    expectation: "two stand in the folder above the runbook's and three beside it, at the released commit",
    timeoutSeconds: 30,
    attempts: 1,
    onBreach: "refuse",
    note: "None of the five was supplied with the runbook.",
  },
  {
    word: "evidence",
    name: "runbook-reviewed",
    title: "The runbook is reviewed every month",
    ids: ["CAS-126"],
    on: production,
    during: ["always"],
    predicate: "readiness",
    subject: "contract",
    producer: "person",
    signedBy: [roles.devOpsLead],
    requires: [
      { field: "role", operator: "equals", value: roles.devOpsLead },
      { field: "person", operator: "exists" },
      {
        field: "statement",
        operator: "equals",
        value: "the runbook and this contract of it have been reviewed",
      },
    ],
    maximumAgeHours: evidenceHours.month,
    note: "Last updated on 31 January 2024; its owner is the DevOps engineering team.",
  },
];
