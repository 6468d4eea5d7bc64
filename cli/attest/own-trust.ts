import { existsSync } from "node:fs";
import { join } from "node:path";
import { isLocalStack, stackFile } from "../stack-files";
import { readStackConfig } from "../stack-settings";
import type { Workspace } from "../workspace";

/** Whether a stack relies on the key of its own machine: dev, as long as its settings name no trust root. */
export function trustsOwnKey(workspace: Workspace, stack: string): boolean {
  if (!isLocalStack(stack)) return false;
  // A checkout without the file has no settings.
  if (!existsSync(stackFile(workspace, stack))) return true;
  return readStackConfig(workspace, stack)["switchyard:trustRoot"] === undefined;
}

/** Where dev's evidence lies when its settings name no place. */
export function localEvidenceFolder({ stateDir }: Workspace): string {
  return join(stateDir, "evidence");
}
