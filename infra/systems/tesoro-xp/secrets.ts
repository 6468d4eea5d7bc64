import { listStorageAccountKeysOutput } from "@pulumi/azure-native/storage/listStorageAccountKeys";
import * as pulumi from "@pulumi/pulumi";
import type { tesoroXp as contract } from "../../../runbooks/tesoro-xp";
import type { TesoroSettings } from "../../config/tesoro-settings";
import type { SecretSource } from "../../secret-source";
import type { Foundation } from "./foundation";
import type { TesoroNames } from "./names";

export type SecretName = (typeof contract.secrets)[number]["name"];
export type SecretValues = Readonly<Record<SecretName, pulumi.Output<string>>>;

/** Value of every secret of the contract. What dev makes up lies below a domain that is never anybody's (RFC 6761). */
export function secretValues(
  source: SecretSource,
  own: TesoroSettings,
  names: TesoroNames,
  foundation: Foundation,
): SecretValues {
  return {
    "sql-administrator-password": foundation.password,
    "storage-account-key": storageKey(names, foundation),
    "sql-connection-string": pulumi.output(connectionString(foundation.server.host, foundation.live.name)),
    "application-insights-connection-string": foundation.monitoring.component.connectionString,
    "diagnostics-key": source.random("diagnostics-key"),
    "slack-webhook-deployments": source.owned(
      "slack-webhook-deployments",
      own.slackWebhookDeployments,
      (random) => pulumi.interpolate`https://hooks.slack.invalid/services/${random}`,
    ),
  };
}

/** Each side signs in by its own identity: the text holds no password. */
function connectionString(host: string, database: string): string {
  return [
    `Server=tcp:${host},1433`,
    `Database=${database}`,
    "Authentication=Active Directory Managed Identity",
    "Encrypt=True",
    "TrustServerCertificate=False",
  ].join(";");
}

/** The call waits for the account, so preview makes none. */
function storageKey(names: TesoroNames, { storage }: Foundation): pulumi.Output<string> {
  const accountName = names.storageAccount;
  const keys = listStorageAccountKeysOutput(
    { resourceGroupName: names.resourceGroup, accountName },
    { parent: storage, dependsOn: [storage.account] },
  );
  return keys.apply((result) => {
    const first = result.keys?.[0];
    if (first === undefined) throw new Error(`Azure answered without a key of ${accountName}`);
    return first.value;
  });
}
