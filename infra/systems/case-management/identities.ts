import type * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import type { Grant } from "../../azure/access";
import { WorkloadIdentity } from "../../azure/workload-identity";
import type { Placement } from "../../placement";
import type { PlatformServices } from "../platform/services";
import type { Foundation } from "./foundation";
import type { CaseManagementNames } from "./names";

/** Who signs in to Azure from the cluster. */
export interface Identities {
  readonly backend: WorkloadIdentity;
  /** Of the tasks that run in the image with the tools. */
  readonly tasks: WorkloadIdentity;
  /** Of the exporters that read a secret. */
  readonly exporters: WorkloadIdentity;
}

export interface IdentitiesArgs {
  readonly name: string;
  readonly placement: Placement;
  readonly names: CaseManagementNames;
  readonly foundation: Foundation;
  readonly platform: PlatformServices;
  readonly parent: pulumi.Resource;
  readonly group: pulumi.Resource;
}

/**
 * The backend may read secrets and write uploads; the tasks may read secrets and uploads and write backups; exporters may
 * read secrets.
 */
export function declareIdentities(args: IdentitiesArgs): Identities {
  const { name, placement, names, foundation, platform, parent, group } = args;
  const { vault, uploads, backups } = foundation;
  const { oidcIssuerUrl } = platform;
  const options = { parent, dependsOn: [group] };
  const readSecrets: Grant = {
    role: "keyVaultSecretsUser",
    scope: vault.vaultId,
    scopeResource: vault.vault,
  };
  const on = (role: Grant["role"], storage: typeof uploads): Grant => ({
    role,
    scope: storage.accountId,
    scopeResource: storage.account,
  });
  return {
    backend: new WorkloadIdentity(
      `${name}-backend-identity`,
      {
        ...placement,
        identityName: names.identities.backend,
        oidcIssuerUrl,
        serviceAccounts: [account(contract.components.backend.name)],
        grants: [readSecrets, on("storageBlobDataContributor", uploads)],
      },
      options,
    ),
    tasks: new WorkloadIdentity(
      `${name}-tasks-identity`,
      {
        ...placement,
        identityName: names.identities.tasks,
        oidcIssuerUrl,
        serviceAccounts: contract.tasks
          .filter(({ image }) => image === "tools")
          .map(({ name: task }) => account(taskName(task))),
        grants: [
          readSecrets,
          on("storageBlobDataReader", uploads),
          on("storageBlobDataContributor", backups),
        ],
      },
      options,
    ),
    exporters: new WorkloadIdentity(
      `${name}-exporters-identity`,
      {
        ...placement,
        identityName: names.identities.exporters,
        oidcIssuerUrl,
        serviceAccounts: contract.metrics.exporters
          .filter((exporter) => "secretEnvironment" in exporter)
          .map(({ job }) => account(job)),
        grants: [readSecrets],
      },
      options,
    ),
  };
}

function account(serviceAccount: string) {
  return { namespace: contract.namespace.name, serviceAccount };
}

/** Name of a task's CronJob and service account. */
export function taskName(task: string): string {
  return `${contract.system}-${task}`;
}
