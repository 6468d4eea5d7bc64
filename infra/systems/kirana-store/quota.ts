import { kiranaStore as contract } from "../../../runbooks/kirana-store";
import type { Environment } from "../../../runbooks/model";
import type { SystemNamespaceArgs } from "../../kubernetes/system-namespace";

const colourCount = 2;

/** Room for exporters and for tasks beside both colours: each takes at most a core and a gibibyte. */
const others = { pods: 12, millicores: 3000, mebibytes: 12_288 };

/** Both colours fit at full size, since a ramp has both, and a quarter more of one while its pods are replaced. */
export function quotaOf(environment: Environment): SystemNamespaceArgs["quota"] {
  const { backend, frontend } = contract.components;
  let [pods, millicores, requested, limit] = [0, 0, 0, 0];
  for (const { mostReplicas, resources } of [backend, frontend]) {
    const most = mostReplicas[environment];
    const count = colourCount * most + Math.ceil(most / 4);
    pods += count;
    millicores += count * resources.requestMillicores;
    requested += count * resources.requestMebibytes;
    limit += count * resources.limitMebibytes;
  }
  return {
    requestedCpu: `${millicores + others.millicores}m`,
    requestedMemory: `${requested + others.mebibytes}Mi`,
    memoryLimit: `${limit + others.mebibytes}Mi`,
    pods: pods + others.pods,
  };
}
