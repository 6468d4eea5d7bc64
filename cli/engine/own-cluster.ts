import { existsSync, readFileSync } from "node:fs";
import { localContext } from "../../infra/kubernetes/local-context";
import {
  requireDefinitions,
  requireFreeNamespaces,
  requireRights,
} from "../../local/cluster/user-cluster-room";
import { UserError } from "../../local/user-error";
import { localStack } from "../stack-files";
import { systemsOfStack } from "../stack-settings";
import type { Workspace } from "../workspace";
import { backendFolder } from "./environment";
import { checkpointFile } from "./file-stack";
import type { LocalKubernetes } from "./kubernetes";
import { definitionsNeeded, namespacesOfSystems, resourcesNeeded } from "./own-cluster-needs";

/**
 * Refuses another cluster than the one that the recorded objects of dev stand on: the engine would take them for there,
 * make nothing on the new one, and leave the old ones where they are.
 *
 * @param identity of the user's own cluster. @default - the embedded one
 */
export function requireSameCluster(workspace: Workspace, identity: string = localContext): void {
  const recorded = new Set(
    [...recordedText(workspace).matchAll(/"clusterIdentifier": ?"([^"]+)"/g)].map(([, id]) => String(id)),
  );
  recorded.delete(identity);
  const [other] = recorded;
  if (other === undefined) return;
  const name = (id: string) => (id === localContext ? "the local cluster" : `the cluster with the UID ${id}`);
  throw new UserError(
    `${localStack} stands on ${name(other)}; switchyard:kubeconfig now means ${name(identity)}.`,
    {
      mend: `Put the setting back${other === localContext ? " (pulumi config rm switchyard:kubeconfig --stack dev)" : ""} and empty the stack first: eval "$(npx switchyard env)" && pulumi destroy --stack ${localStack}.`,
    },
  );
}

/**
 * What an update needs of the user's own cluster before it begins: definitions, rights, and namespaces that are nobody
 * else's. The embedded one has them.
 *
 * @throws UserError that says what is missing, or whose it is
 */
export async function requireReadyCluster(
  workspace: Workspace,
  kubernetes: LocalKubernetes | undefined,
): Promise<void> {
  const own = kubernetes?.own;
  if (own === undefined) return;
  await requireDefinitions(own, definitionsNeeded);
  await requireRights(own, resourcesNeeded);
  const namespaces = systemsOfStack(workspace, localStack).flatMap((name) => namespacesOfSystems[name] ?? []);
  await requireFreeNamespaces(own, namespaces, recordedNamespaces(workspace));
}

interface RecordedObject {
  readonly type?: string;
  readonly inputs?: { readonly metadata?: { readonly name?: string } };
}

interface Checkpoint {
  readonly checkpoint?: {
    readonly latest?: {
      readonly resources?: readonly RecordedObject[];
      readonly pending_operations?: readonly { readonly resource?: RecordedObject }[];
    };
  };
}

/** Those under way count: a killed update leaves a namespace of which only its beginning is recorded. */
function recordedNamespaces(workspace: Workspace): ReadonlySet<string> {
  const text = recordedText(workspace);
  const { resources = [], pending_operations: pending = [] } =
    (text === "" ? undefined : (JSON.parse(text) as Checkpoint).checkpoint?.latest) ?? {};
  const objects = [...resources, ...pending.map(({ resource }) => resource)];
  return new Set(
    objects.flatMap((object) => {
      const name = object?.inputs?.metadata?.name;
      return object?.type === "kubernetes:core/v1:Namespace" && name !== undefined ? [name] : [];
    }),
  );
}

function recordedText(workspace: Workspace): string {
  const file = checkpointFile(backendFolder(workspace), localStack);
  return existsSync(file) ? readFileSync(file, "utf8") : "";
}
