import { colours } from "../../../runbooks/target";
import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { colourName } from "../../kubernetes/cluster-systems";
import { objectNamed } from "../../kubernetes/declared-sides";
import { textUnder } from "../../kubernetes/objects";
import { podPath } from "../../kubernetes/pods";
import { kubernetes } from "../../kubernetes/types";
import { describe } from "../../read";
import { violation } from "../../verdict";

export const componentLabels = clusterRule({
  name: "component-labels",
  topic: "kubernetes",
  displayName: "Whoever looks for a component's pods finds them",
  description:
    "The Deployment of a component's colour and its pods have the labels app, the component, and deployment, the colour, and it selects its pods by both.",
  severity: "high",
  ids: ["CAS-056"],
  conflicts: [5, 72],
  remediationSteps: "Let BlueGreen render the component; its labels are the component's name and its colour.",
  judge: ({ components }, view) =>
    judgeEach(
      components.flatMap(({ name }) =>
        colours.flatMap((colour) => {
          // That one is missing is for side-whole to say.
          const deployment = objectNamed(view, kubernetes.deployment, colourName(name, colour));
          return deployment ? [{ deployment, wanted: { app: name, deployment: colour } }] : [];
        }),
      ),
      ({ deployment }) => deployment.urn,
      ({ deployment, wanted }) =>
        ["metadata.labels", podPath(deployment, "metadata.labels"), "spec.selector.matchLabels"].flatMap(
          (path) =>
            Object.entries(wanted).flatMap(([label, value]) => {
              const found = textUnder(deployment, path, label);
              if (found === value) return [];
              return [
                violation(deployment.urn, `${path}.${label} must be ${value}, found ${describe(found)}`),
              ];
            }),
        ),
    ),
});
