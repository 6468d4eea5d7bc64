import { colours } from "../../../runbooks/target";
import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { type ClusterSystem, colourName } from "../../kubernetes/cluster-systems";
import { colourTracksOf, declaredColours, objectNamed, sidesOf } from "../../kubernetes/declared-sides";
import { textUnder } from "../../kubernetes/objects";
import { podPath } from "../../kubernetes/pods";
import { kubernetes } from "../../kubernetes/types";
import { describe, requiredText } from "../../read";
import type { SystemView } from "../../stack-view";
import { type Finding, violation } from "../../verdict";

const releaseKey = "switchyard.dev/release-key";
const version = "switchyard.dev/version";

const parts = [
  { type: kubernetes.deployment, what: "Deployment" },
  { type: kubernetes.service, what: "Service" },
  { type: kubernetes.configMap, what: "ConfigMap" },
  { type: kubernetes.disruptionBudget, what: "PodDisruptionBudget" },
  { type: kubernetes.autoscaler, what: "HorizontalPodAutoscaler" },
] as const;

export const sideWhole = clusterRule({
  name: "side-whole",
  topic: "kubernetes",
  displayName: "A colour is there as a whole, or not at all",
  description:
    "A colour with a block in the stack file has every part of every component, made from that block; one without has none.",
  severity: "critical",
  ids: ["STO-066", "STO-067", "STO-068", "STO-244", "RET-032", "RET-060", "RET-065", "CAS-001", "CAS-056"],
  conflicts: [5],
  remediationSteps:
    "Let BlueGreen render both colours from the blocks of SYSTEM:sides; `release prepare` writes the blocks.",
  judge(system, view) {
    const declared = declaredColours(view);
    if (declared.length === 0) return [violation(view.urn, "no track names a colour that is declared")];
    return colours.flatMap((colour) =>
      declared.includes(colour) ? judgeSide(system, view, colour) : judgeAbsence(system, view, colour),
    );
  },
});

type Colour = (typeof colours)[number];

function judgeAbsence({ components }: ClusterSystem, view: SystemView, colour: Colour): readonly Finding[] {
  return components.flatMap(({ name }) =>
    parts.flatMap(({ type, what }) => {
      const object = objectNamed(view, type, colourName(name, colour));
      return object ? [violation(object.urn, `${what} of ${colour} is declared, which has no block`)] : [];
    }),
  );
}

function judgeSide(system: ClusterSystem, view: SystemView, colour: Colour): readonly Finding[] {
  const names = system.components.map(({ name }) => colourName(name, colour));
  const missing = names.flatMap((name) =>
    parts
      .filter(({ type }) => !objectNamed(view, type, name))
      .map(({ what }) => violation(view.urn, `${what} ${name} is not declared: ${colour} is not whole`)),
  );
  const keys = new Set(colourTracksOf(view).map((track) => sidesOf(track)[colour]));
  const deployments = names.flatMap((name) => objectNamed(view, kubernetes.deployment, name) ?? []);
  const versions = new Set<string>();
  const marked = judgeEach(
    deployments,
    (deployment) => deployment.urn,
    (deployment) => {
      versions.add(textUnder(deployment, "metadata.annotations", version));
      return ["metadata.annotations", podPath(deployment, "metadata.annotations")].flatMap((path) => {
        const key = textUnder(deployment, path, releaseKey);
        if (!/^sha256:[0-9a-f]{64}$/.test(key))
          return [
            violation(deployment.urn, `${path}["${releaseKey}"] must be a digest, found ${describe(key)}`),
          ];
        textUnder(deployment, path, version);
        if (keys.has(key)) return [];
        return [
          violation(deployment.urn, `${path}["${releaseKey}"] must be the key of ${colour} in its track`),
        ];
      });
    },
  );
  const told = judgeEach(
    names.flatMap((name) => objectNamed(view, kubernetes.configMap, name) ?? []),
    (map) => map.urn,
    (map) =>
      versions.has(requiredText(map, "data.APP_VERSION"))
        ? []
        : [violation(map.urn, `data.APP_VERSION must be the version of ${colour}`)],
  );
  const mixed =
    keys.size > 1 || versions.size > 1
      ? [violation(view.urn, `${colour} is made from ${Math.max(keys.size, versions.size)} versions`)]
      : [];
  return [...missing, ...marked, ...told, ...mixed];
}
