import type * as pulumi from "@pulumi/pulumi";
import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import { declareIdentity } from "../../azure/system-identity";
import type { WorkloadIdentity } from "../../azure/workload-identity";
import { taskName } from "../../kubernetes/maintenance-job";
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
  const { vault, storage } = args.foundation;
  const identityArgs = { ...args, namespaceName: contract.namespace.name };
  const dumpTasks = contract.tasks
    .filter(({ image }) => image === "mongoTools")
    .map((task) => taskName(contract.system, task.name));
  return {
    backend: declareIdentity(
      identityArgs,
      "backend",
      [contract.components.backend.name],
      [vault.readSecrets],
    ),
    backups: declareIdentity(identityArgs, "backups", dumpTasks, [
      vault.readSecrets,
      storage.grant("storageBlobDataContributor"),
    ]),
    exporters: declareIdentity(identityArgs, "exporters", args.exporterAccounts, [vault.readSecrets]),
  };
}
