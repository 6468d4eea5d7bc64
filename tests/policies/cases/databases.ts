import type { RuleCases } from "../support/rule-cases";

const stack = "retail-agentic";
const postgres = "retail-agentic-relational-server";
const mongo = "retail-agentic-documents-cluster";
const cache = "retail-agentic-cache-cache";

/** Rules on the databases and caches of the systems on the cluster. */
export const databaseCases: readonly RuleCases[] = [
  {
    rule: "database-network-private",
    stack,
    on: postgres,
    broken: [
      { at: postgres, set: "network/publicNetworkAccess", to: "Enabled" },
      { at: mongo, set: "properties/publicNetworkAccess", to: "Enabled" },
      { at: cache, set: "publicNetworkAccess", to: "Enabled" },
      { at: cache, drop: "publicNetworkAccess" },
    ],
    absent: { at: postgres, drop: "network" },
    unknown: { at: mongo, path: "properties/publicNetworkAccess" },
  },
  {
    rule: "redis-encrypted",
    stack,
    on: cache,
    broken: [
      { at: cache, set: "minimumTlsVersion", to: "1.0" },
      { at: "retail-agentic-cache-database", set: "clientProtocol", to: "Plaintext" },
      { at: "retail-agentic-cache-database", drop: "clientProtocol" },
    ],
    absent: { at: cache, drop: "minimumTlsVersion" },
    unknown: { at: cache, path: "minimumTlsVersion" },
  },
  {
    rule: "postgres-encrypted",
    stack,
    broken: [
      { remove: ["retail-agentic-relational-require_secure_transport"] },
      { at: "retail-agentic-relational-require_secure_transport", set: "value", to: "off" },
      { at: "retail-agentic-relational-ssl_min_protocol_version", set: "value", to: "TLSv1" },
    ],
    absent: { at: "retail-agentic-relational-require_secure_transport", drop: "value" },
    unknown: { at: "retail-agentic-relational-require_secure_transport", path: "value" },
  },
  {
    rule: "postgres-backup",
    stack,
    broken: [
      { at: postgres, set: "backup/backupRetentionDays", to: 7 },
      { at: postgres, set: "backup/geoRedundantBackup", to: "Disabled" },
    ],
    absent: { at: postgres, drop: "backup" },
    unknown: { at: postgres, path: "backup/backupRetentionDays" },
  },
  {
    rule: "postgres-backup",
    stack: "case-management",
    broken: [{ at: "case-management-database-server", set: "backup/backupRetentionDays", to: 29 }],
    absent: { keepOnly: ["platform-cluster-cluster"], gives: "notApplicable" },
    unknown: { at: "case-management-database-server", path: "backup/backupRetentionDays" },
  },
  {
    rule: "mongo-backup",
    stack,
    on: mongo,
    broken: [
      { at: mongo, set: "properties/compute/tier", to: "M10" },
      { at: mongo, set: "properties/compute/tier", to: "Free" },
    ],
    absent: { at: mongo, drop: "properties/compute" },
    unknown: { at: mongo, path: "properties/compute/tier" },
  },
  {
    rule: "database-high-availability",
    stack,
    broken: [
      { at: postgres, set: "highAvailability/mode", to: "Disabled" },
      { at: mongo, set: "properties/highAvailability/targetMode", to: "Disabled" },
      { at: cache, set: "highAvailability", to: "Disabled" },
      { at: cache, drop: "highAvailability" },
    ],
    absent: { at: postgres, drop: "highAvailability" },
    unknown: { at: mongo, path: "properties/highAvailability/targetMode" },
  },
];
