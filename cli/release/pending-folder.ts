import { join } from "node:path";
import type { Workspace } from "../workspace";

/** What a machine keeps of the releases that its processes run, while the store of their journals does not. */
export function pendingFolder({ stateDir }: Pick<Workspace, "stateDir">): string {
  return join(stateDir, "releases", "pending");
}
