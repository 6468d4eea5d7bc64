import { judgeEach } from "../../decide";
import { switchedComponent } from "../../kubernetes/cluster-systems";
import { objectName } from "../../kubernetes/objects";
import { mainContainersOf, workloads } from "../../kubernetes/pods";
import { kubernetes } from "../../kubernetes/types";
import { describe, mapAt, optional, requiredText } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

const probes = ["startupProbe", "readinessProbe", "livenessProbe"] as const;
/** An `exec` probe would start a process in a container that has a read-only root and no shell. */
const questions = ["httpGet", "tcpSocket", "grpc"] as const;

export const podProbes = resourceRule({
  name: "pod-probes",
  topic: "kubernetes",
  displayName: "A pod says whether it is ready and alive",
  description:
    "Every container that stays has a startup, a readiness and a liveness probe; a colour's ask for its contract's paths.",
  severity: "critical",
  ids: ["STO-067", "STO-068", "STO-102", "STO-104", "RET-093", "RET-094", "CAS-054", "CAS-055"],
  remediationSteps:
    "Declare startupProbe, readinessProbe and livenessProbe with httpGet on the component's health path.",
  types: workloads,
  evaluate: (workload) =>
    judged(
      judgeEach(
        mainContainersOf(workload).flatMap((container) => probes.map((probe) => `${container}.${probe}`)),
        () => workload.urn,
        (path) => judgeProbe(workload, path),
      ),
    ),
});

function judgeProbe(workload: DeclaredResource, path: string): readonly Finding[] {
  mapAt(workload, path);
  const question = questions.find((candidate) => optional(workload, `${path}.${candidate}`) !== undefined);
  if (question === undefined) return [violation(workload.urn, `${path} must ask by ${questions.join(", ")}`)];
  const component =
    workload.type === kubernetes.deployment ? switchedComponent(objectName(workload)) : undefined;
  if (!component) return [];
  const asked = requiredText(workload, `${path}.httpGet.path`);
  if (component.probePaths.includes(asked)) return [];
  const wanted = component.probePaths.join(" or ");
  return [violation(workload.urn, `${path}.httpGet.path must be ${wanted}, found ${describe(asked)}`)];
}
