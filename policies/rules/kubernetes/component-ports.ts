import { judgeEach } from "../../decide";
import { clusterRule } from "../../kubernetes/cluster-rule";
import { colourName } from "../../kubernetes/cluster-systems";
import { declaredColours, objectNamed } from "../../kubernetes/declared-sides";
import { podPath } from "../../kubernetes/pods";
import { kubernetes } from "../../kubernetes/types";
import { describe, required } from "../../read";
import { violation } from "../../verdict";

/** Of the first port of a container, by which Services name it. */
const portName = "http";

export const componentPorts = clusterRule({
  name: "component-ports",
  topic: "kubernetes",
  displayName: "Both colours listen where the runbook says",
  description:
    "The first container of every colour of a component, and its Service, have the contract's port, and the Service leads to that one.",
  severity: "high",
  ids: ["STO-067", "STO-068"],
  conflicts: [5, 59],
  remediationSteps:
    "Take the port from the contract's component; colours share it, since pods have own addresses.",
  judge: ({ components }, view) =>
    judgeEach(
      declaredColours(view).flatMap((colour) =>
        components.flatMap(({ name, port }) => [
          { name: colourName(name, colour), port, type: kubernetes.deployment },
          { name: colourName(name, colour), port, type: kubernetes.service },
        ]),
      ),
      ({ name, type }) => objectNamed(view, type, name)?.urn ?? view.urn,
      ({ name, port, type }) => {
        const object = objectNamed(view, type, name);
        // That it is missing is for side-whole to say.
        if (!object) return [];
        const wanted: readonly (readonly [path: string, ...allowed: (string | number)[]])[] =
          type === kubernetes.service
            ? [
                ["spec.ports.0.port", port],
                ["spec.ports.0.targetPort", portName, port],
              ]
            : [
                [podPath(object, "spec.containers.0.ports.0.containerPort"), port],
                [podPath(object, "spec.containers.0.ports.0.name"), portName],
              ];
        return judgeEach(
          wanted,
          () => object.urn,
          ([path, ...allowed]) => {
            const found = required(object, path);
            if (allowed.some((one) => one === found)) return [];
            return [
              violation(object.urn, `${path} must be ${allowed.join(" or ")}, found ${describe(found)}`),
            ];
          },
        );
      },
    ),
});
