/** Addresses that the runbook gives; whoever is on call PagerDuty's schedule says. */
export const contacts = {
  ids: ["TES-115"],
  devOpsLead: "devops-lead@tesoro-xp.com",
  engineeringManager: "eng-manager@tesoro-xp.com",
} as const;
