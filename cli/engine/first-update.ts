import { existsSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { resetCloud } from "../../local/cloud/daemon";
import { resetCluster } from "../../local/cluster/daemon";
import { localStack } from "../stack-files";
import type { Workspace } from "../workspace";
import { backendFolder } from "./environment";
import { isEmptyStack } from "./file-stack";
import type { LocalKubernetes } from "./kubernetes";
import { clearDeadLocks, lockFolder } from "./recovery";
import type { EngineSession } from "./session";

/**
 * Runs an update of the dev stack. The first one saves the state at its end only: the engine would write all of it twice
 * for each resource, which of several hundred is most of the time (docs/adr/0103). A mark says that one is under way.
 *
 * @param kubernetes A cluster that is the user's own cannot be emptied afterwards: there every step is saved.
 */
export async function updateLocal<T>(
  session: EngineSession,
  kubernetes: LocalKubernetes | undefined,
  update: (session: EngineSession) => Promise<T>,
): Promise<T> {
  const { workspace } = session;
  if (!isEmpty(workspace) || (kubernetes && !kubernetes.cluster)) return update(session);
  const mark = markOf(workspace);
  writeFileSync(mark, "", { mode: 0o600 });
  const result = await update({
    ...session,
    environment: { ...session.environment, PULUMI_SKIP_CHECKPOINTS: "true" },
  });
  // Still empty: the engine was killed, or it did nothing that could be kept.
  if (!isEmpty(workspace)) rmSync(mark, { force: true });
  return result;
}

/**
 * After a first update that was killed nothing is recorded of what it created: cloud and cluster of dev are emptied, so
 * that the next one begins as it did. Called while no other update runs.
 *
 * @returns What was done, a line each.
 * @throws UserError when a live process, or one on another host, holds the stack.
 */
export async function discardCutOffUpdate(workspace: Workspace): Promise<string[]> {
  const mark = markOf(workspace);
  if (!existsSync(mark)) return [];
  const { stateDir } = workspace;
  // The engine may have outlived the CLI: cloud and cluster are not taken away under it.
  const cleared = await clearDeadLocks(lockFolder(backendFolder(workspace), localStack), localStack);
  const empty = isEmpty(workspace);
  if (empty) await Promise.all([resetCloud({ stateDir, force: true }), resetCluster({ stateDir })]);
  rmSync(mark, { force: true });
  return empty
    ? [
        ...cleared,
        "The first update was ended before it could save anything: local cloud and cluster begin anew.",
      ]
    : cleared;
}

function isEmpty(workspace: Workspace): boolean {
  return isEmptyStack(backendFolder(workspace), localStack);
}

function markOf(workspace: Workspace): string {
  return join(workspace.stateDir, "first-update");
}
