import { idKey } from "../resource-types";
import { ArmError } from "./arm-error";
import type { Store, StoredResource } from "./store";

const LOCK = "/providers/microsoft.authorization/locks/";

export function isLock(id: string): boolean {
  return idKey(id).includes(LOCK);
}

function levelOf(lock: StoredResource): string {
  const properties = lock.body.properties as Record<string, unknown> | undefined;
  return String(properties?.level ?? "").toLowerCase();
}

function scopeOf(lock: StoredResource): string {
  return idKey(lock.id).slice(0, idKey(lock.id).lastIndexOf(LOCK));
}

/** Locks on the resource itself or on something that holds it. */
function locksOver(store: Store, id: string): StoredResource[] {
  const key = idKey(id);
  return store
    .all()
    .filter((entry) => isLock(entry.id) && (key === scopeOf(entry) || key.startsWith(`${scopeOf(entry)}/`)));
}

function locked(action: string, id: string, locks: StoredResource[]): ArmError {
  const scopes = [...new Set(locks.map((lock) => lock.id.slice(0, lock.id.toLowerCase().lastIndexOf(LOCK))))];
  return new ArmError(
    409,
    "ScopeLocked",
    `The scope '${id}' cannot perform ${action} operation because following scope(s) are locked: '${scopes.join("', '")}'. Please remove the lock and try again.`,
  );
}

/**
 * A lock forbids deleting what it lies on, what lies below, and what holds it. It never forbids its own removal.
 * @throws ArmError 409 ScopeLocked
 */
export function refuseLockedDelete(store: Store, id: string): void {
  if (isLock(id)) return;
  const over = locksOver(store, id);
  const below = store.below(id).filter((entry) => isLock(entry.id));
  const effective = [...over, ...below].filter((lock) =>
    ["cannotdelete", "readonly"].includes(levelOf(lock)),
  );
  if (effective.length > 0) throw locked("delete", id, effective);
}

/** @throws ArmError 409 ScopeLocked */
export function refuseLockedWrite(store: Store, id: string): void {
  if (isLock(id)) return;
  const effective = locksOver(store, id).filter((lock) => levelOf(lock) === "readonly");
  if (effective.length > 0) throw locked("write", id, effective);
}
