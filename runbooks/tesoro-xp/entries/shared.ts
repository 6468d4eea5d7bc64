export * from "../../entry-basics";

export const secondsPerHour = 3600;
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
