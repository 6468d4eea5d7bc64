import type { Entry } from "../../vocabulary";
import { kiranaStore } from "..";
import { hoursPerDay, production } from "./shared";

const minutesPerHour = 60;
const { mailbox } = kiranaStore.support;

/** The mailbox from which the store writes to its customers. */
const customerMail: Extract<Entry, { word: "notify" }>["channels"][number] = {
  channel: "mail",
  secret: "mail-password",
};

/** What customers are told, and when: chapter 9 of the runbook. */
export const messages: readonly Entry[] = [
  {
    word: "notify",
    name: "customers-announcement",
    title: "24 hours before: customers are told of the maintenance",
    ids: ["STO-185"],
    conflicts: [56],
    on: production,
    during: ["scheduled"],
    at: "scheduled",
    offsetMinutes: -hoursPerDay * minutesPerHour,
    audience: "Customers",
    channels: [customerMail],
    template: [
      "Subject: Kirana Store - Scheduled Maintenance ({duration})",
      "Time: {startsAt} to {endsAt} UTC",
      "",
      "We'll be upgrading Kirana Store with new features:",
      "{changes}",
      "",
      "Expected downtime: None (rolling update)",
      "Rollback ready: Yes",
      "Impact: Minimal to none",
    ].join("\n"),
    fields: ["duration", "startsAt", "endsAt", "changes"],
    note: "The duration is computed: the runbook's 2-3 hours fit neither its 3-4 hours nor its parts. Changes of v5: Enhanced Security & Access Control, Improved Payment Processing, Gamification & Loyalty Program, Real-Time Order Tracking, Advanced Search Features, Offline Sync for Mobile.",
  },
  {
    word: "notify",
    name: "customers-progress",
    title: "During the deployment: a status update every 30 minutes, from its start to its end",
    ids: ["STO-186"],
    conflicts: [49],
    on: production,
    during: ["deploy-idle", "smoke", "ramp", "switch"],
    at: "phaseStart",
    repeatEveryMinutes: 30,
    audience: "Customers, and the team",
    channels: [customerMail, { channel: "slack", secret: "slack-webhook" }],
    template:
      "Rolling update {weight}% complete - {phase}, {reason}. Expecting completion by {endsAt}. Next: {next}",
    fields: ["weight", "phase", "reason", "endsAt", "next"],
    note: "The first says 0% and when it will be complete, the last 100% and that all systems are healthy. The percentage is the route's own: 25, 50, 75 and 90% of the runbook's example are not those of its ramp.",
  },
  {
    word: "notify",
    name: "customers-success",
    title: "After the deployment: customers are told that the upgrade is complete",
    ids: ["STO-187"],
    on: production,
    during: ["finish"],
    at: "finished",
    audience: "Customers",
    channels: [customerMail],
    template: [
      "Subject: Kirana Store Upgrade Complete ✓",
      "",
      "Your Kirana Store now features:",
      "{changes}",
      "",
      "No customer action required.",
      `Questions? Support: ${mailbox}`,
    ].join("\n"),
    fields: ["changes"],
    note: "Changes of v5: Advanced security controls, Loyalty rewards program, Real-time delivery tracking, Offline shopping capability, Enhanced search.",
  },
  {
    word: "manual",
    name: "support-mailbox",
    title: `The support mailbox ${mailbox} exists`,
    ids: ["STO-188"],
    conflicts: [20],
    on: production,
    during: ["scheduled"],
    role: "support-lead",
    question: `Has a mail to ${mailbox} been answered since the last release?`,
    answer: "yesNo",
    expects: { operator: "equals", value: true },
    blocking: true,
    note: "Before customers are told to write there. The domain kirana.com is the store's alone; kirana.io is the inventory's.",
  },
  {
    word: "record",
    name: "customers-told",
    title: "After the deployment: the communication with customers is sent, and that it was is written down",
    ids: ["STO-239"],
    on: production,
    during: ["finish"],
    kind: "history",
    fields: ["message", "audience", "channel", "sentAt", "delivered"],
    by: "release",
    note: "Of customers-success; a message that failed after the start blocks nothing and shows here.",
  },
];
