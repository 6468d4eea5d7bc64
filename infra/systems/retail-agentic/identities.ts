import type * as pulumi from "@pulumi/pulumi";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import { declareIdentity } from "../../azure/system-identity";
import type { WorkloadIdentity } from "../../azure/workload-identity";
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
  const { vault, backups } = args.foundation;
  const identityArgs = { ...args, namespaceName: contract.namespace.name };
  const readAndBackUp = [vault.readSecrets, backups.grant("storageBlobDataContributor")];
  const tasksWith = (...images: readonly string[]) =>
    contract.tasks.filter(({ image }) => images.includes(image)).map((task) => task.name);
  const searchAccounts = args.searchInCluster ? [contract.search.name, ...tasksWith("searchTools")] : [];
  return {
    backend: declareIdentity(
      identityArgs,
      "backend",
      [contract.components.backend.name],
      [vault.readSecrets],
    ),
    tasks: declareIdentity(identityArgs, "tasks", tasksWith("mongoTools", "postgresTools"), readAndBackUp),
    search: declareIdentity(identityArgs, "search", searchAccounts, readAndBackUp),
  };
}
