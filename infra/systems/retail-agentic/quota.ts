import type { Environment } from "../../../runbooks/model";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import type { SystemNamespaceArgs } from "../../kubernetes/system-namespace";

const colourCount = 2;
/** A pod of an exporter or a task takes at most so much. */
const other = { cpuMillicores: 250, memoryMebibytes: 1024 };

/** Both colours fit at full size (RET-143), and a quarter more of one while its pods are replaced. */
export function quotaOf(environment: Environment, searchInCluster: boolean): SystemNamespaceArgs["quota"] {
  const { backend, consumerWeb, adminWeb } = contract.components;
  const { otherPods } = contract.quota;
  const replicas = searchInCluster ? contract.search.replicas[environment] : 0;
  const search = contract.search.resources;
  let pods = otherPods + replicas;
  let cpu = otherPods * other.cpuMillicores + replicas * search.cpuMillicores.request;
  let requested = otherPods * other.memoryMebibytes + replicas * search.memoryMebibytes.request;
  let limit = otherPods * other.memoryMebibytes + replicas * search.memoryMebibytes.limit;
  for (const { mostReplicas, resources } of [backend, consumerWeb, adminWeb]) {
    const most = mostReplicas[environment];
    const count = colourCount * most + Math.ceil(most / 4);
    pods += count;
    cpu += count * resources.cpuMillicores.request;
    requested += count * resources.memoryMebibytes.request;
    limit += count * resources.memoryMebibytes.limit;
  }
  return {
    requestedCpu: `${cpu}m`,
    requestedMemory: `${requested}Mi`,
    memoryLimit: `${limit}Mi`,
    pods,
    persistentVolumeClaims: replicas,
  };
}
