import type * as pulumi from "@pulumi/pulumi";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import type { Grant } from "../../azure/access";
import { WorkloadIdentity } from "../../azure/workload-identity";
import type { Placement } from "../../placement";
import type { PlatformServices } from "../platform/services";
import type { Foundation } from "./foundation";
import type { RetailNames } from "./names";

/** Who signs in to Azure from the cluster. */
export interface Identities {
  readonly backend: WorkloadIdentity;
  /** Of backups and restore drills. */
  readonly tasks: WorkloadIdentity;
  /** Of the search engine and its snapshots. */
  readonly search: WorkloadIdentity;
}

export interface IdentitiesArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: RetailNames;
  readonly foundation: Foundation;
  readonly platform: PlatformServices;
  readonly searchInCluster: boolean;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
}

/** The backend may read secrets; tasks and search engine may also write backups. */
export function declareIdentities(args: IdentitiesArgs): Identities {
  const { name, placement, names, foundation, platform, searchInCluster, parent, group } = args;
  const { vault, backups } = foundation;
  const readSecrets: Grant = {
    role: "keyVaultSecretsUser",
    scope: vault.vaultId,
    scopeResource: vault.vault,
  };
  const writeBackups: Grant = {
    role: "storageBlobDataContributor",
    scope: backups.accountId,
    scopeResource: backups.account,
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
  const tasksWith = (...images: readonly string[]) =>
    contract.tasks.filter(({ image }) => images.includes(image)).map((task) => task.name);
  return {
    backend: identity("backend", [contract.components.backend.name], [readSecrets]),
    tasks: identity("tasks", tasksWith("mongoTools", "postgresTools"), [readSecrets, writeBackups]),
    search: identity("search", searchInCluster ? [contract.search.name, ...tasksWith("searchTools")] : [], [
      readSecrets,
      writeBackups,
    ]),
  };
}
