import type { AlertRouting } from "../prometheus";

/** Who hears of an alert, as the runbook lists it by severity. */
export const routing = {
  system: "retail-agentic",
  routes: {
    critical: {
      ids: ["RET-133", "RET-014", "RET-109"],
      conflicts: [12, 13],
      receivers: [
        { channel: "pagerDuty", secret: "pagerduty-integration-key" },
        { channel: "slack", room: "#alerts", secret: "slack-webhook-alerts" },
      ],
      respondWithin: { minutes: 5 },
      delivery: "immediate",
      repeatEveryHours: 1,
    },
    warning: {
      ids: ["RET-134", "RET-014"],
      conflicts: [13],
      receivers: [{ channel: "slack", room: "#alerts", secret: "slack-webhook-alerts" }],
      respondWithin: { minutes: 30 },
      delivery: "immediate",
      repeatEveryHours: 12,
    },
    info: {
      ids: ["RET-135", "RET-014"],
      conflicts: [13],
      receivers: [{ channel: "slack", room: "#monitoring", secret: "slack-webhook-monitoring" }],
      respondWithin: "nextBusinessDay",
      delivery: "immediate",
      repeatEveryHours: 24,
    },
  },
} as const satisfies AlertRouting;
