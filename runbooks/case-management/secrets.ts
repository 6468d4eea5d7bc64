import type { VaultSecret } from "../model";

/** Secrets of the runbook and of what it stands on. `appSetting` is the environment variable of a pod that reads it. */
export const secrets = [
  {
    name: "database-url",
    origin: "resource",
    ids: ["CAS-029", "CAS-024", "CAS-025"],
    appSetting: "DATABASE_URL",
    description: "PRODUCTION_DATABASE_URL: address of the database with login, over TLS.",
  },
  {
    name: "database-password",
    origin: "random",
    ids: ["CAS-029", "CAS-030"],
    description: "Password of the same login for pg_dump and psql, which take no URL from the environment.",
  },
  {
    name: "redis-url",
    origin: "resource",
    ids: ["CAS-029", "CAS-027"],
    appSetting: "REDIS_URL",
    description: "PRODUCTION_REDIS_URL: address of the cache with key, over TLS.",
  },
  {
    name: "test-database-url",
    origin: "resource",
    ids: ["CAS-029", "CAS-033"],
    description: "TEST_DATABASE_URL: address of the database into which a backup is restored to prove it.",
  },
  {
    name: "test-database-password",
    origin: "random",
    ids: ["CAS-029", "CAS-033"],
    description: "Password of the restore test's own login, which the production database does not know.",
  },
  {
    name: "sendgrid-api-key",
    origin: "owner",
    ids: ["CAS-028", "CAS-029", "CAS-072"],
    appSetting: "SENDGRID_API_KEY",
    description: "SENDGRID_API_KEY: key with which the backend sends mail.",
  },
  {
    name: "pagerduty-integration-key",
    origin: "owner",
    ids: ["CAS-106", "CAS-109"],
    conflicts: [12],
    description: "Key with which alerts and the release page the on-call engineer.",
  },
  {
    name: "n8n-webhook",
    origin: "owner",
    ids: ["CAS-098", "CAS-106"],
    conflicts: [12],
    description: "Webhook of the n8n workflow that posts to #critical-alerts and pages the on-call engineer.",
  },
  {
    name: "slack-webhook",
    origin: "owner",
    ids: ["CAS-098", "CAS-107"],
    conflicts: [13],
    description: "Incoming webhook of #critical-alerts: alerts and release messages.",
  },
  {
    name: "test-account-email",
    origin: "owner",
    ids: ["CAS-061"],
    conflicts: [77],
    description: "Account with which the release tries the login and obtains TEST_TOKEN (CAS-062).",
  },
  {
    name: "test-account-password",
    origin: "owner",
    ids: ["CAS-061", "CAS-062"],
    conflicts: [77],
    description: "Its password, which the runbook prints.",
  },
  {
    name: "jwt-secret",
    origin: "random",
    ids: ["CAS-061", "CAS-062"],
    appSetting: "JWT_SECRET",
    description: "Key with which the backend signs its bearer tokens; nobody needs to know it.",
  },
] as const satisfies readonly VaultSecret[];
