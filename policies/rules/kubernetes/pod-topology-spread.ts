import { judgeEach } from "../../decide";
import { switchedComponent } from "../../kubernetes/cluster-systems";
import { objectName, selects } from "../../kubernetes/objects";
import { podPath, workloads } from "../../kubernetes/pods";
import { kubernetes } from "../../kubernetes/types";
import { mapAt, objectsAt, optional } from "../../read";
import { resourceRule } from "../../rule";
import { judged, notApplicable, violation } from "../../verdict";

const topologies = ["topology.kubernetes.io/zone", "kubernetes.io/hostname"] as const;

export const podTopologySpread = resourceRule({
  name: "pod-topology-spread",
  topic: "kubernetes",
  displayName: "One zone or node does not take a colour with it",
  description: "Pods of a colour, and of a data store, are spread over zones and nodes.",
  severity: "high",
  ids: ["RET-103", "STO-067", "CAS-056"],
  remediationSteps: `Declare topologySpreadConstraints over ${topologies.join(" and ")} that select the pods.`,
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
          const spread = objectsAt(workload, path).some(
            (constraint, index) =>
              constraint.topologyKey === topology &&
              constraint.maxSkew === 1 &&
              selects(workload, `${path}.${index}.labelSelector`, labels),
          );
          return spread ? [] : [violation(workload.urn, `${path} must hold ${topology} with maxSkew 1`)];
        },
      ),
    );
  },
});
