import type { Entry } from "../../vocabulary";
import { domains } from "../names";
import { production } from "./shared";

/** Sections 2.5, 4.4 and 5.1: who is told what. */
export const messages: readonly Entry[] = [
  {
    word: "notify",
    name: "product-manager-informed",
    title: "The Product Manager is informed of the deployment's timeline.",
    ids: ["KIR-052"],
    on: production,
    during: ["scheduled"],
    at: "scheduled",
    audience: "Product Manager",
    channels: [{ channel: "mail", setting: "kirana-inventory:contacts.productManager.contact" }],
    template:
      "Kirana v{version} goes to production on {startsAt}; it is expected to be watched until {endsAt}. Changes: {changes}",
    fields: ["version", "startsAt", "endsAt", "changes"],
  },
  {
    word: "notify",
    name: "marketing-informed",
    title: "Marketing knows the launch date, if there is a public announcement.",
    ids: ["KIR-054"],
    conflicts: [13],
    on: production,
    during: ["scheduled"],
    note: "The runbook names no channel of Marketing's: the team's.",
    at: "scheduled",
    audience: "Marketing",
    channels: [{ channel: "slack", secret: "slack-webhook-team" }],
    template: "Marketing: Kirana v{version} launches on {startsAt}, should it be announced in public.",
    fields: ["version", "startsAt"],
  },
  {
    word: "notify",
    name: "rollback-executed",
    title: "A rollback is told in #kirana-prod, with its reason, the current version and what is next.",
    ids: ["KIR-113"],
    conflicts: [13, 30],
    on: production,
    during: ["rollback"],
    at: "rollback",
    audience: "#kirana-prod",
    channels: [{ channel: "slack", secret: "slack-webhook-prod" }],
    template:
      "🚨 ROLLBACK EXECUTED: Production deployment v{version} rolled back due to {reason}\nCurrent version: v{previousVersion}\nAction: Investigate and create hotfix",
    colour: "danger",
    fields: ["version", "reason", "previousVersion"],
  },
  {
    word: "notify",
    name: "live-announced",
    title: "Within 1 hour the team's channel hears that the version is live.",
    ids: ["KIR-119"],
    conflicts: [13],
    on: production,
    during: ["watch"],
    note: "45 minutes into the watch, when a breach of the 30-minute limit would have rolled back; not sent while a gate holds.",
    at: "phaseStart",
    offsetMinutes: 45,
    audience: "The team",
    channels: [{ channel: "slack", secret: "slack-webhook-team" }],
    template: `🚀 Kirana v{version} is LIVE!\nProduction URL: https://${domains.app}\nAPI: https://${domains.api}\nStatus: All systems operational`,
    colour: "good",
    fields: ["version"],
  },
];
