import type { Entry } from "./vocabulary";

/** Whether an entry holds for a release of these kinds. */
export function holdsFor(
  { releases, exceptReleases }: Pick<Entry, "releases" | "exceptReleases">,
  kinds: readonly string[],
): boolean {
  if (exceptReleases?.some((kind) => kinds.includes(kind))) return false;
  return releases === undefined || releases.some((kind) => kinds.includes(kind));
}
