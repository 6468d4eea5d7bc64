import type { AlertRouting } from "../prometheus";

/** Who hears of an alert, as the runbook lists it: critical at once, warning by chat and mail, info once a day. */
export const routing = {
  system: "kirana-store",
  routes: {
    critical: {
      ids: ["STO-170", "STO-028", "STO-176"],
      conflicts: [12, 52],
      receivers: [{ channel: "pagerDuty", secret: "pagerduty-integration-key" }],
      // A P1 is answered at once; the team hears of it within two minutes (STO-171, STO-209).
      respondWithin: { minutes: 2 },
      delivery: "immediate",
      repeatEveryHours: 1,
    },
    warning: {
      ids: ["STO-170", "STO-029", "STO-030"],
      conflicts: [13],
      receivers: [
        // The runbook names no channel; the webhook decides, this name is shown (docs/catalogue.md).
        { channel: "slack", room: "#kirana-store", secret: "slack-webhook" },
        { channel: "mail" },
      ],
      respondWithin: { minutes: 30 },
      delivery: "immediate",
      repeatEveryHours: 12,
    },
    info: {
      ids: ["STO-170", "STO-166", "STO-167", "STO-168", "STO-169"],
      receivers: [{ channel: "mail" }],
      delivery: "daily",
      repeatEveryHours: 24,
    },
  },
} as const satisfies AlertRouting;
