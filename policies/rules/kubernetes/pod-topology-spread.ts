import { judgeEach } from "../../decide";
import { switchedComponent } from "../../kubernetes/cluster-systems";
import { objectName, selects } from "../../kubernetes/objects";
import { podPath, workloads } from "../../kubernetes/pods";
import { kubernetes } from "../../kubernetes/types";
import { mapAt, objectsAt, optional } from "../../read";
import { resourceRule } from "../../rule";
import { judged, notApplicable, violation } from "../../verdict";

const zone = "topology.kubernetes.io/zone";
const topologies = [zone, "kubernetes.io/hostname"] as const;

export const podTopologySpread = resourceRule({
  name: "pod-topology-spread",
  topic: "kubernetes",
  displayName: "One zone or node does not take a colour with it",
  description:
    "Pods of a colour, and of a data store, are spread over zones and nodes; a pod waits rather than joins a zone that is ahead, and one of a data store waits for a node of its own.",
  severity: "high",
  ids: ["RET-103", "STO-067", "CAS-056"],
  remediationSteps: `Declare topologySpreadConstraints over ${topologies.join(" and ")} that select the pods, that over zones with whenUnsatisfiable: DoNotSchedule.`,
  types: workloads,
  evaluate(workload) {
    const replicas = optional(workload, "spec.replicas") ?? 1;
    const single =
      workload.type === kubernetes.deployment && !switchedComponent(objectName(workload)) && replicas === 1;
    if (single) return notApplicable("one pod cannot be spread");
    const path = podPath(workload, "spec.topologySpreadConstraints");
    const labels = mapAt(workload, podPath(workload, "metadata.labels"));
    return judged(
      judgeEach(
        topologies,
        () => workload.urn,
        (topology) => {
          // A colour may have more pods than there are nodes; members of a data store on one node are lost together.
          const binding = topology === zone || workload.type === kubernetes.statefulSet;
          const spread = objectsAt(workload, path).some(
            (constraint, index) =>
              constraint.topologyKey === topology &&
              constraint.maxSkew === 1 &&
              (!binding || constraint.whenUnsatisfiable === "DoNotSchedule") &&
              selects(workload, `${path}.${index}.labelSelector`, labels),
          );
          const how = binding ? "maxSkew 1 and whenUnsatisfiable DoNotSchedule" : "maxSkew 1";
          return spread ? [] : [violation(workload.urn, `${path} must hold ${topology} with ${how}`)];
        },
      ),
    );
  },
});
