import type * as pulumi from "@pulumi/pulumi";
import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import type { Grant } from "../../azure/access";
import { WorkloadIdentity } from "../../azure/workload-identity";
import type { Placement } from "../../placement";
import type { PlatformServices } from "../platform/services";
import type { Foundation } from "./data";
import type { KiranaStoreNames } from "./names";

/** Who signs in to Azure from the cluster. */
export interface Identities {
  readonly backend: WorkloadIdentity;
  /** Of the dumps and the restore drill. */
  readonly backups: WorkloadIdentity;
  /** Of the exporters beside the store. */
  readonly exporters: WorkloadIdentity;
}

export interface IdentitiesArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: KiranaStoreNames;
  readonly foundation: Foundation;
  readonly platform: PlatformServices;
  /** Service accounts of the exporters that read a secret. */
  readonly exporterAccounts: readonly string[];
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
}

/** Backend and exporters may read secrets; the dumps' tasks may write dumps as well. Nobody may delete a vault's secret. */
export function declareIdentities(args: IdentitiesArgs): Identities {
  const { name, placement, names, foundation, platform, parent, group } = args;
  const { vault, storage } = foundation;
  const readSecrets: Grant = {
    role: "keyVaultSecretsUser",
    scope: vault.vaultId,
    scopeResource: vault.vault,
  };
  const writeDumps: Grant = {
    role: "storageBlobDataContributor",
    scope: storage.accountId,
    scopeResource: storage.account,
  };
  const identity = (key: keyof Identities, accounts: readonly string[], grants: readonly Grant[]) =>
    new WorkloadIdentity(
      `${name}-${key}-identity`,
      {
        ...placement,
        identityName: names.identities[key],
        oidcIssuerUrl: platform.oidcIssuerUrl,
        serviceAccounts: accounts.map((serviceAccount) => ({
          namespace: contract.namespace.name,
          serviceAccount,
        })),
        grants,
      },
      { parent, dependsOn: [group] },
    );
  return {
    backend: identity("backend", [contract.components.backend.name], [readSecrets]),
    backups: identity(
      "backups",
      contract.tasks.filter(({ image }) => image === "mongoTools").map((task) => taskName(task.name)),
      [readSecrets, writeDumps],
    ),
    exporters: identity("exporters", args.exporterAccounts, [readSecrets]),
  };
}

/** Name of a task's CronJob and service account. */
export function taskName(task: string): string {
  return `${contract.system}-${task}`;
}
