import { judgeEach } from "../../decide";
import { kubernetesBenchmark } from "../../frameworks";
import { containersOf, podMakers, podPath } from "../../kubernetes/pods";
import { listAt, objectsAt, optional } from "../../read";
import type { DeclaredResource } from "../../resource";
import { resourceRule } from "../../rule";
import { type Finding, judged, violation } from "../../verdict";

const hostSpaces = ["hostNetwork", "hostPID", "hostIPC"] as const;
/** Kinds of volume that the restricted Pod Security Standard allows. */
const volumes: ReadonlySet<string> = new Set([
  "configMap",
  "csi",
  "downwardAPI",
  "emptyDir",
  "ephemeral",
  "persistentVolumeClaim",
  "projected",
  "secret",
]);

export const podNoAddedRights = resourceRule({
  name: "pod-no-added-rights",
  topic: "kubernetes",
  displayName: "A pod stays in its own space",
  description:
    "A pod shares no namespace, port or folder with its node, adds no capability and runs nothing as user 0.",
  severity: "critical",
  ids: ["STO-057"],
  framework: kubernetesBenchmark("5.2.5"),
  remediationSteps:
    "Drop hostNetwork, hostPID, hostIPC, hostPort, hostPath, capabilities.add and runAsUser: 0 from the pod.",
  types: podMakers,
  evaluate: (maker) =>
    judged([
      ...judgeEach(
        hostSpaces,
        () => maker.urn,
        (space) => forbidden(maker, podPath(maker, `spec.${space}`), [undefined, false]),
      ),
      ...judgeEach(
        ["volumes"],
        () => maker.urn,
        () => judgeVolumes(maker),
      ),
      ...judgeEach(
        [podPath(maker, "spec"), ...containersOf(maker)],
        () => maker.urn,
        (holder) => judgeRights(maker, holder),
      ),
    ]),
});

function judgeVolumes(maker: DeclaredResource): readonly Finding[] {
  const path = podPath(maker, "spec.volumes");
  return objectsAt(maker, path).flatMap((volume, index) => {
    const kinds = Object.keys(volume).filter((key) => key !== "name");
    return kinds
      .filter((kind) => !volumes.has(kind))
      .map((kind) => violation(maker.urn, `${path}.${index} must not be of kind ${kind}`));
  });
}

function judgeRights(maker: DeclaredResource, holder: string): readonly Finding[] {
  const added = listAt(maker, `${holder}.securityContext.capabilities.add`);
  const ports = objectsAt(maker, `${holder}.ports`);
  return [
    ...(optional(maker, `${holder}.securityContext.runAsUser`) === 0
      ? [violation(maker.urn, `${holder}.securityContext.runAsUser must not be 0`)]
      : []),
    ...(added.length > 0
      ? [violation(maker.urn, `${holder}.securityContext.capabilities.add must be empty`)]
      : []),
    ...ports.flatMap((_port, index) => forbidden(maker, `${holder}.ports.${index}.hostPort`, [undefined, 0])),
  ];
}

function forbidden(maker: DeclaredResource, path: string, accepted: readonly unknown[]): readonly Finding[] {
  return accepted.includes(optional(maker, path)) ? [] : [violation(maker.urn, `${path} must not be set`)];
}
