import type { Entry } from "../../vocabulary";
import { probe } from "../derived-alerts";
import * as e from "../expressions";
import { critical } from "../listed-alerts";
import { routing } from "../routing";
import { componentNames, everywhere, hoursPerDay, production } from "./shared";

const minutesPerHour = 60;

/** How bad it is, and how soon somebody answers. */
const severities: readonly Entry[] = [
  {
    word: "escalation",
    name: "severity-p1",
    title: "P1, critical: response at once",
    ids: ["STO-171"],
    on: production,
    during: ["incident"],
    severity: "P1",
    condition:
      "The system is down (0 traffic), data are lost or corrupt, security is breached, or more than 10,000 INR of revenue are lost an hour",
    respondWithinMinutes: routing.routes.critical.respondWithin.minutes,
    ladder: [
      {
        afterMinutes: 0,
        role: "on-call-engineer",
        channel: "pagerDuty",
        secret: "pagerduty-integration-key",
        does: "answers the page",
      },
      {
        afterMinutes: routing.routes.critical.respondWithin.minutes,
        role: "engineering-lead",
        channel: "pagerDuty",
        secret: "pagerduty-integration-key",
        does: "is paged when nobody has answered",
      },
    ],
  },
  {
    word: "escalation",
    name: "severity-p2",
    title: "P2, high: response within 30 minutes",
    ids: ["STO-172"],
    on: production,
    during: ["incident"],
    severity: "P2",
    condition:
      "Partial outage (50% or more degraded), a major feature is broken, payment processing fails, or 1,000 to 10,000 INR of revenue are lost an hour",
    respondWithinMinutes: 30,
    ladder: [
      {
        afterMinutes: 0,
        role: "on-call-engineer",
        channel: "pagerDuty",
        secret: "pagerduty-integration-key",
      },
      {
        afterMinutes: 30,
        role: "engineering-lead",
        channel: "pagerDuty",
        secret: "pagerduty-integration-key",
        does: "is paged when nobody has answered",
      },
    ],
    note: "More than 5% of failed payments page as critical: the alert decides who hears, the lead what it is.",
  },
  {
    word: "escalation",
    name: "severity-p3",
    title: "P3, medium: response within 2 hours",
    ids: ["STO-173"],
    on: production,
    during: ["incident"],
    severity: "P3",
    condition:
      "A minor feature is broken, performance is degraded (less than 100 ms slower), fewer than 10 customers report it, or less than 1,000 INR of revenue are lost an hour",
    respondWithinMinutes: 2 * minutesPerHour,
    ladder: [
      { afterMinutes: 0, role: "on-call-engineer", channel: "slack", secret: "slack-webhook" },
      {
        afterMinutes: 2 * minutesPerHour,
        role: "engineering-lead",
        channel: "slack",
        secret: "slack-webhook",
      },
    ],
  },
  {
    word: "escalation",
    name: "severity-p4",
    title: "P4, low: response within 24 hours",
    ids: ["STO-174"],
    on: production,
    during: ["incident"],
    severity: "P4",
    condition: "Issues of the UI, errors in documentation, requests for enhancements: no impact on customers",
    respondWithinMinutes: hoursPerDay * minutesPerHour,
    ladder: [
      {
        afterMinutes: 0,
        role: "support-lead",
        channel: "mail",
        setting: "kirana-store:contacts.supportLead.contact",
      },
      {
        afterMinutes: hoursPerDay * minutesPerHour,
        role: "engineering-lead",
        channel: "mail",
        setting: "kirana-store:contacts.technicalLead.contact",
      },
    ],
  },
];

