import type { VaultSecret } from "../model";

/** Secrets of the runbook and of what it stands on. `appSetting` is the environment variable of the backend's pods. */
export const secrets = [
  {
    name: "mongodb-uri",
    origin: "resource",
    ids: ["RET-015", "RET-011"],
    appSetting: "MONGODB_URI",
    description: "Address of the document database with login, over TLS.",
  },
  {
    name: "redis-url",
    origin: "resource",
    ids: ["RET-016", "RET-011"],
    appSetting: "REDIS_URL",
    description: "Address of the cache with key, over TLS.",
  },
  {
    name: "elasticsearch-url",
    origin: "resource",
    ids: ["RET-017", "RET-011"],
    conflicts: [19],
    appSetting: "ELASTICSEARCH_URL",
    description: "Address of the search engine with login, over TLS.",
  },
  {
    name: "postgres-url",
    origin: "resource",
    ids: ["RET-018", "RET-011"],
    conflicts: [66],
    appSetting: "POSTGRES_URL",
    description: "JDBC address of the PostgreSQL database with login, over TLS.",
  },
  {
    name: "postgres-password",
    origin: "random",
    ids: ["RET-018", "RET-117"],
    conflicts: [66],
    description: "Password of the same login for pg_dump, which takes no JDBC address.",
  },
  {
    name: "jwt-secret",
    origin: "random",
    ids: ["RET-019"],
    appSetting: "JWT_SECRET",
    description: "Key of 256 bits with which the backend signs its tokens; nobody needs to know it.",
  },
  {
    name: "paypal-client-id",
    origin: "owner",
    ids: ["RET-021"],
    appSetting: "PAYPAL_CLIENT_ID",
    description: "Client id of the PayPal application.",
  },
  {
    name: "paypal-client-secret",
    origin: "owner",
    ids: ["RET-021"],
    appSetting: "PAYPAL_CLIENT_SECRET",
    description: "Its secret.",
  },
  {
    name: "smtp-username",
    origin: "owner",
    ids: ["RET-023"],
    appSetting: "SMTP_USERNAME",
    description: "Login at the mail server.",
  },
  {
    name: "smtp-password",
    origin: "owner",
    ids: ["RET-023"],
    appSetting: "SMTP_PASSWORD",
    description: "Its password.",
  },
  {
    name: "elasticsearch-password",
    origin: "random",
    ids: ["RET-017"],
    conflicts: [19],
    description: "Password of the search engine's user elastic, for itself, its snapshots and its exporter.",
  },
  {
    name: "slack-webhook-alerts",
    origin: "owner",
    ids: ["RET-014", "RET-133", "RET-134"],
    conflicts: [13],
    description: "Incoming webhook of #alerts: critical alerts and warnings.",
  },
  {
    name: "slack-webhook-monitoring",
    origin: "owner",
    ids: ["RET-014", "RET-135"],
    conflicts: [13],
    description: "Incoming webhook of #monitoring: information.",
  },
  {
    name: "pagerduty-integration-key",
    origin: "owner",
    ids: ["RET-014", "RET-109", "RET-133", "RET-146"],
    conflicts: [12],
    description: "Key with which alerts and the release page the on-call engineer.",
  },
] as const satisfies readonly VaultSecret[];

/** Secrets with which the stores are reached (RET-011). */
export const databaseSecrets: string[] = secrets.flatMap(({ name, ids }) =>
  (ids as readonly string[]).includes("RET-011") ? [name] : [],
);
