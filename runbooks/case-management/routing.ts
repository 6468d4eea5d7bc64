import type { AlertRouting } from "../prometheus";

/** Who hears of an alert (CAS-098, CAS-106): PagerDuty as everywhere, and the n8n webhook that this runbook asks for. */
export const routing = {
  system: "case-management",
  routes: {
    critical: {
      ids: ["CAS-098", "CAS-106", "CAS-107", "CAS-109"],
      conflicts: [12, 13],
      receivers: [
        { channel: "pagerDuty", secret: "pagerduty-integration-key" },
        { channel: "webhook", secret: "n8n-webhook" },
        { channel: "slack", room: "#critical-alerts", secret: "slack-webhook" },
      ],
      respondWithin: { minutes: 15 },
      delivery: "immediate",
      repeatEveryHours: 1,
    },
    warning: {
      ids: ["CAS-081", "CAS-082", "CAS-083"],
      conflicts: [13],
      receivers: [{ channel: "slack", room: "#critical-alerts", secret: "slack-webhook" }],
      delivery: "immediate",
      repeatEveryHours: 12,
    },
    info: {
      ids: ["CAS-084"],
      receivers: [{ channel: "mail" }],
      delivery: "immediate",
      repeatEveryHours: 24,
    },
  },
} as const satisfies AlertRouting;