/** Minute by minute, from the fault on. */
const response: readonly Entry[] = [
  {
    word: "alert",
    name: "incident-detected",
    title: "Minute 0: monitoring detects the issue",
    ids: ["STO-175"],
    conflicts: [52],
    on: everywhere,
    during: ["always"],
    alerts: [...critical, ...probe].map(({ name }) => name),
    rules: ["prometheus-rules-complete", "prometheus-rules-told"],
    note: "Outside a release nothing but alert rules looks; within one, the gates do so besides.",
  },
  {
    word: "escalation",
    name: "page-within-two-minutes",
    title: "Minute 2: PagerDuty alerts the team",
    ids: ["STO-176"],
    conflicts: [12, 52],
    on: production,
    during: ["incident"],
    condition:
      "A critical alert has fired; the probe through the edge does so after a minute without an answer, four before the rule API down",
    ladder: [
      {
        afterMinutes: 0,
        role: "on-call-engineer",
        channel: "pagerDuty",
        secret: "pagerduty-integration-key",
        does: "hears of it, at most 2 minutes after the fault began",
      },
      {
        afterMinutes: 2,
        role: "engineering-lead",
        channel: "pagerDuty",
        secret: "pagerduty-integration-key",
        does: "hears of it when nobody has answered",
      },
    ],
  },
  {
    word: "manual",
    name: "incident-severity",
    title: "Minute 5: the Engineering Lead assesses the severity",
    ids: ["STO-177"],
    on: production,
    during: ["incident"],
    role: "engineering-lead",
    question: "Which severity is it, P1, P2, P3 or P4, and by which of its conditions?",
    answer: "text",
    offsetMinutes: 5,
    blocking: false,
  },
  {
    word: "escalation",
    name: "incident-war-room",
    title: "Minute 5: Engineering and Support start the war room",
    ids: ["STO-178"],
    on: production,
    during: ["incident"],
    condition: "5 minutes after the detection the incident is not resolved",
    until: "resolved",
    ladder: [
      {
        afterMinutes: 5,
        role: "on-call-engineer",
        channel: "slack",
        secret: "slack-webhook",
        does: "opens the war room",
      },
      {
        afterMinutes: 5,
        role: "engineering-lead",
        channel: "slack",
        secret: "slack-webhook",
        does: "joins the war room",
      },
      {
        afterMinutes: 5,
        role: "support-lead",
        channel: "slack",
        secret: "slack-webhook",
        does: "joins the war room",
      },
    ],
  },
  {
    word: "manual",
    name: "incident-root-cause",
    title: "Minute 10: Engineering identifies the root cause",
    ids: ["STO-179"],
    on: production,
    during: ["incident"],
    role: "on-call-engineer",
    question: "What is the root cause?",
    answer: "text",
    offsetMinutes: 10,
    blocking: false,
  },
  {
    word: "manual",
    name: "incident-fix-or-rollback",
    title: "Minute 15: the Engineering Lead decides: fix or rollback",
    ids: ["STO-180"],
    conflicts: [17],
    on: production,
    during: ["incident"],
    role: "engineering-lead",
    question: "Fix or rollback?",
    answer: "text",
    offsetMinutes: 15,
    blocking: true,
    note: "A trigger of the rollback does not wait for this answer.",
  },
  {
    word: "playbook",
    name: "incident-execute",
    title: "Minute 20: Engineering executes the fix or the rollback",
    ids: ["STO-181"],
    conflicts: [8],
    on: production,
    during: ["incident"],
    symptom: "production-degraded",
    condition:
      "At minute 15 the Engineering Lead has decided between fix and rollback; begun at minute 20 at the latest",
    diagnostics: [
      { title: "Share of failed requests, by service", source: "prometheus", query: e.errorRateOver("5m") },
      { title: "p95 of the API", source: "prometheus", query: e.apiP95("5m") },
      {
        title: "Pods that restart",
        source: "prometheus",
        query: e.events("kube_pod_container_status_restarts_total", "pod"),
      },
      {
        title: "Which side is live, since when, and whether the former one is kept",
        source: "release",
        query: "status",
      },
    ],
    offers: [
      {
        title: "Rollback: all traffic back to the former side",
        does: { action: "traffic", move: "back" },
        confirmedBy: "engineering-lead",
      },
      {
        title: "Fix: restart the components of the live side",
        does: { action: "restart", components: componentNames },
        confirmedBy: "on-call-engineer",
      },
      {
        title: "Fix: a mended version on the emergency path",
        change:
          "release of a new manifest with --emergency; windows are skipped, backup and smoke tests are not",
        confirmedBy: "engineering-lead",
      },
    ],
  },
  {
    word: "manual",
    name: "incident-validation",
    title: "Minute 25: QA validates the resolution",
    ids: ["STO-182"],
    on: production,
    during: ["incident"],
    role: "qa-engineer",
    question: "Is it resolved: do the critical paths work again?",
    answer: "yesNo",
    expects: { operator: "equals", value: true },
    offsetMinutes: 25,
    blocking: true,
  },
  {
    word: "notify",
    name: "incident-customer-communication",
    title: "Minute 30: Support begins the communication with customers",
    ids: ["STO-183"],
    on: production,
    during: ["incident"],
    at: "incident",
    offsetMinutes: 30,
    audience: "Support, who write to the customers",
    channels: [{ channel: "slack", secret: "slack-webhook" }],
    template:
      "Support: tell the customers now. Since {startsAt} {system} has had a fault: {reason}. Affected: {affectedUsers}. State: {phase}. Next: {next}.",
    fields: ["startsAt", "system", "reason", "affectedUsers", "phase", "next"],
    note: "The runbook gives the time and the owner and no text.",
  },
  {
    word: "manual",
    name: "incident-post-mortem",
    title: "Minute 60: the Engineering Lead schedules the post-mortem",
    ids: ["STO-184"],
    on: production,
    during: ["incident"],
    role: "engineering-lead",
    question: "For when is the post-mortem scheduled?",
    answer: "text",
    offsetMinutes: 60,
    blocking: false,
  },
];

/** The runbook's first minutes, where nobody but the release itself knows that somebody has to decide. */
const ofReleases: readonly Entry[] = [
  {
    word: "escalation",
    name: "release-waits",
    title:
      "A release that holds or goes back: the SRE at once, on-call at minute 2, the Engineering Lead at minute 15",
    ids: [],
    supports: ["STO-176", "STO-180"],
    conflicts: [3, 12],
    on: production,
    during: ["hold", "rollback"],
    condition: "A hold or a rollback that nobody has taken up",
    ladder: [
      {
        afterMinutes: 0,
        role: "sre",
        channel: "slack",
        secret: "slack-webhook",
        does: "decides to go on or back",
      },
      {
        afterMinutes: 2,
        role: "on-call-engineer",
        channel: "pagerDuty",
        secret: "pagerduty-integration-key",
        does: "takes it up when the SRE does not",
      },
      {
        afterMinutes: 15,
        role: "engineering-lead",
        channel: "pagerDuty",
        secret: "pagerduty-integration-key",
        does: "decides: fix or rollback",
      },
    ],
    note: "The minutes are those of an incident's page and of its decision.",
  },
];

/** Chapter 8 of the runbook: severities and the response. */
export const escalation: readonly Entry[] = [...severities, ...response, ...ofReleases];
