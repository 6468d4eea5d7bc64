import type { VaultSecret } from "../model";
import { databaseDiagnostics } from "./web-app";

/** Names that the release's entries refer to as well. */
export const secretNames = {
  sqlAdministratorPassword: "sql-administrator-password",
  storageAccountKey: "storage-account-key",
  slackDeployments: "slack-webhook-deployments",
} as const;

/** What the vault holds. */
export const secrets = [
  {
    name: secretNames.sqlAdministratorPassword,
    origin: "random",
    ids: ["TES-048", "TES-050"],
    conflicts: [41],
    description: "Password of the login sqladmin, for exports; the app itself uses its identity.",
  },
  {
    name: secretNames.storageAccountKey,
    origin: "resource",
    ids: ["TES-049", "TES-050"],
    description: "Key of the storage account of backups; the account refuses it, exports use an identity.",
  },
  {
    name: "sql-connection-string",
    origin: "resource",
    ids: ["TES-048", "TES-076", "TES-095"],
    appSetting: "SQL_CONNECTION_STRING",
    description:
      "Address of the database, without a password; a restore goes to a new database and switches this secret.",
  },
  {
    name: "application-insights-connection-string",
    origin: "resource",
    ids: ["TES-059"],
    appSetting: "APPLICATIONINSIGHTS_CONNECTION_STRING",
    description: "Where the app sends its telemetry.",
  },
  {
    name: databaseDiagnostics.secret,
    origin: "random",
    ids: ["TES-058"],
    appSetting: "DIAGNOSTICS_KEY",
    description: "What the release sends to see the database's diagnostics; nobody else gets an answer.",
  },
  {
    name: secretNames.slackDeployments,
    origin: "owner",
    ids: ["TES-018", "TES-023", "TES-068"],
    conflicts: [13],
    description: "Incoming webhook of #deployments: release messages and alerts.",
  },
] as const satisfies readonly VaultSecret[];
