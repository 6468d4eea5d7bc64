import type { IncidentEvent } from "../../../../release/incident/events";

export const incidentId = "incident-20261121T120000Z-0001";

/** A person opened it: production is down. */
export const opened: IncidentEvent = {
  event: "opened",
  incident: incidentId,
  about: "incident",
  by: "ann",
  environment: "dev",
  since: "2026-11-21T12:00:00.000Z",
  summary: "the site does not answer",
  symptom: "production-down",
};
