import type { VaultSecret } from "../model";

/**
 * Secrets of the store. `appSetting` is the environment variable in which a pod finds it: the runbook wants database
 * credentials in the environment (STO-046) and no secret in git (STO-047), so the vault is where they come from.
 */
export const secrets = [
  {
    name: "mongodb-uri",
    origin: "resource",
    ids: ["STO-046", "STO-093"],
    appSetting: "MONGODB_URI",
    description: "Address of the store's database with its login, over TLS.",
  },
  {
    name: "mongodb-replica-uri",
    origin: "resource",
    ids: ["STO-090", "STO-139"],
    appSetting: "MONGODB_REPLICA_URI",
    description: "Address of the replica in the other region, whose heartbeat shows how far it is behind.",
  },
  {
    name: "mongo-tools-config",
    origin: "resource",
    ids: ["STO-094", "STO-143"],
    conflicts: [53],
    description:
      "Configuration file of mongodump and mongorestore, so that the login stands on no command line.",
  },
  {
    name: "test-tenant-mongodb-uri",
    origin: "resource",
    ids: ["STO-072", "STO-129"],
    conflicts: [58],
    appSetting: "TEST_TENANT_MONGODB_URI",
    description:
      "Address of the test tenant's own database: what tests create never meets a customer's data.",
  },
  {
    name: "redis-url",
    origin: "resource",
    ids: ["STO-046", "STO-091"],
    appSetting: "REDIS_URL",
    description: "Address of the cache with its key, over TLS.",
  },
  {
    name: "jwt-signing-key",
    origin: "random",
    ids: ["STO-041"],
    appSetting: "JWT_SIGNING_KEY",
    description:
      "Key with which tokens of users are signed; both colours have the same, or a ramp would log users out.",
  },
  {
    name: "csrf-secret",
    origin: "random",
    ids: ["STO-019", "STO-042"],
    appSetting: "CSRF_SECRET",
    description: "Key of the tokens against forged requests.",
  },
  {
    name: "payment-api-key",
    origin: "owner",
    ids: ["STO-045", "STO-120", "STO-124"],
    appSetting: "PAYMENT_API_KEY",
    description: "Key of the payment gateway.",
  },
  {
    name: "payment-webhook-secret",
    origin: "owner",
    ids: ["STO-045", "STO-120"],
    appSetting: "PAYMENT_WEBHOOK_SECRET",
    description: "Proves that a message about a payment comes from the gateway.",
  },
  {
    name: "payment-sandbox-key",
    origin: "owner",
    ids: ["STO-129"],
    conflicts: [58],
    appSetting: "PAYMENT_SANDBOX_KEY",
    description: "Key of the payment gateway's sandbox, which the test tenant pays with.",
  },
  {
    name: "mail-password",
    origin: "owner",
    ids: ["STO-045", "STO-187"],
    appSetting: "MAIL_PASSWORD",
    description: "Password of the mailbox from which the store writes to customers.",
  },
  {
    name: "test-tenant-password",
    origin: "random",
    ids: ["STO-122", "STO-129"],
    conflicts: [58],
    description: "Password of the test tenant's account, with which the release tries the critical paths.",
  },
  {
    name: "pagerduty-integration-key",
    origin: "owner",
    ids: ["STO-170", "STO-176"],
    conflicts: [12],
    description: "Key with which critical alerts and the release page the team.",
  },
  {
    name: "slack-webhook",
    origin: "owner",
    ids: ["STO-029", "STO-170"],
    conflicts: [13],
    description: "Incoming webhook for warnings and release messages.",
  },
] as const satisfies readonly VaultSecret[];
