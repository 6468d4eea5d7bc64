import * as pulumi from "@pulumi/pulumi";
import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import type { KiranaStoreSettings } from "../../config/kirana-store-settings";
import type { SecretSource } from "../../secret-source";
import { type Foundation, liveDatabase } from "./data";

export type SecretName = (typeof contract.secrets)[number]["name"];
export type SecretValues = Readonly<Record<SecretName, pulumi.Output<string>>>;

/** Secrets that the store's pods read, as environment variables (STO-046), to their names in the vault. */
export const podSecrets: Readonly<Record<string, string>> = Object.fromEntries(
  contract.secrets.flatMap((secret) => ("appSetting" in secret ? [[secret.appSetting, secret.name]] : [])),
);

/** Value of every secret of the contract. What dev makes up lies below a domain that is never anybody's (RFC 6761). */
export function secretValues(
  source: SecretSource,
  own: KiranaStoreSettings,
  { database, replica, cache }: Foundation,
): SecretValues {
  const name = liveDatabase(own);
  return {
    "mongodb-uri": database.connectionString(name),
    "mongodb-replica-uri": replica.connectionString(name),
    "mongo-tools-config": pulumi.interpolate`uri: "${database.connectionString("")}"\n`,
    "test-tenant-mongodb-uri": database.connectionString(contract.testTenant.database),
    "redis-url": cache.connectionString(),
    "jwt-signing-key": source.random("jwt-signing-key"),
    "csrf-secret": source.random("csrf-secret"),
    "payment-api-key": source.owned("payment-api-key", own.paymentApiKey),
    "payment-webhook-secret": source.owned("payment-webhook-secret", own.paymentWebhookSecret),
    "payment-sandbox-key": source.owned("payment-sandbox-key", own.paymentSandboxKey),
    "mail-password": source.owned("mail-password", own.mailPassword),
    "test-tenant-password": source.random("test-tenant-password"),
    "pagerduty-integration-key": source.owned("pagerduty-integration-key", own.pagerDutyIntegrationKey),
    "slack-webhook": source.owned(
      "slack-webhook",
      own.slackWebhook,
      (random) => pulumi.interpolate`https://hooks.slack.invalid/services/${random}`,
    ),
  };
}
