import type { Entry } from "./vocabulary";

/** Whether an entry holds for a release of these kinds. */
export function holdsFor(
  { releases, allReleases, exceptReleases }: Pick<Entry, "releases" | "allReleases" | "exceptReleases">,
  kinds: readonly string[],
): boolean {
  if (allReleases?.some((kind) => !kinds.includes(kind))) return false;
  if (exceptReleases?.some((kind) => kinds.includes(kind))) return false;
  return releases === undefined || releases.some((kind) => kinds.includes(kind));
}
