import { existsSync, readFileSync } from "node:fs";
import { type CloudEndpoint, cloudStatus, resetCloud, startCloud } from "../../local/cloud/daemon";
import type { Workspace } from "../workspace";
import { backendFolder } from "./environment";
import { checkpointFile, ensureStack } from "./file-stack";
import { type EngineSession, type PrepareOptions, prepareEngine } from "./session";

/** The stack of the embedded local cloud. */
export const localStack = "dev";

/** Makes the dev stack runnable: the engine, the local cloud, and the stack itself in the file backend. */
export async function prepareLocalStack(
  options: PrepareOptions,
): Promise<{ session: EngineSession; cloud: CloudEndpoint }> {
  const session = await prepareEngine({ ...options, mode: { kind: "local" } });
  const { stateDir } = options.workspace;
  await ensureStack(session, localStack, backendFolder(options.workspace));
  const cloud = await startCloud({ stateDir, progress: options.progress });
  return { session, cloud: await withoutLeftovers(options.workspace, cloud) };
}

/**
 * After `pulumi destroy` the cloud keeps what Azure keeps (a purge-protected vault and its name), so that the next `up`
 * would be refused. While the stack is empty nothing refers to it: the cloud is emptied.
 */
async function withoutLeftovers(workspace: Workspace, cloud: CloudEndpoint): Promise<CloudEndpoint> {
  const { stateDir } = workspace;
  const checkpoint = checkpointFile(backendFolder(workspace), localStack);
  if (!existsSync(checkpoint) || readFileSync(checkpoint, "utf8").includes('"urn:pulumi:')) return cloud;
  const { deleted = [], resources = {} } = await cloudStatus({ stateDir });
  if (deleted.length === 0 || Object.keys(resources).length > 0) return cloud;
  await resetCloud({ stateDir });
  return startCloud({ stateDir });
}
