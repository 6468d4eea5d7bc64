import { byArmId } from "../resource-types";
import type { DeletedResource, Store, StoredResource } from "./store";

/** What a removal works on. */
interface TreeHolder {
  readonly store: Store;
  now(): string;
}

/**
 * Removes a resource and everything below it, children first: what a crash leaves is always a smaller tree with its
 * root still there. What Azure keeps after a deletion (a vault) is set aside before it is removed.
 */
export async function removeTree(cloud: TreeHolder, id: string): Promise<void> {
  const { store } = cloud;
  const root = store.get(id);
  const tree = [...store.below(id), ...(root === undefined ? [] : [root])];
  for (const entry of tree) {
    const kept = softDeleted(cloud, entry);
    if (kept !== undefined) await store.putDeleted(kept);
  }
  for (const entry of tree) await store.remove(entry.id);
}

function softDeleted(cloud: TreeHolder, entry: StoredResource): DeletedResource | undefined {
  const softDelete = byArmId(entry.id)?.softDelete;
  if (softDelete === undefined) return undefined;
  const now = Date.parse(cloud.now());
  return {
    id: entry.id,
    token: entry.token,
    location: String(entry.body.location ?? ""),
    deletedAt: new Date(now).toISOString(),
    purgeAt: new Date(now + softDelete.retentionDays(entry.body) * 86_400_000).toISOString(),
    resources: [entry, ...cloud.store.below(entry.id)],
  };
}
