import type * as pulumi from "@pulumi/pulumi";
import { caseManagement as contract } from "../../../runbooks/case-management";
import { declareIdentity } from "../../azure/system-identity";
import type { WorkloadIdentity } from "../../azure/workload-identity";
import { taskName } from "../../kubernetes/maintenance-job";
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
  const { vault, uploads, backups } = args.foundation;
  const identityArgs = { ...args, namespaceName: contract.namespace.name };
  return {
    backend: declareIdentity(
      identityArgs,
      "backend",
      [contract.components.backend.name],
      [vault.readSecrets, uploads.grant("storageBlobDataContributor")],
    ),
    tasks: declareIdentity(
      identityArgs,
      "tasks",
      contract.tasks
        .filter(({ image }) => image === "tools")
        .map((task) => taskName(contract.system, task.name)),
      [
        vault.readSecrets,
        uploads.grant("storageBlobDataReader"),
        backups.grant("storageBlobDataContributor"),
      ],
    ),
    exporters: declareIdentity(
      identityArgs,
      "exporters",
      contract.metrics.exporters.filter((exporter) => "secretEnvironment" in exporter).map(({ job }) => job),
      [vault.readSecrets],
    ),
  };
}
