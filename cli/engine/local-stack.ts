import { type CloudEndpoint, cloudStatus, resetCloud, startCloud } from "../../local/cloud/daemon";
import { sideBySide } from "../../local/side-by-side";
import { startTraffic } from "../../local/traffic/daemon";
import { localStack } from "../stack-files";
import type { Workspace } from "../workspace";
import { backendFolder, withKubernetes } from "./environment";
import { ensureStack, isEmptyStack } from "./file-stack";
import { type LocalKubernetes, prepareKubernetes, usesKubernetes } from "./kubernetes";
import { type EngineSession, type PrepareOptions, prepareEngine } from "./session";

export interface LocalStack {
  readonly session: EngineSession;
  readonly cloud: CloudEndpoint;
  /** Absent when no system of the stack is on a cluster. */
  readonly kubernetes?: LocalKubernetes;
}

/** Makes the dev stack runnable: the engine, the local cloud and cluster, and the stack itself in the file backend. */
export async function prepareLocalStack(options: PrepareOptions): Promise<LocalStack> {
  const { workspace, progress } = options;
  const { stateDir } = workspace;
  const [[session, cloud], kubernetes] = await sideBySide(
    options.signal,
    async (signal: AbortSignal) => {
      const engine = await prepareEngine({ ...options, signal, mode: { kind: "local" } });
      await ensureStack(engine, localStack, backendFolder(workspace));
      return [
        engine,
        await withoutLeftovers(workspace, await startCloud({ stateDir, progress, signal })),
      ] as const;
    },
    async (signal: AbortSignal) =>
      usesKubernetes(workspace, localStack)
        ? prepareKubernetes({ ...options, signal, stack: localStack })
        : undefined,
    (signal: AbortSignal) => startTraffic({ stateDir, progress, signal }),
  );
  if (kubernetes === undefined) return { session, cloud };
  const environment = withKubernetes(session.environment, kubernetes);
  return { session: { ...session, environment }, cloud, kubernetes };
}

/**
 * After `pulumi destroy` the cloud keeps what Azure keeps (a purge-protected vault and its name), so that the next `up`
 * would be refused. While the stack is empty nothing refers to it: the cloud is emptied.
 */
async function withoutLeftovers(workspace: Workspace, cloud: CloudEndpoint): Promise<CloudEndpoint> {
  const { stateDir } = workspace;
  if (!isEmptyStack(backendFolder(workspace), localStack)) return cloud;
  const { deleted = [], resources = {} } = await cloudStatus({ stateDir });
  if (deleted.length === 0 || Object.keys(resources).length > 0) return cloud;
  await resetCloud({ stateDir });
  return startCloud({ stateDir });
}
