import { azure } from "../../azure/types";
import { equals, propertyRule } from "../../property-rule";
import { objectsAt } from "../../read";
import { store } from "../../systems";

const { logFileMegabytes, logFiles } = store.contract.audit;

export const containerLogRotation = propertyRule({
  name: "container-log-rotation",
  topic: "cluster",
  displayName: "Logs do not fill a node's disk",
  description: `On every node a container's log has at most ${logFiles} files of ${logFileMegabytes} MB.`,
  severity: "medium",
  ids: ["STO-063"],
  remediationSteps: "Declare kubeletConfig of each pool with the contract's numbers.",
  types: [azure.cluster, azure.nodePool],
  properties: (resource) =>
    poolsOf(resource).flatMap((pool) => [
      { path: `${pool}kubeletConfig.containerLogMaxSizeMB`, expected: equals(logFileMegabytes) },
      { path: `${pool}kubeletConfig.containerLogMaxFiles`, expected: equals(logFiles) },
    ]),
});

/** Path of each pool, with the dot behind it. A cluster lists its first pools itself. */
function poolsOf(resource: Parameters<typeof objectsAt>[0] & { readonly type: string }): readonly string[] {
  if (resource.type === azure.nodePool) return [""];
  const count = objectsAt(resource, "agentPoolProfiles").length;
  // A cluster without a pool in it is asked for the first one's, so that its absence is told.
  return Array.from({ length: Math.max(count, 1) }, (_none, index) => `agentPoolProfiles.${index}.`);
}
