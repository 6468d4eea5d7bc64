import * as pulumi from "@pulumi/pulumi";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import type { RetailSettings } from "../../config/retail-settings";
import type { ComponentSecrets } from "../../kubernetes/app-component";
import type { SecretSource } from "../../secret-source";
import type { SystemSettings } from "../../settings";
import { type Foundation, jdbcUrl } from "./foundation";
import type { RetailNames } from "./names";

export type SecretName = (typeof contract.secrets)[number]["name"];
export type SecretValues = Readonly<Record<SecretName, pulumi.Output<string>>>;

/** Value of every secret of the contract. What dev makes up lies below a domain that is never anybody's (RFC 6761). */
export function secretValues(
  source: SecretSource,
  own: RetailSettings,
  foundation: Foundation,
): SecretValues {
  const webhook = (random: pulumi.Output<string>) =>
    pulumi.interpolate`https://hooks.slack.invalid/services/${random}`;
  return {
    "mongodb-uri": foundation.documents.connectionString(contract.documents.database),
    "redis-url": foundation.cache.connectionString(),
    "elasticsearch-url": searchUrl(source, own),
    "postgres-url": jdbcUrl(foundation),
    "postgres-password": foundation.relationalPassword,
    "jwt-secret": source.random("jwt-secret"),
    "paypal-client-id": source.owned("paypal-client-id", own.paypalClientId),
    "paypal-client-secret": source.owned("paypal-client-secret", own.paypalClientSecret),
    "smtp-username": source.owned("smtp-username", own.smtpUsername),
    "smtp-password": source.owned("smtp-password", own.smtpPassword),
    "elasticsearch-password": source.random("elasticsearch-password"),
    "slack-webhook-alerts": source.owned("slack-webhook-alerts", own.slackWebhookAlerts, webhook),
    "slack-webhook-monitoring": source.owned("slack-webhook-monitoring", own.slackWebhookMonitoring, webhook),
    "pagerduty-integration-key": source.owned("pagerduty-integration-key", own.pagerDutyIntegrationKey),
  };
}

/** RET-017. */
function searchUrl(source: SecretSource, own: RetailSettings): pulumi.Output<string> {
  if (own.elasticsearch === "external") {
    return source.owned(
      "elasticsearch-url",
      own.elasticsearchUrl,
      (random) => pulumi.interpolate`https://user:${random}@elasticsearch.invalid`,
    );
  }
  const { user, name, port } = contract.search;
  return pulumi.secret(
    pulumi.interpolate`https://${user}:${source.random("elasticsearch-password")}@${name}:${port}`,
  );
}

/** Environment variable to name of the vault's secret, of those that the backend reads. */
export function backendVariables(): Record<string, string> {
  return Object.fromEntries(
    contract.secrets.flatMap((secret) => ("appSetting" in secret ? [[secret.appSetting, secret.name]] : [])),
  );
}

/** What the vault's driver brings into a pod. */
export function vaultSecrets(
  { azure }: SystemSettings<"retail-agentic">,
  names: RetailNames,
  variables: Readonly<Record<string, SecretName>>,
): ComponentSecrets {
  return { vaultName: names.vault, tenantId: azure.tenantId, variables };
}
