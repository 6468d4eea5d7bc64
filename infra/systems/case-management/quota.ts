import { caseManagement as contract } from "../../../runbooks/case-management";
import type { Environment } from "../../../runbooks/model";
import { podsOfBothColours, quotaFor } from "../../kubernetes/quota";
import type { SystemNamespaceArgs } from "../../kubernetes/system-namespace";

/** Room for exporters and for tasks of a release beside both colours. */
const others = { pods: 12, cpuMillicores: { request: 200 }, memoryMebibytes: { request: 1024, limit: 1024 } };

export function quotaOf(environment: Environment): SystemNamespaceArgs["quota"] {
  const { backend, frontend } = contract.components;
  const sides = [backend, frontend].map(({ mostReplicas, resources }) => ({
    pods: podsOfBothColours(mostReplicas[environment]),
    ...resources,
  }));
  return quotaFor([...sides, others]);
}
