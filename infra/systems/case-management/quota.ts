import { caseManagement as contract } from "../../../runbooks/case-management";
import type { Environment } from "../../../runbooks/model";
import type { SystemNamespaceArgs } from "../../kubernetes/system-namespace";

const colourCount = 2;

/** Room for exporters and for tasks of a release beside both colours: each takes at most a core and a gibibyte. */
const others = { pods: 10, cpuMillicores: 2000, memoryMebibytes: 10_240 };

/** Both colours fit at full size, and a quarter more of one while its pods are replaced. */
export function quotaOf(environment: Environment): SystemNamespaceArgs["quota"] {
  const { backend, frontend } = contract.components;
  let [pods, cpu, requested, limit] = [0, 0, 0, 0];
  for (const { mostReplicas, resources } of [backend, frontend]) {
    const most = mostReplicas[environment];
    const count = colourCount * most + Math.ceil(most / 4);
    pods += count;
    cpu += count * resources.cpuMillicores.request;
    requested += count * resources.memoryMebibytes.request;
    limit += count * resources.memoryMebibytes.limit;
  }
  return {
    requestedCpu: `${cpu + others.cpuMillicores}m`,
    requestedMemory: `${requested + others.memoryMebibytes}Mi`,
    memoryLimit: `${limit + others.memoryMebibytes}Mi`,
    pods: pods + others.pods,
  };
}
