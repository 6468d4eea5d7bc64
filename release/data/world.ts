import type { ReleaseFacts, StoreFacts, StoreKind } from "../../runbooks/release-facts";
import { UserError } from "../user-error";
import type { ArmWork } from "./arm-work";
import type { DataContext, RestoreConfirmation } from "./data-adapter";
import type { JobCluster } from "./job";
import type { SecretCluster } from "./synced-secrets";
import type { VaultDoor } from "./vault-switch";

/** What adapters reach; made anew for each call, with its signal. */
export interface DataWorld {
  cluster(context: DataContext): Promise<JobCluster & SecretCluster>;
  arm(context: DataContext): ArmWork;
  vault(context: DataContext): VaultDoor;
  /** Blobs of a container whose names begin so, with their sizes in bytes. */
  blobs(
    place: { readonly accountName: string; readonly container: string; readonly prefix: string },
    context: DataContext,
  ): Promise<readonly { readonly name: string; readonly bytes: number }[]>;
}

/** @throws UserError when nobody decided: data is restored by no machine alone */
export function requireConfirmation({ confirmedBy, reason }: RestoreConfirmation): void {
  if (
    confirmedBy.length > 0 &&
    confirmedBy.every(({ person }) => person.trim() !== "") &&
    reason.trim() !== ""
  )
    return;
  throw new UserError("a restore needs the names of those who confirmed it, and their reason", {
    mend: "switchyard release confirm SYSTEM --role ROLE --reason TEXT, by each role that the runbook names",
  });
}

/** @throws UserError when the stack says nothing of the store */
export function storeFacts({ stores, system }: ReleaseFacts, store: StoreKind): StoreFacts {
  const facts = stores[store];
  if (facts !== undefined) return facts;
  throw new UserError(`the stack's output release of ${system} says nothing of the store ${store}`, {
    mend: "switchyard up writes it",
  });
}

export function resourceIdOf(facts: ReleaseFacts, store: StoreKind): string {
  const { resourceId } = storeFacts(facts, store);
  if (resourceId !== undefined) return resourceId;
  throw new UserError(
    `${store} of ${facts.system} is no resource of Azure: there is nothing to restore by it`,
  );
}
