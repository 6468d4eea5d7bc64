import type { DatabaseAccount } from "@pulumi/azure-native/cosmosdb/databaseAccount";
import { listDatabaseAccountConnectionStringsOutput } from "@pulumi/azure-native/cosmosdb/listDatabaseAccountConnectionStrings";
import type { Secret } from "@pulumi/azure-native/keyvault/secret";
import { listStorageAccountKeysOutput } from "@pulumi/azure-native/storage/listStorageAccountKeys";
import type { StorageAccount } from "@pulumi/azure-native/storage/storageAccount";
import * as pulumi from "@pulumi/pulumi";
import { RandomPassword } from "@pulumi/random/randomPassword";
import { kiranaInventory as contract } from "../../../runbooks/kirana-inventory";
import type { NamedResource } from "../../arm-id";
import type { Monitoring } from "../../azure/monitoring";
import type { SecretVault } from "../../azure/secret-vault";
import type { KiranaSettings } from "../../config/kirana-settings";
import type { KiranaNames } from "./names";

type ContractSecret = (typeof contract.secrets)[number];
type SecretNamed<Origin> = Extract<ContractSecret, { origin: Origin }>["name"];

/** Setting that holds each secret of the owner. */
const ownerSettings = {
  "gemini-api-key": "geminiApiKey",
  "slack-webhook-prod": "slackWebhookProd",
  "slack-webhook-team": "slackWebhookTeam",
  "test-token": "testToken",
  "prod-test-token": "prodTestToken",
} as const satisfies Record<SecretNamed<"owner">, keyof KiranaSettings>;

export interface SecretSources {
  readonly parent: pulumi.Resource;
  readonly name: string;
  readonly settings: KiranaSettings;
  readonly names: KiranaNames;
  readonly resourceGroupName: string;
  readonly cosmosAccount: DatabaseAccount;
  /** The account that the app is sent to. */
  readonly live: NamedResource;
  readonly storageAccount: StorageAccount;
  readonly monitoring: Monitoring;
}

/** Characters of a generated secret; 43 of 62 kinds hold 256 bits. */
const generatedLength = 43;

/**
 * A secret that only the owner has, from the stack's configuration. Dev has none of them: there each is generated, in
 * a form that reaches nobody.
 */
export class OwnerSecrets {
  private readonly generated = new Map<string, pulumi.Output<string>>();

  constructor(
    private readonly name: string,
    private readonly parent: pulumi.Resource,
    private readonly settings: KiranaSettings,
  ) {}

  value(
    setting: (typeof ownerSettings)[keyof typeof ownerSettings] | "pagerDutyIntegrationKey",
  ): pulumi.Output<string> {
    const given = this.settings[setting];
    if (given !== undefined) return pulumi.secret(given);
    const generated = this.generate(setting);
    // Reserved for never being anybody's (RFC 6761): nothing made up here can post into a real channel.
    return setting.startsWith("slackWebhook")
      ? pulumi.interpolate`https://hooks.slack.invalid/services/${generated}`
      : generated;
  }

  private generate(setting: string): pulumi.Output<string> {
    const known = this.generated.get(setting);
    if (known) return known;
    const value = randomText(`${this.name}-generated-${setting}`, this.parent);
    this.generated.set(setting, value);
    return value;
  }
}

/** Writes every secret of the contract into the vault. */
export function writeSecrets(
  vault: SecretVault,
  owner: OwnerSecrets,
  sources: SecretSources,
): readonly Secret[] {
  const fromResources = resourceSecrets(sources);
  const secretValue = (secret: ContractSecret): pulumi.Input<string> => {
    switch (secret.origin) {
      case "owner":
        return owner.value(ownerSettings[secret.name]);
      case "random":
        return randomText(`${sources.name}-generated-${secret.name}`, sources.parent);
      case "resource":
        return fromResources[secret.name];
    }
  };
  const values = Object.fromEntries(
    contract.secrets.map((secret) => [secret.name, secretValue(secret)]),
  ) as Record<ContractSecret["name"], pulumi.Input<string>>;
  return Object.values(vault.writeAll(contract, values));
}

function randomText(name: string, parent: pulumi.Resource): pulumi.Output<string> {
  return new RandomPassword(name, { length: generatedLength, special: false }, { parent }).result;
}

/** Secrets that the stack reads from its own resources. The calls wait for the resource, so preview makes none. */
function resourceSecrets(sources: SecretSources): Record<SecretNamed<"resource">, pulumi.Input<string>> {
  const { parent, resourceGroupName, names, cosmosAccount, live, storageAccount, monitoring } = sources;
  const accountName = names.storageAccount;
  const connections = listDatabaseAccountConnectionStringsOutput(
    { resourceGroupName, accountName: live.name },
    { parent, dependsOn: [cosmosAccount] },
  );
  const keys = listStorageAccountKeysOutput(
    { resourceGroupName, accountName },
    { parent, dependsOn: [storageAccount] },
  );
  const storageKey = keys.apply((result) => firstOf(result.keys, `a key of ${accountName}`).value);
  return {
    "cosmos-connection-string": connections.apply(
      ({ connectionStrings }) =>
        firstOf(connectionStrings, `a connection string of ${live.name}`).connectionString,
    ),
    "cosmos-endpoint": `https://${live.name}.documents.azure.com:443/`,
    "storage-connection-string": pulumi.interpolate`DefaultEndpointsProtocol=https;AccountName=${accountName};AccountKey=${storageKey};EndpointSuffix=core.windows.net`,
    "application-insights-key": monitoring.component.instrumentationKey,
    "application-insights-connection-string": monitoring.component.connectionString,
  };
}

function firstOf<T>(list: readonly T[] | undefined, what: string): T {
  const first = list?.[0];
  if (first === undefined) throw new Error(`Azure answered without ${what}`);
  return first;
}
