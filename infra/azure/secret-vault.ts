import { Secret } from "@pulumi/azure-native/keyvault/secret";
import { Vault } from "@pulumi/azure-native/keyvault/vault";
import * as pulumi from "@pulumi/pulumi";
import { isConnectionSecret } from "../../runbooks/connection-secrets";
import type { SystemName } from "../../runbooks/model";
import { armId } from "../arm-id";
import { admittedNetworks, classified, type Placement } from "../placement";
import type { Grant } from "./access";
import { childOf, guardedChildOf } from "./component";
import { sendDiagnostics } from "./diagnostics";
import { lockAgainstDeletion } from "./lock";

export interface SecretVaultArgs extends Placement {
  readonly vaultName: string;
  readonly tenantId: string;
  /** The subnet that may read, beside those from which releases run. */
  readonly subnetId: string;
  /** Others that may. @default - none */
  readonly furtherSubnetIds?: readonly string[];
  readonly workspaceId: string;
  /** Days that a deleted vault and its name stay reserved, 7 to 90. Cannot be changed later. */
  readonly softDeleteRetentionDays: number;
}

/** What of a contract names its secrets. */
export interface SecretsOfContract<Name extends string> {
  readonly system: SystemName;
  readonly secrets: readonly { readonly name: Name; readonly description: string }[];
}

/** A key vault: access by roles, closed network, soft delete and purge protection. */
export class SecretVault extends pulumi.ComponentResource {
  readonly vaultId: string;
  readonly vault: Vault;
  private readonly args: SecretVaultArgs;
  private readonly prefix: string;

  constructor(name: string, args: SecretVaultArgs, options?: pulumi.ComponentResourceOptions) {
    super("switchyard:azure:SecretVault", name, {}, options);
    this.args = args;
    this.prefix = name;
    this.vaultId = armId(args, "Microsoft.KeyVault/vaults", args.vaultName);
    const admitted = admittedNetworks(args, [args.subnetId, ...(args.furtherSubnetIds ?? [])]);
    this.vault = new Vault(
      `${name}-vault`,
      {
        resourceGroupName: args.resourceGroupName,
        location: args.location,
        vaultName: args.vaultName,
        properties: {
          tenantId: args.tenantId,
          sku: { family: "A", name: "standard" },
          enableRbacAuthorization: true,
          enableSoftDelete: true,
          enablePurgeProtection: true,
          softDeleteRetentionInDays: args.softDeleteRetentionDays,
          enabledForDeployment: false,
          enabledForDiskEncryption: false,
          enabledForTemplateDeployment: false,
          publicNetworkAccess: "Enabled",
          networkAcls: {
            // The deployment writes secrets through Resource Manager, which is such a service.
            bypass: "AzureServices",
            defaultAction: "Deny",
            virtualNetworkRules: admitted.subnetIds.map((id) => ({ id })),
            // With the prefix also for one address: so Azure answers it, and drift compares (terraform-provider-azurerm, 2164).
            ipRules: admitted.ranges.map((range) => ({ value: range.includes("/") ? range : `${range}/32` })),
          },
        },
        tags: classified(args.tags, "confidential"),
      },
      guardedChildOf(this, args),
    );
    lockAgainstDeletion(`${name}-lock`, this.vaultId, args, this, this.vault);
    sendDiagnostics(
      `${name}-diagnostics`,
      {
        resourceUri: this.vaultId,
        workspaceId: args.workspaceId,
        logs: [{ categoryGroup: "audit" }, { categoryGroup: "allLogs" }],
        metrics: ["AllMetrics"],
      },
      this,
      [this.vault],
    );
    this.registerOutputs({ vaultId: this.vaultId });
  }

  /** May read this one secret, and write none. */
  readSecret(secret: Secret, secretName: string): Grant {
    return {
      role: "keyVaultSecretsUser",
      scope: `${this.vaultId}/secrets/${secretName}`,
      scopeResource: secret,
    };
  }

  /** May read every secret of the vault, and write none. */
  get readSecrets(): Grant {
    return { role: "keyVaultSecretsUser", scope: this.vaultId, scopeResource: this.vault };
  }

  /**
   * Writes every secret of a contract. What a restore may point elsewhere is written again only when its declared value
   * changes: any other update would send the recorded value along, and with it everybody back to what was left.
   */
  writeAll<Name extends string>(
    { system, secrets }: SecretsOfContract<Name>,
    values: Readonly<Record<Name, pulumi.Input<string>>>,
  ): Readonly<Record<Name, Secret>> {
    const written = secrets.map(({ name, description }) => {
      const ignoreChanges = isConnectionSecret(system, name) ? ["tags"] : [];
      return [name, this.write(name, values[name], description, ignoreChanges)] as const;
    });
    return Object.fromEntries(written) as Record<Name, Secret>;
  }

  /** Writes a secret. The value reaches the state encrypted and is never read back from Azure. */
  write(
    secretName: string,
    value: pulumi.Input<string>,
    purpose: string,
    ignoreChanges: string[] = [],
  ): Secret {
    return new Secret(
      `${this.prefix}-secret-${secretName}`,
      {
        resourceGroupName: this.args.resourceGroupName,
        vaultName: this.args.vaultName,
        secretName,
        properties: {
          value: pulumi.secret(value),
          contentType: "text/plain",
          attributes: { enabled: true },
        },
        tags: { ...classified(this.args.tags, "confidential"), purpose },
      },
      { ...childOf(this, [this.vault]), ...(ignoreChanges.length > 0 && { ignoreChanges }) },
    );
  }
}

/**
 * What an app setting holds in the place of a secret. Without a version, so that a new value is picked up by itself
 * (within a day) and a restore needs no deployment.
 */
export function vaultReference(vaultName: string, secretName: string): string {
  return `@Microsoft.KeyVault(SecretUri=https://${vaultName}.vault.azure.net/secrets/${secretName})`;
}
