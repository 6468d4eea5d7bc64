import { type CloudEndpoint, cloudStatus, resetCloud, startCloud } from "../../local/cloud/daemon";
import { startTraffic } from "../../local/traffic/daemon";
import { localStack } from "../stack-files";
import type { Workspace } from "../workspace";
import { backendFolder, withKubernetes } from "./environment";
import { ensureStack, isEmptyStack } from "./file-stack";
import { type LocalKubernetes, prepareKubernetes, usesKubernetes } from "./kubernetes";
import { type EngineSession, type PrepareOptions, prepareEngine } from "./session";

export { localStack };

export interface LocalStack {
  readonly session: EngineSession;
  readonly cloud: CloudEndpoint;
  /** Absent when no system of the stack is on a cluster. */
  readonly kubernetes?: LocalKubernetes;
}

/** Makes the dev stack runnable: the engine, the local cloud and cluster, and the stack itself in the file backend. */
export async function prepareLocalStack(options: PrepareOptions): Promise<LocalStack> {
  const { workspace, progress, signal } = options;
  const engine = await prepareEngine({ ...options, mode: { kind: "local" } });
  const startKubernetes = async () =>
    usesKubernetes(workspace, localStack) ? prepareKubernetes({ ...options, stack: localStack }) : undefined;
  const startRest = async () => {
    await ensureStack(engine, localStack, backendFolder(workspace));
    return withoutLeftovers(workspace, await startCloud({ stateDir: workspace.stateDir, progress, signal }));
  };
  const startFront = () => startTraffic({ stateDir: workspace.stateDir, progress, signal });
  const [kubernetes, cloud] = await Promise.all([startKubernetes(), startRest(), startFront()]);
  if (kubernetes === undefined) return { session: engine, cloud };
  const environment = withKubernetes(engine.environment, kubernetes);
  return { session: { ...engine, environment }, cloud, kubernetes };
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
