import type { Environment } from "../../../runbooks/model";
import { retailAgentic as contract } from "../../../runbooks/retail-agentic";
import { podsOfBothColours, quotaFor } from "../../kubernetes/quota";
import type { SystemNamespaceArgs } from "../../kubernetes/system-namespace";

/** What a pod of an exporter or a task takes. */
const other = { cpuMillicores: { request: 250 }, memoryMebibytes: { request: 1024, limit: 1024 } };

/** RET-143: both colours fit, beside the search engine. */
export function quotaOf(environment: Environment, searchInCluster: boolean): SystemNamespaceArgs["quota"] {
  const { backend, consumerWeb, adminWeb } = contract.components;
  const replicas = searchInCluster ? contract.search.replicas[environment] : 0;
  const sides = [backend, consumerWeb, adminWeb].map(({ mostReplicas, resources }) => ({
    pods: podsOfBothColours(mostReplicas[environment]),
    ...resources,
  }));
  const search = { pods: replicas, ...contract.search.resources };
  const others = { pods: contract.quota.otherPods, ...other };
  return { ...quotaFor([...sides, search, others]), persistentVolumeClaims: replicas };
}
