import type { Entry } from "../../vocabulary";

/** Where an entry holds. `rehearsed`: dev does it as well, so that it is tried before it matters. */
export const rehearsed: Entry["on"] = ["dev", "staging", "production"];
export const stagingAndProduction: Entry["on"] = ["staging", "production"];
export const production: Entry["on"] = ["production"];

export const secondsPerMinute = 60;
export const secondsPerHour = 3600;
export const hoursPerDay = 24;
export const hoursPerWeek = 168;

/** Roles of the runbook (15, 383, 402, 476-478). */
export const roles = {
  deployer: "deployer",
  seniorEngineer: "senior-engineer",
  onCall: "on-call-engineer",
  devOpsLead: "devops-lead",
  engineeringManager: "engineering-manager",
  vpEngineering: "vp-engineering",
  director: "director",
  productOwner: "product-owner",
} as const;

/** Who must say yes before traffic stops and a database is restored (383, conflicts 45). */
export const leadership = [roles.engineeringManager];
