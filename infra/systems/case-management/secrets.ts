import * as pulumi from "@pulumi/pulumi";
import type { caseManagement as contract } from "../../../runbooks/case-management";
import type { CaseManagementSettings } from "../../config/case-management-settings";
import type { SecretSource } from "../../secret-source";
import type { Foundation } from "./foundation";

export type SecretName = (typeof contract.secrets)[number]["name"];
export type SecretValues = Readonly<Record<SecretName, pulumi.Output<string>>>;

/** Value of every secret of the contract. What dev makes up lies below a domain that is never anybody's (RFC 6761). */
export function secretValues(
  source: SecretSource,
  own: CaseManagementSettings,
  { database, restoreTest, cache }: Foundation,
): SecretValues {
  return {
    "database-url": database.server.connectionString(database.name),
    "database-password": database.password,
    "redis-url": cache.connectionString(),
    "test-database-url": restoreTest.server.connectionString(restoreTest.name),
    "test-database-password": restoreTest.password,
    "sendgrid-api-key": source.owned("sendgrid-api-key", own.sendGridApiKey),
    "pagerduty-integration-key": source.owned("pagerduty-integration-key", own.pagerDutyIntegrationKey),
    "n8n-webhook": source.owned(
      "n8n-webhook",
      own.n8nWebhook,
      (random) => pulumi.interpolate`https://n8n.invalid/webhook/${random}`,
    ),
    "slack-webhook": source.owned(
      "slack-webhook",
      own.slackWebhook,
      (random) => pulumi.interpolate`https://hooks.slack.invalid/services/${random}`,
    ),
    "test-account-email": source.owned(
      "test-account-email",
      own.testAccountEmail,
      (random) => pulumi.interpolate`${random}@switchyard.invalid`,
    ),
    "test-account-password": source.owned("test-account-password", own.testAccountPassword),
    "jwt-secret": source.random("jwt-secret"),
  };
}
