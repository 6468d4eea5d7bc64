import type { DiffResult, PropertyChange } from "../plugin-server/provider";
import { type LeafChange, leafChanges } from "../plugin-server/values/diff";
import { formatPath, isAtOrBelow } from "../plugin-server/values/path";
import type { PropertyMap } from "../plugin-server/values/property";

/**
 * What a track writes after its creation, because no traffic hangs on it: a Service's ports, a route's hosts and gateway.
 * Everything else of a target is another target.
 */
const writtenLater = [
  ["target", "ports"],
  ["target", "hostnames"],
  ["target", "gateway"],
];
/** Looked at, never written. */
const onlyRead = [["target", "components"], ["target", "context"], ["sides"], ["journal"]];
/** Not read once the object exists. */
const firstOnly = [["initial"]];

/** Changes of a track's inputs; nothing live is compared, so that a swap or a ramp is no change. */
export function diffTrack(old: PropertyMap, now: PropertyMap): DiffResult {
  const changes = leafChanges(old, now).flatMap((change): PropertyChange[] => {
    if (within(change, firstOnly)) return [];
    const replace = !within(change, writtenLater) && !within(change, onlyRead);
    return [{ path: formatPath(change.path), kind: change.kind, replace }];
  });
  return { changes, deleteBeforeReplace: changes.some(({ replace }) => replace) };
}

function within({ path }: LeafChange, patterns: readonly string[][]): boolean {
  return patterns.some((pattern) => isAtOrBelow(path, pattern));
}
