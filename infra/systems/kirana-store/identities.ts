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
  /** Of the scan for updates. */
  readonly scanner: WorkloadIdentity;
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

/**
 * Backend and exporters may read secrets; the dumps' tasks may write dumps as well; the scan may pull images. Nobody may
 * delete a vault's secret.
 */
export function declareIdentities(args: IdentitiesArgs): Identities {
  const { vault, storage } = args.foundation;
  const { registryId, ready } = args.platform;
  const identityArgs = { ...args, namespaceName: contract.namespace.name };
  const [registry = args.group] = ready.registry;
  return {
    backend: declareIdentity(
      identityArgs,
      "backend",
      [contract.components.backend.name],
      [vault.readSecrets],
    ),
    backups: declareIdentity(identityArgs, "backups", accountsOf("mongoTools"), [
      vault.readSecrets,
      storage.grant("storageBlobDataContributor"),
    ]),
    exporters: declareIdentity(identityArgs, "exporters", args.exporterAccounts, [vault.readSecrets]),
    scanner: declareIdentity(identityArgs, "scanner", accountsOf("imageScanner"), [
      { role: "acrPull", scope: registryId, scopeResource: registry },
    ]),
  };
}

/** Service accounts of the tasks that run in an image. */
function accountsOf(image: (typeof contract.tasks)[number]["image"]): readonly string[] {
  return contract.tasks
    .filter((task) => task.image === image)
    .map((task) => taskName(contract.system, task.name));
}
