import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import type { Environment } from "../../../runbooks/model";
import { podsOfBothColours, quotaFor } from "../../kubernetes/quota";
import type { SystemNamespaceArgs } from "../../kubernetes/system-namespace";

/** Room for exporters and for tasks beside both colours. */
const others = { pods: 12, cpuMillicores: { request: 250 }, memoryMebibytes: { request: 1024, limit: 1024 } };

export function quotaOf(environment: Environment): SystemNamespaceArgs["quota"] {
  const { backend, frontend } = contract.components;
  const sides = [backend, frontend].map(({ mostReplicas, resources }) => ({
    pods: podsOfBothColours(mostReplicas[environment]),
    cpuMillicores: { request: resources.requestMillicores },
    memoryMebibytes: { request: resources.requestMebibytes, limit: resources.limitMebibytes },
  }));
  return quotaFor([...sides, others]);
}
